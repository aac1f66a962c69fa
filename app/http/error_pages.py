"""Page for a person where something went wrong: one that needs neither database nor script."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import Request
from fastapi.responses import HTMLResponse

from app.http.templates import render
from app.middleware.origins import READING

ADVICE = {
    400: ("请求没有写明主机名", "请检查网址；经由代理访问时，请管理员检查代理的设置。"),
    401: ("需要登录", "请先登录，再打开这一页。"),
    403: ("没有权限", "当前身份不能打开这一页；需要时请向本单位管理员申请。"),
    404: ("没有找到这一页", "这个地址下没有内容；它可能写错了，也可能已经不在。"),
    405: ("不能这样打开", "这个地址不能直接打开；请从页面上的按钮进入。"),
    421: ("主机名不属于本服务", "请打开本服务自己的网址。"),
    422: ("地址里有参数不对", "请检查地址后重试，或从下面的页面重新开始。"),
    500: ("服务内部错误", "没有保存任何内容；请重试，仍出错时请把时间告诉管理员查日志。"),
    507: ("磁盘空间不足", "没有保存任何内容；请管理员腾出磁盘空间后重试。"),
    503: ("数据库暂不可用", "数据库没有回应；请稍后重试，或由管理员运行 anzhi doctor 查看原因。"),
}
"""A title and what to do, for a person; the problem document keeps the words for programs."""

WAYS = {
    401: ("/sign-in", "登录"),
    403: ("/account", "查看当前身份"),
    404: ("/registers", "到台账里查找"),
    422: ("/registers", "到台账里查找"),
}
"""What leads on soonest, by status: an address and what its button says."""

WORTH_ANOTHER_TRY = (408, 429, 500, 503, 507)
"""Statuses that may be gone when the same page is opened again."""

TELLING = (403, 404, 408, 409, 413, 421, 422, 507)
"""Statuses whose message names what was asked for; of the others the advice says all a reader can use."""

PASSING = {
    "服务繁忙": ("服务繁忙", "现在请求太多；请稍等几秒，再重新打开这一页。"),
    "用时过长，已停止": ("用时过长，已停止", "这一页用时超过上限；请缩小范围后重试。"),
}
"""What else is answered 503, by the title of the trouble."""

OTHERWISE = ("请求没有完成", "请回到上一页重试。")


def wants_page(request: Request) -> bool:
    """Whether the answer should be a whole page: the client names HTML, and is neither a program nor part of a page."""
    accepted = [part.partition(";")[0].strip() for part in request.headers.get("accept", "").split(",")]
    return "text/html" in accepted and not {"authorization", "hx-request"} & set(request.headers.keys())


def trouble_page(request: Request, status: int, detail: str, trouble: str = "") -> HTMLResponse:
    """The page of an error in the reader's language, with ``detail`` where it tells what was asked for."""
    title, advice = PASSING.get(trouble) or ADVICE.get(status, OTHERWISE)
    told = detail if status in TELLING and detail != HTTPStatus(status).phrase else ""
    again = status in WORTH_ANOTHER_TRY and request.method in READING
    way = None if again else WAYS.get(status)
    answer = render(
        request, "trouble.html", status=status, title=title, advice=advice, detail=told, again=again, way=way
    )
    answer.status_code = status
    return answer
