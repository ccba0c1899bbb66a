"""企业常备材料: what an enterprise keeps, how each stands today, and where a filing can use it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts.models import Membership
from accounts.queries import county
from approvals.models import Standing
from approvals.models.catalogue import in_page_language
from approvals.rules.standing import USABLE, StandingKind, Validity, kinds_of, validity_on

SHOWN_AFTER = timedelta(
    days=30
)  # an expired one is brought to mind so long, then its page alone says it


def standing_kinds() -> dict[str, StandingKind]:
    """Return the kinds the county names, by code."""
    return kinds_of(county().profile)


def label_of(kind: StandingKind) -> str:
    """Return the name of a kind in the language of the page."""
    return in_page_language(kind.name_zh, kind.name_en)


@dataclass(frozen=True)
class Kept:
    """The present version of a kind, with how it stands on a day."""

    kind: StandingKind
    standing: Standing
    validity: Validity

    @property
    def label(self) -> str:
        """The name of the kind in the language of the page."""
        return label_of(self.kind)

    @property
    def usable(self) -> bool:
        """Whether a filing can use it today."""
        return self.validity in USABLE and not self.standing.infected


def kept_by(by: Membership, day: date) -> list[Kept]:
    """Return what a person's enterprise keeps, the present version of each kind the county names."""
    found = Standing.objects.of(by).present().prefetch_related("files__attachment")
    return _standing_on(found, day)


def kept_of(enterprise_id: int, day: date) -> list[Kept]:
    """Return what an enterprise keeps, for the page of one of its filings."""
    found = Standing.objects.filter(enterprise_id=enterprise_id).present()
    return _standing_on(found.prefetch_related("files__attachment"), day)


def _standing_on(rows: Iterable[Standing], day: date) -> list[Kept]:
    present = {row.kind: row for row in rows}
    return [
        Kept(kind, row, validity_on(day, row.valid_from, row.valid_to, kind.remind_days))
        for code, kind in standing_kinds().items()
        if (row := present.get(code)) is not None
    ]


def to_renew(by: Membership, at: datetime) -> list[Kept]:
    """Return what ends soon or has ended lately, so that the enterprise is reminded before it is missed."""
    day = timezone.localdate(at)
    lately = [
        one
        for one in kept_by(by, day)
        if one.validity == Validity.ENDING
        or (
            one.validity == Validity.EXPIRED and day - (one.standing.valid_to or day) <= SHOWN_AFTER
        )
    ]
    return sorted(lately, key=lambda one: one.standing.valid_to or day)
