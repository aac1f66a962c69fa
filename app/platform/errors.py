"""Trouble at the doors, and one table from every error to its HTTP status. Nothing here speaks HTTP itself."""

from __future__ import annotations

from gis_layers.errors import (
    ConfinedBusy,
    ConfinedCancelled,
    ConfinedTimeout,
    ConfinedTrouble,
    CoordinatesOutsideCrs,
    GisError,
    UnknownCrs,
    UnsafeDatum,
)
from risk_model.errors import InvalidAssessment, UnknownHazard, UnreadableSite


class AnzhiError(Exception):
    """Trouble at the doors; ``extra`` members go into the problem document."""

    status = 400
    title = "请求有误"
    code = "unreadable"
    """The reason as programs read it, one of ``app.http.reasons``; a single trouble may have a more precise one."""
    retry_after_s: int | None = None
    """When asking again may be answered; told in ``Retry-After``."""

    def __init__(self, detail: str, *, code: str | None = None, **extra: object) -> None:
        super().__init__(detail)
        self.code = code or type(self).code
        self.extra = extra


class NotFound(AnzhiError):
    """A request for what does not exist."""

    status, title = 404, "没有找到"
    code = "not-found"


class UnreadableHost(AnzhiError):
    """A request that names no host, more than one, or none that could be one."""

    code = "host-missing"


class ForeignHost(AnzhiError):
    """A request for a host name under which this service does not answer."""

    status, title = 421, "主机名不属于本服务"
    code = "host"


class SignInNeeded(AnzhiError):
    """Nobody is signed in and this deployment has no guests."""

    status, title = 401, "需要登录"
    code = "sign-in"


class NotAllowed(AnzhiError):
    """The role does not allow this."""

    status, title = 403, "没有权限"
    code = "role"


class NotProven(NotAllowed):
    """A request that a page of another site may have sent: nothing shows that a page of this service did."""

    title = "请求来源未证实"
    code = "origin"


class PasswordChangeNeeded(NotAllowed):
    """A one-time password opens nothing but the place where it is changed."""

    title = "请先修改密码"
    code = "password-change"


class TooManyAttempts(AnzhiError):
    """Signing in failed too often; the answer says when the next attempt is heard."""

    status, title = 429, "尝试次数过多"
    code = "attempts"


class Busy(AnzhiError):
    """The service has more to do than it can do in time; the same request may be answered a little later."""

    status, title, retry_after_s = 503, "服务繁忙", 5
    code = "busy"


class BodyTooLarge(AnzhiError):
    """A request brings more than its route takes."""

    status, title = 413, "请求内容过大"
    code = "large-body"


class BodyTooSlow(AnzhiError):
    """A request does not bring its body in time."""

    status, title = 408, "请求超时"
    code = "slow-body"


class BodyTooDeep(AnzhiError):
    """A document whose lists and objects lie too deep in one another."""

    status, title = 422, "参数有误"
    code = "depth"


class BadGeometry(AnzhiError):
    """A geometry that cannot be judged; ``location`` says where."""

    status, title = 422, "几何图形有误"
    code = "geometry"


class TooIntricate(AnzhiError):
    """A shape that holds more than its sender may hand in; ``what`` of it, how many were ``found``, and the ``most``."""

    status, title = 422, "图形过于复杂"
    code = "intricate"


class BadParameter(AnzhiError):
    """A parameter that makes no sense; ``errors`` names it."""

    status, title = 422, "参数有误"
    code = "schema"


class Stale(AnzhiError):
    """A write that saw an older state of what it changes."""

    status, title = 412, "内容已变化"
    code = "stale"


class PreconditionMissing(AnzhiError):
    """A write that does not say which state it saw."""

    status, title = 428, "缺少 If-Match"
    code = "if-match"


class TookTooLong(ConfinedTimeout):
    """The answer to one request took longer than it may, and was stopped."""


STATUS: dict[type[Exception], tuple[int, str, str]] = {
    UnreadableSite: (422, BadGeometry.title, BadGeometry.code),
    CoordinatesOutsideCrs: (422, BadGeometry.title, BadGeometry.code),
    UnknownCrs: (422, "坐标系有误", "crs"),
    UnsafeDatum: (422, "坐标系不能直接转换", "crs"),
    UnknownHazard: (404, NotFound.title, NotFound.code),
    InvalidAssessment: (422, "评估分值有误", "figures"),
    ConfinedCancelled: (503, "用时过长，已停止", "too-long"),
    TookTooLong: (503, "用时过长，已停止", "too-long"),
    ConfinedBusy: (503, "服务繁忙", Busy.code),
    ConfinedTrouble: (422, "数据有误", "intricate"),
    GisError: (422, "数据有误", "file"),
}


class QuotaReached(AnzhiError):
    """An account, or all together, keep as much as they may; ``used`` and ``quota`` say how much that is."""

    status, title = 429, "配额已满"
    code = "quota"


class LargerThanQuota(AnzhiError):
    """One file alone is more than an account may keep; ``quota`` says how much that is."""

    status, title = 413, "文件超过配额"
    code = "larger-than-quota"


class Refused(AnzhiError):
    """A request that is understood and not done; the message says why and what to do instead."""

    status, title = 409, "没有执行"
    code = "overtaken"


class RuleChangeRefused(AnzhiError):
    """A change of the rules that may not be made; ``rule``, ``field`` and ``why`` name it."""

    status, title = 422, "规则不能这样改"
    code = "rule-change"
