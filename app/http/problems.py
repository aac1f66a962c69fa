"""Every error leaves as a problem document (RFC 9457), or as a page where a person asked for one."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from psycopg2.errors import QueryCanceled
from sqlalchemy.exc import OperationalError, ProgrammingError, SQLAlchemyError
from starlette.exceptions import HTTPException

from app.http.error_pages import trouble_page, wants_page
from app.http.field_errors import field_message
from app.http.i18n import FOR_PROGRAMS, LANGUAGES, answer_in_language, chosen_language, in_language
from app.http.reasons import SCHEMA, TYPE
from app.platform.concealment import concealed
from app.platform.deployment import data_folders
from app.platform.errors import STATUS, AnzhiError, BadParameter, NotFound, PasswordChangeNeeded, Refused, SignInNeeded
from gis_layers.database import SchemaAhead, SchemaWatch, first_line, is_lost, prompt_engine
from gis_layers.disk import full_folders, says_disk_is_full, says_server_disk_is_full
from gis_layers.errors import AmbiguousLayer
from gis_layers.stores.refusals import REFUSING, RefusedByDatabase, explain
from risk_model.message import msg

log = logging.getLogger(__name__)

DATABASE_GONE = "数据库没有回应；请稍后重试，或由管理员运行 anzhi doctor 查看原因"
RETRY_AFTER_S = 5
FAILED = "failed"
"""The code of what is nobody's fault but the service's."""
BY_STATUS = {400: "unreadable", 404: "not-found", 405: "method", 413: "large-body"}
"""Of what the web framework itself refuses."""
REFUSED_BY_FRAMEWORK = {
    404: "没有这个地址；请核对后重试",
    405: "这个地址不接受这种请求方法；请查看接口说明（/openapi.json）",
    413: "请求内容过大（{reason}）；请减少后重试",
}
"""What is said of it, where its own English word (``reason``) says nothing more."""
UNREADABLE = "请求无法读取（{reason}）；请检查格式后重试"
TOO_LONG = "用时过长，已停止"
STOPPED = "这项请求用时超过上限，已停止，没有保存任何内容；请缩小范围后重试"
MIGRATED = "数据库已由更新版本的程序升级，本服务已停止读写；请管理员用新版本重新启动服务"
NOTHING_SAVED = "没有保存任何内容；请重试，仍出错时请把时间告诉管理员查日志"


def problem(
    request: Request, status: int, title: str, detail: str, *, code: str = FAILED, **extra: object
) -> JSONResponse:
    """A problem document in the language of whoever asks; ``code`` is its reason as programs read it."""
    language = chosen_language(request)
    told = {"title": in_language(title, language), "status": status, "detail": concealed(in_language(detail, language))}
    body = {"type": f"{TYPE}{code}", **told, "code": code, **answer_in_language(extra, language)}
    headers = {"Content-Language": LANGUAGES[language], "Vary": "Accept-Language, Cookie"}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def error_response(
    request: Request, status: int, title: str, detail: str, *, code: str = FAILED, **extra: object
) -> Response:
    """A page for whoever opened an address in a browser, a problem document for everybody else."""
    if _is_page(request) and wants_page(request):
        return trouble_page(request, status, detail, title)
    return problem(request, status, title, detail, code=code, **extra)


def refuse(request: Request, error: AnzhiError) -> Response:
    """The answer to trouble that is found before any route is asked."""
    answer = error_response(request, error.status, error.title, str(error), code=error.code, **error.extra)
    return _with_wait(answer, error.retry_after_s)


def _with_wait(answer: Response, wait_s: int | None) -> Response:
    if wait_s is not None:
        answer.headers["Retry-After"] = str(wait_s)
    return answer


def install(app: FastAPI) -> None:
    """Register the handlers on ``app``."""
    for kind, (status, title, code) in STATUS.items():
        app.add_exception_handler(kind, _answer_with(status, title, code))
    app.add_exception_handler(AnzhiError, _answer_own)
    app.add_exception_handler(RequestValidationError, _answer_invalid)
    app.add_exception_handler(HTTPException, _answer_http)
    for kind in (*REFUSING, RefusedByDatabase):
        app.add_exception_handler(kind, _answer_database)
    app.add_exception_handler(SchemaAhead, _answer_ahead)
    app.add_exception_handler(OSError, _answer_unexpected)
    app.add_exception_handler(Exception, _answer_unexpected)


def _answer_with(status: int, title: str, code: str) -> Callable[[Request, Exception], Response]:
    def answer(request: Request, error: Exception) -> Response:
        if says_disk_is_full(error):
            return _answer_disk_full(request, error)
        more = {"layers": list(error.layers)} if isinstance(error, AmbiguousLayer) else {}
        answer = error_response(request, status, title, str(error), code=code, **more)
        return _with_wait(answer, RETRY_AFTER_S if status == 503 else None)

    return answer


def _is_page(request: Request) -> bool:
    """Whether a person asked, who is better served by a form than by a document."""
    asked_by_program = request.url.path.startswith(FOR_PROGRAMS) or "authorization" in request.headers
    return not asked_by_program


def _way_in(request: Request, error: Exception) -> str:
    if isinstance(error, PasswordChangeNeeded):
        return "/account"
    if request.method != "GET":
        return "/sign-in"
    try:
        shown = urlsplit(request.headers.get("hx-current-url", str(request.url)))
    except ValueError:  # a header may say anything
        shown = urlsplit(request.url.path)
    wanted = shown.path + (f"?{shown.query}" if shown.query else "")
    language = request.query_params.get("lang")
    return f"/sign-in?{urlencode({'next': wanted, **({'lang': language} if language else {})})}"


def _answer_own(request: Request, error: Exception) -> Response:
    assert isinstance(error, AnzhiError)
    if isinstance(error, SignInNeeded | PasswordChangeNeeded) and _is_page(request):
        if "hx-request" in request.headers:  # a piece of a page cannot become the way in: the whole page goes there
            return Response(status_code=401, headers={"HX-Redirect": _way_in(request, error)})
        return RedirectResponse(_way_in(request, error), 303)
    return refuse(request, error)


def _answer_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = [{"field": ".".join(map(str, item["loc"])), "message": field_message(item)} for item in error.errors()]
    where = [item["field"] for item in errors]
    said_so = msg("请改正这些字段后重试：{fields}", fields=where)
    return error_response(request, 422, BadParameter.title, said_so, code=_reason_of(error), errors=errors)


def _reason_of(error: RequestValidationError) -> str:
    """The reason of fields that a schema could not have refused; where any of them could, that is what is wrong."""
    reasons = {getattr(item.get("ctx", {}).get("error"), "code", SCHEMA) for item in error.errors()}
    return SCHEMA if SCHEMA in reasons else str(min(reasons))


def _answer_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if says_disk_is_full(error):  # a body that found no room says of itself only that it could not be read
        return _answer_disk_full(request, error)
    title = NotFound.title if error.status_code == 404 else AnzhiError.title
    said = REFUSED_BY_FRAMEWORK.get(error.status_code, UNREADABLE)
    code = BY_STATUS.get(error.status_code, FAILED)
    return error_response(request, error.status_code, title, msg(said, reason=error.detail), code=code)


def _answer_ahead(request: Request, error: Exception) -> Response:
    """503: a newer program migrated the database while this one ran."""
    log.error("%s", error)
    return _with_wait(error_response(request, 503, "服务等待更新", MIGRATED, code="migrated"), RETRY_AFTER_S)


def _answer_database(request: Request, error: Exception) -> Response:
    """503 where the database is away or stopped what took too long, the field where it refused what was written; all else is the program's fault."""
    if says_disk_is_full(error):
        return _answer_disk_full(request, error)
    if is_lost(error) or isinstance(error, OperationalError):
        log.error("database: %s", first_line(error))
        if isinstance(error, OperationalError) and isinstance(error.orig, QueryCanceled):
            return error_response(request, 503, TOO_LONG, STOPPED, code="too-long")
        return _with_wait(error_response(request, 503, "数据库暂不可用", DATABASE_GONE, code="database"), RETRY_AFTER_S)
    refusal = error.refusal if isinstance(error, RefusedByDatabase) else explain(error)
    if refusal is None and isinstance(error, ProgrammingError) and _is_ahead(request):
        return _answer_ahead(request, error)
    if refusal is None:
        return _answer_unexpected(request, error)
    log.info("the database refused what %s wrote: %s", request.url.path, first_line(error))
    kind = Refused if refusal.conflict else BadParameter
    named = {"errors": [{"field": refusal.field, "message": refusal.message}]} if refusal.field else {}
    return error_response(request, kind.status, kind.title, str(RefusedByDatabase(refusal)), code=refusal.code, **named)


