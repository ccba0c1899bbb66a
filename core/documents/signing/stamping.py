"""时间戳: the client of a time stamp authority (RFC 3161) at the one address that the administrator has set."""

import logging
from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from asn1crypto import tsp
from django.conf import settings
from django.utils.translation import gettext as _
from pyhanko.sign.timestamps import TimeStamper

from core.documents.signing.certificate import CannotSign

log = logging.getLogger("chengnuo.signing")
MOST = 1 << 16
TYPES = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}


def stamper() -> TimeStamper | None:
    """Return what asks the authority for stamps, as pyHanko wants it; None where no authority was set."""
    if not settings.SIGNING_TSA:
        return None
    return Stamper()


class Stamper(TimeStamper):
    """Asks over HTTP; no redirect is followed and no proxy of the environment used."""

    async def async_request_tsa_response(self, req: Any) -> Any:
        """Return the authority's answer to a question."""
        return tsp.TimeStampResp.load(answer_of(settings.SIGNING_TSA, req.dump()))


def answer_of(url: str, request: bytes) -> bytes:
    """Return what the authority answers; raise CannotSign where it does not."""
    place = urlsplit(url)
    kind = HTTPSConnection if place.scheme == "https" else HTTPConnection
    to = kind(place.hostname or "", place.port, timeout=settings.SIGNING_TSA_TIMEOUT)
    try:
        with closing(to) as line:
            line.request("POST", place.path or "/", request, TYPES)
            answer = line.getresponse()
            said = answer.read(MOST)
    except (OSError, HTTPException) as error:
        raise away(error) from error
    if answer.status != 200:  # noqa: PLR2004 - the one success there is
        raise away(f"HTTP {answer.status}")
    return said


def away(why: object) -> CannotSign:
    """Return the refusal of a signature whose time nobody attests."""
    log.warning("the time stamp authority did not answer: %s", why)
    said = _(
        "时间戳服务没有给出有效的答复，这次没有签名，什么都没有改变。请过一会儿再签；急用的，先办理盖章扫描件。"
    )
    return CannotSign(said)
