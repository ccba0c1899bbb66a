"""Every limit that is no slot's, with what was done in it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from approvals.models import ChecklistItem, Gap
from approvals.rules.limits import GAP, GAP_SUSPENDED, SIGN, SIGN_AFTER_REMINDER
from approvals.stages import GapState
from core.deadlines.models import timed_models
from core.deadlines.rules import RULES, Silence
from desk.queries.what_if.breaks import Broken
from desk.rules.what_if.facts import LimitFacts, NoticeFacts
from desk.rules.what_if.numbers import UNBROKEN, Edition
from prereview.models import MakeUp, Slot
from public_notice.models import Notice, Objection
from public_notice.stages import NoticeStage

# What silence does by itself at the end of a limit: there nobody acted.
BY_ITSELF = (
    Silence.RETURNED, Silence.LAPSED, Silence.REMINDED, Silence.DEEMED_ACCEPTED, Silence.CLOSES,
    Silence.UNHEARD,
)  # fmt: skip
APART = (Slot, Notice, Gap, MakeUp)
OF_A_NOTICE = (
    "filing_id", "pk", "published_at", "length", "unit", "due_at", "closed_at", "stage",
)  # fmt: skip
COLUMNS = ("pk", "book_id", "rule", "started_at", "length", "unit", "due_at", "ended_at")


@dataclass
class Limits:
    """By book: the limits, the start of each, and when its gaps were closed."""

    of_book: dict[int, list[LimitFacts]] = field(default_factory=lambda: defaultdict(list))
    starts: dict[int, list[tuple[str, datetime]]] = field(default_factory=lambda: defaultdict(list))
    gaps_closed: dict[int, list[datetime | None]] = field(default_factory=lambda: defaultdict(list))


def limits_of(editions: Sequence[Edition], broken: Broken) -> Limits:
    """Return the limits of all books; one query a table."""
    made = Limits()
    for model in timed_models():
        if model in APART:
            continue
        rows = model._default_manager.exclude(started_at=None).order_by("started_at", "pk")
        for row in rows.values(*COLUMNS):
            made.starts[row["book_id"]].append((row["rule"], row["started_at"]))
            one = _plain(str(model._meta.model_name), row)
            made.of_book[row["book_id"]].append(_broken(one, model, broken))
    for book, found in made.of_book.items():
        made.of_book[book] = _reminded(found)
    _make_ups(made, broken)
    _gaps(made, editions, broken)
    return made


def _plain(table: str, row: dict[str, Any], **more: Any) -> LimitFacts:
    ended, due = row["ended_at"], row["due_at"]
    silent = ended is not None and ended == due and RULES[row["rule"]].silence in BY_ITSELF
    return LimitFacts(
        table=table, pk=row["pk"], rule=row["rule"], started_at=row["started_at"], length=row["length"],
        unit=row["unit"], due_at=due, ended_at=ended, acted_at=None if silent else ended, **more,
    )  # fmt: skip


def _reminded(found: list[LimitFacts]) -> list[LimitFacts]:
    """Join the limit after the reminder to the one whose silence began it: one way to sign, in two parts."""
    after = {one.started_at: one for one in found if one.rule == SIGN_AFTER_REMINDER.code}
    joined = []
    for one in found:
        second = after.get(one.due_at) if one.rule == SIGN.code and one.due_at else None
        if second is not None:
            joined.append(_as_one(one, second))
        elif one.rule != SIGN_AFTER_REMINDER.code:
            joined.append(one)
    return joined


def _as_one(first: LimitFacts, second: LimitFacts) -> LimitFacts:
    return replace(
        first, due_at=second.due_at, ended_at=second.ended_at, acted_at=second.acted_at, second=second.length,
    )  # fmt: skip


def _make_ups(made: Limits, broken: Broken) -> None:
    rows = MakeUp.objects.exclude(started_at=None).order_by("pk")
    for row in rows.values(*COLUMNS, "slot_id", "slot__department__code"):
        department = row["slot__department__code"]
        one = _plain("makeup", row, slot=row["slot_id"], department=department)
        made.of_book[row["book_id"]].append(_broken(one, MakeUp, broken))


def _broken(one: LimitFacts, model: type[Any], broken: Broken) -> LimitFacts:
    runs = broken.of(model, one.pk, one.started_at)
    return replace(one, breaks=runs.get(one.started_at, UNBROKEN)) if runs else one


def _gaps(made: Limits, editions: Sequence[Edition], broken: Broken) -> None:
    promised = _promised()
    pinned = {edition.pk: edition.numbers for edition in editions}
    rows = Gap.objects.exclude(started_at=None).order_by("pk")
    for row in rows.values(
        *COLUMNS, "filing_id", "filing__rulebook_id", "state", "closed_at", "deemed", "promised_at",
        "told_again_at", "material__name", "material__handed_in_at", "material__item_codes",
    ):  # fmt: skip
        made.gaps_closed[row["book_id"]].append(row["closed_at"])
        codes = row["material__item_codes"]
        days = [n for code in codes if (n := promised.get((row["filing_id"], code)))]
        first = pinned.get(row["filing__rulebook_id"], {}).get(GAP.code)
        one = _gap(row, min(days, default=None), first.length if first else None)
        stopped = bool(broken.of(Gap, row["pk"], row["started_at"]))
        made.of_book[row["book_id"]].append(replace(one, follows=one.follows and not stopped))


def _gap(row: dict[str, Any], cap: int | None, first: int | None) -> LimitFacts:
    second = row["rule"] == GAP_SUSPENDED.code
    supplied = row["state"] in (GapState.SUPPLIED, GapState.CLOSED)
    acted = row["material__handed_in_at"] if supplied else None
    if row["state"] in (GapState.OPEN, GapState.DROPPED) and row["ended_at"]:
        acted = row["ended_at"]  # the case left the road
    one = _plain(
        "gap", row, subject=row["material__name"], of_items=tuple(row["material__item_codes"])
    )
    if row["deemed"] or row["told_again_at"] or row["promised_at"] is None or first is None:
        return replace(one, follows=False)
    return replace(
        one, rule=GAP.code, started_at=row["promised_at"], length=first, acted_at=acted, cap=cap,
        second=row["length"] if second else None,
    )  # fmt: skip


def _promised() -> dict[tuple[int, str], int | None]:
    rows = ChecklistItem.objects.exclude(item__promised_days=None)
    return {
        (filing, code): days
        for filing, code, days in rows.values_list("filing_id", "code", "item__promised_days")
    }


def notices() -> dict[int, list[NoticeFacts]]:
    """Return by filing its notices with the instants of their objections; two queries."""
    objected: dict[int, list[datetime]] = defaultdict(list)
    for notice, at in Objection.objects.values_list("notice_id", "received_at"):
        objected[notice].append(at)
    found: dict[int, list[NoticeFacts]] = defaultdict(list)
    for row in Notice.objects.order_by("published_at", "pk").values(*OF_A_NOTICE):
        clean = row.pop("stage") == NoticeStage.CLEAN
        objections = tuple(objected[row["pk"]])
        filing = row.pop("filing_id")
        found[filing].append(NoticeFacts(**row, clean=clean, objections=objections))
    return found
