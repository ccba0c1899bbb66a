"""The pages of errors that stand alone: they ask nothing of the database or of the rest of the site."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
PIECE = 1 << 16


def page(request: HttpRequest, status: int, title: str, *said: str) -> HttpResponse:
    """Return a page of one title and some sentences, in the reader's language, with the way to the other one."""
    asked = request.method == "GET" and status != HTTPStatus.INTERNAL_SERVER_ERROR
    again = request.get_full_path() if asked else "/"
    context = {"title": title, "said": said, "token": get_token(request), "again": again}
    text = render_to_string("error.html", context)
    return HttpResponse(text, status=status)


def drain(request: HttpRequest) -> None:
    """Read what is left of a body that was refused half way, or the reader sees a broken connection."""
    left = settings.REQUEST_MAX_BYTES
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) <= left:
            while request.read(PIECE):
                pass
    except (UnreadablePostError, OSError, ValueError):
        return  # nobody is there to be answered


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Say that the request cannot be read (400), or that it is larger than anything the site takes (413)."""
    drain(request)
    if isinstance(exception, TOO_LARGE):
        return page(
            request,
            413,
            _("内容太大"),
            _("一次提交的内容超过了系统能接收的大小，什么都没有保存。"),
            _("请把文件压缩或者拆分，分几次上传；每个文件不超过%(most)s MB。")
            % {"most": settings.UPLOAD_MAX_BYTES >> 20},
        )
    return page(
        request,
        400,
        _("请求无法读取"),
        _("收到的内容不完整或者写法不对，什么都没有改变。"),
        _("请返回上一页，刷新后再试；从别处复制来的网址，请核对是否抄全。"),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that a form comes from a page that is no longer valid (403)."""
    drain(request)
    return page(
        request,
        403,
        _("页面已经失效"),
        _("为防止他人冒用您的身份，这次提交没有办理，什么都没有改变。"),
        _("请返回上一页，刷新后再提交；仍不行的，请允许浏览器保存本站的 Cookie，或者重新登录。"),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that the site has failed (500)."""
    return page(
        request,
        500,
        _("系统出错"),
        _(
            "您刚才的操作没有办成，已有的内容没有改变。请稍后再试；再次出错的，请告诉县管理员出错的时间。"
        ),
    )
