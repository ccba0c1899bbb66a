"""Guessing is slowed: who fails too often, or at one thing too often, waits; a right word in that time waits too."""

import hashlib
import logging
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

log = logging.getLogger("chengnuo.tries")

HALL = 30  # visitors of a hall whose failures count as one address's; the bound at one thing stays as it is
HOUSE = 64  # bits of an IPv6 address that are a household's; the rest its own machines choose


class TooManyTries(Exception):
    """Too many have failed; `said` tells until when nothing is looked up, `wait` the seconds (429)."""

    def __init__(self, until: datetime, at: datetime) -> None:
        super().__init__(until)
        self.until = until
        self.wait = max(1, math.ceil((until - at).total_seconds()))

    @property
    def said(self) -> str:
        """The sentence for the person."""
        until = timezone.localtime(self.until)
        return _("输错的次数太多：%(until)s以后再查，在此之前填对了也不答复。") % {
            "until": f"{until:%Y-%m-%d %H:%M:%S}"
        }


def origin_of(request: HttpRequest) -> str:
    """Return from where a request comes, a household's IPv6 addresses as one.

    Behind the county's proxy with TLS it is what the proxy itself has added last; what a caller wrote before it counts
    for nothing, and neither does the header where no proxy is said to stand.
    """
    seen = str(request.META.get("REMOTE_ADDR", ""))
    if settings.HTTPS and (told := request.META.get("HTTP_X_FORWARDED_FOR", "")):
        seen = told.rpartition(",")[2].strip()
    try:
        found = ip_address(seen)
    except ValueError:
        return "unknown"
    house = found.version == 6  # noqa: PLR2004 - the name of the protocol
    return str(ip_network(f"{found}/{HOUSE}", strict=False)) if house else str(found)


@dataclass(frozen=True)
class Tries:
    """How often one may fail: in a row with less than `wait` between two, from one address and at one thing.

    The count is the cache's, which all processes share. Two that fail at the same instant may count as one: against
    secrets drawn by chance that changes nothing. `at_one` is more than `from_one`, so that a single address is shut
    out before it can shut out whoever holds the thing's secret.
    """

    name: str
    from_one: int
    at_one: int
    wait: timedelta

    def admit(self, origin: str, thing: str, *, at: datetime) -> None:
        """Let a try through; raise TooManyTries where the address or the thing has been failed at too often."""
        bounds = self._bounds(origin, thing)
        kept = cache.get_many(bounds)
        shut = [
            until for key, (count, until) in kept.items() if count >= bounds[key] and at < until
        ]
        if shut:
            raise TooManyTries(max(shut), at)

    def failed(self, origin: str, thing: str, *, at: datetime) -> None:
        """Count a failure; the one that reaches a bound is written into the log, for the administrator."""
        until = at + self.wait
        for key, most in self._bounds(origin, thing).items():
            count, running = cache.get(key, (0, at))
            count = count + 1 if at < running else 1
            cache.set(key, (count, until), self.wait.total_seconds())
            if count == most:
                log.warning(
                    "%s: %d wrong in a row, the last from %s at %s; refused until %s",
                    self.name, count, origin, thing, until.isoformat(),
                )  # fmt: skip

    def _bounds(self, origin: str, thing: str) -> dict[str, int]:
        of_all = HALL if origin in settings.HALL_ADDRESSES else 1
        return {
            self._key("from", origin): self.from_one * of_all,
            self._key("at", thing): self.at_one,
        }

    def _key(self, kind: str, what: str) -> str:
        digest = hashlib.sha256(what.encode()).hexdigest()
        return f"tries:{self.name}:{kind}:{digest}"