def _is_ahead(request: Request) -> bool:
    """Whether a statement failed because a newer program changed what it speaks of, a moment ago."""
    try:
        with prompt_engine(request.app.state.deployment.url).connect() as connection:
            SchemaWatch().look(connection)
    except SchemaAhead:
        return True
    except SQLAlchemyError:
        pass
    return False


def _answer_disk_full(request: Request, error: Exception) -> Response:
    """507: whatever was begun is taken back; which folder has no room is what the administrator needs to know."""
    settings = request.app.state.deployment.settings
    folders = data_folders(settings)
    if says_server_disk_is_full(error):
        full = [str(folders[0])] if not settings.database_url else [msg("数据库服务器")]
    else:
        full = [str(folder) for folder in full_folders(*folders)] or [tempfile.gettempdir(), *map(str, folders)]
    log.error("the disk is full (%s): %s", ", ".join(full), first_line(error))
    return error_response(
        request,
        507,
        "磁盘空间不足",
        msg("磁盘已满（{folders}）；没有保存任何内容，请管理员腾出至少 200 MB 空间后重试", folders=full),
        code="disk-full",
    )


def _answer_unexpected(request: Request, error: Exception) -> Response:
    if says_disk_is_full(error):
        return _answer_disk_full(request, error)
    log.error("unexpected error on %s", request.url.path, exc_info=error)
    return error_response(request, 500, "服务内部错误", NOTHING_SAVED)
