"""A gateway for SMS, WeCom or DingTalk: one signed POST per letter, to the one address that the operator set.

Off by default. The address never comes from data; it must be https (http on this machine alone), its host must stand
in CHENGNUO_WEBHOOK_HOSTS, redirects are not followed and proxies of the environment are not used.
"""

import hashlib
import hmac
import json
import re
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Self
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from core.notify.services.refusals import Away, Refused

HERE = ("localhost", "127.0.0.1", "::1")
FIELDS = ("id", "to", "phone", "subject", "link")
FIELD = re.compile(r"\{(\w*)\}")
LEAST_SECRET = 16
MOST_ANSWER = 1 << 16
TRIED_AGAIN = (401, 403, 408, 425, 429)  # of 4xx: the operator mends it, or it passes


@dataclass(frozen=True)
class Gateway:
    """Where letters go, with what secret they are signed and in what shape they come."""

    url: SplitResult
    secret: str
    shape: Any
    timeout: float

    @classmethod
    def of_settings(cls) -> Self:
        """Return the gateway that the operator set; raise Away where the settings are not safe."""
        if faults := list(faults_of_settings()):
            raise Away("；".join(faults))
        return cls(
            urlsplit(settings.WEBHOOK_URL),
            settings.WEBHOOK_SECRET,
            json.loads(settings.WEBHOOK_BODY),
            settings.WEBHOOK_TIMEOUT,
        )

    @staticmethod
    def wants_phone() -> bool:
        """Whether the shape names people by their telephone number."""
        return "{phone}" in settings.WEBHOOK_BODY

    def post(self, token: str, said: Mapping[str, str]) -> None:
        """Post one letter; `token` is the same each time it is tried. Raises Refused, Away, or what went wrong."""
        body = json.dumps(filled(self.shape, {**said, "id": token}), ensure_ascii=False).encode()
        stamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "X-Chengnuo-Id": token,
            "X-Chengnuo-Timestamp": stamp,
            "X-Chengnuo-Signature": f"v1={signature(self.secret, stamp, body)}",
        }
        try:
            with closing(self._connection()) as connection:
                connection.request("POST", self._target(), body, headers)
                answer = connection.getresponse()
                _judge(answer.status, answer.read(MOST_ANSWER))
        except (OSError, HTTPException) as error:
            raise Away(str(error) or type(error).__name__) from error

    def _connection(self) -> HTTPConnection:
        host, port = self.url.hostname or "", self.url.port
        if self.url.scheme == "http":
            return HTTPConnection(host, port, timeout=self.timeout)
        trust = ssl.create_default_context()
        return HTTPSConnection(host, port, timeout=self.timeout, context=trust)

    def _target(self) -> str:
        return (self.url.path or "/") + (f"?{self.url.query}" if self.url.query else "")


def signature(secret: str, stamp: str, body: bytes) -> str:
    """Return HMAC-SHA256 over `timestamp.body`, in hex: the gateway compares it and refuses an old timestamp."""
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def filled(shape: Any, said: Mapping[str, str]) -> Any:
    """Put the fields into the texts of a shape, never into its structure: what is said cannot break out of it."""
    if isinstance(shape, dict):
        return {key: filled(value, said) for key, value in shape.items()}
    if isinstance(shape, list):
        return [filled(value, said) for value in shape]
    if isinstance(shape, str):
        return FIELD.sub(lambda found: said[found[1]], shape)
    return shape


def _judge(status: int, answer: bytes) -> None:
    """Take 2xx for an answer; WeCom and DingTalk say in `errcode` of a 200 that they took nothing."""
    if 200 <= status < 300:  # noqa: PLR2004 - the class of success
        if code := _errcode(answer):
            raise RuntimeError(_("网关返回错误 %(code)s") % {"code": code})
        return
    said = _("网关答复 HTTP %(status)s") % {"status": status}
    if 400 <= status < 500 and status not in TRIED_AGAIN:  # noqa: PLR2004 - the letter's own fault
        raise Refused(said)
    raise RuntimeError(said)


def _errcode(answer: bytes) -> Any:
    try:
        said = json.loads(answer)
    except ValueError:
        return None
    return said.get("errcode") if isinstance(said, dict) else None


def faults_of_settings() -> Iterator[str]:
    """Yield what is wrong with the gateway's settings, a sentence each; nothing where there is no gateway."""
    if not settings.WEBHOOK_URL:
        return
    url = urlsplit(settings.WEBHOOK_URL)
    if url.scheme != "https" and not (url.scheme == "http" and url.hostname in HERE):
        yield _("CHENGNUO_WEBHOOK_URL 应以 https:// 开头（仅本机可用 http://）")
    if url.username or url.password:
        yield _("CHENGNUO_WEBHOOK_URL 不得带用户名和密码")
    if url.hostname not in settings.WEBHOOK_HOSTS:
        yield _("CHENGNUO_WEBHOOK_HOSTS 没有列出网关的主机名")
    if len(settings.WEBHOOK_SECRET) < LEAST_SECRET:
        yield _("CHENGNUO_WEBHOOK_SECRET 至少%(least)s个字符") % {"least": LEAST_SECRET}
    yield from _faults_of_shape()


def _faults_of_shape() -> Iterator[str]:
    try:
        shape = json.loads(settings.WEBHOOK_BODY)
    except ValueError:
        shape = None
    if not isinstance(shape, dict):
        yield _("CHENGNUO_WEBHOOK_BODY 应为一个 JSON 对象")
    for name in sorted(set(FIELD.findall(settings.WEBHOOK_BODY)) - {*FIELDS}):
        yield _("CHENGNUO_WEBHOOK_BODY 不认识的字段 {%(name)s}") % {"name": name}
