"""What happened to a notice beside its words: versions, days that do not count, decisions, posting, checkpoint."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, F, Max, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from approvals.models import Filing
from core.deadlines.counting import keep_interruptions
from core.deadlines.models import Extension, RulebookEdition, Suspension
from core.ledger.models import Book, Checkpoint, Entry, Span
from core.together import Together
from public_notice.models import Hit, LostDay, Notice, Objection, Posting, Proposal
from public_notice.queries import in_public
from public_notice.queries.corrected import in_data
from public_notice.rules.gate import mask, words_in_public
from public_notice.rules.withheld import without
from public_notice.stages import NoticeStage, ProposalState, Shown

NEWEST_RULES = (
    20  # editions, among which is the one in force: hardly more are written for days to come
)
PUBLISHED = "publish_notice"  # as the ledger names the act
VERSION = ("pk", "public_id", "paper__number", "starts_on", "ends_on", "stage", "end_reason")


class Watched(NamedTuple):
    """How often a page was checked, how often it was whole, and when last."""

    checks: int
    good: int
    last: datetime | None


def _checks(key: int) -> QuerySet[Any]:
    good = Count("pk", filter=Q(shown=Shown.WHOLE))
    found = Hit.objects.filter(notice=key).order_by().values("notice")
    return found.annotate(checks=Count("pk"), good=good, last=Max("at")).values_list(
        "checks", "good", "last"
    )


def _hung(key: int) -> QuerySet[Posting]:
    hung = Posting.objects.filter(notice=key).select_related("photo")
    return hung.only("place", "posted_on", "seen_on", "photo__sha256")


def _published(filing: int) -> QuerySet[Any]:
    found = Notice.objects.filter(filing=filing).order_by("published_at", "pk")
    return found.values_list(*VERSION)


def _granted(key: int) -> QuerySet[Proposal]:
    people = ("asked_by__organisation", "decided_by__organisation", "objection", "lost_day")
    told = (
        "kind", "reason", "decided_at", "asked_by__organisation__name",
        "asked_by__organisation__name_en", "decided_by__organisation__name",
        "decided_by__organisation__name_en", "objection__name", "objection__contact", "objection__number",
        "objection__withheld", "lost_day__day",
    )  # fmt: skip
    found = Proposal.objects.filter(notice=key, state=ProposalState.GRANTED)
    return found.select_related(*people).only(*told)


def _covering(key: int, book: int) -> QuerySet[Checkpoint]:
    """The same as `anchored()` of the publication, as one question."""
    said = Notice.objects.filter(pk=key).values("public_id")[:1]
    entries = Entry.objects.filter(book=book, act=PUBLISHED, payload__contains=Subquery(said))
    place = Subquery(entries.order_by("sequence").values("sequence")[:1])
    code = Subquery(Book.objects.filter(pk=book).values("code")[:1])
    span = Span.objects.filter(code=code, first__lte=place, last__gte=place)
    start = span.order_by("start").values_list(F("start") + place - F("first"))[:1]
    return Checkpoint.objects.filter(size__gt=Subquery(start)).order_by("number")[:1]


def _stops(book: int) -> QuerySet[Suspension]:
    found = Suspension.objects.filter(book=book).select_related("by__organisation")
    office = ("by__organisation__name", "by__organisation__name_en")
    return found.only("table", "row", "run_from", "kind", "since", "until", *office)


def _longer(book: int) -> QuerySet[Extension]:
    found = Extension.objects.filter(book=book, taken_back_at=None).order_by("turn")
    return found.only("table", "row", "run_from", "days")


def _rulebooks() -> QuerySet[RulebookEdition]:
    return RulebookEdition.objects.order_by("-number")[:NEWEST_RULES]


def in_force(found: Iterable[RulebookEdition], at: datetime) -> RulebookEdition | None:
    """Return the rulebook in force at an instant among what stands beside a notice; None where none is."""
    day = timezone.localdate(at)
    return next((one for one in found if one.in_force_from <= day), None)


def watched(notice: Notice) -> Watched:
    """Return what the self-checks of a notice came to: one query."""
    return _watched(_checks(notice.pk))


def _watched(found: Iterable[Any]) -> Watched:
    return Watched(*next(iter(found), (0, 0, None)))


def versions(notice: Notice) -> list[dict[str, Any]]:
    """Return every notice of the case, oldest first, each with why it ended: none is taken away by the next."""
    return _versions(notice, _published(notice.filing_id))


def _versions(notice: Notice, found: Iterable[Any]) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "this": key == notice.pk,
            "url": reverse("public_notice:notice", args=[public_id]),
            "public_id": public_id,
            "paper": paper,
            "start": start,
            "end": end,
            "stage": str(NoticeStage(stage).label),
            "reason": mask(reason),
        }
        for number, (key, public_id, paper, start, end, stage, reason) in enumerate(found, start=1)
    ]


def _with_reason(one: Proposal) -> Proposal:
    said = one.objection
    own = {"name": said.name, "contact": said.contact} if said else {}
    told = without(one.reason, said.withheld) if said else one.reason
    one.public_reason = words_in_public(told, **own)  # type: ignore[attr-defined]
    return one


def postings(notice: Notice) -> list[Posting]:
    """Return where the notice hung on paper, the place as it may be public."""
    return [_with_place(one) for one in _hung(notice.pk)]


def _with_place(one: Posting) -> Posting:
    one.public_place = mask(one.place)  # type: ignore[attr-defined]
    return one


BESIDE = Together(
    lambda key, _filing, _book: Objection.objects.filter(notice=key).order_by("pk"),
    lambda key, _filing, _book: LostDay.objects.filter(notice=key).order_by("day"),
    lambda key, _filing, _book: _checks(key),
    lambda key, _filing, _book: _hung(key),
    lambda _key, filing, _book: _published(filing),
    lambda key, _filing, _book: _granted(key),
    lambda key, _filing, book: _covering(key, book),
    lambda _key, _filing, book: _stops(book),
    lambda _key, _filing, book: _longer(book),
    lambda _key, _filing, _book: _rulebooks(),
)


def around(notice: Notice) -> dict[str, Any]:
    """Return what the page of a notice shows beside what was published: one query for all of it.

    What stopped or lengthened its period is kept with it for whoever counts its days afterwards.
    """
    objections, lost, checks, hung, published, granted, covering, stops, longer, rules = BESIDE(
        notice.pk, notice.filing_id, notice.book_id
    )
    if notice.interrupted:
        keep_interruptions(notice, stops, longer)
    return {
        "objections": [in_public(objection) for objection in objections],
        "watched": _watched(checks),
        "lost": lost,
        "postings": [_with_place(one) for one in hung],
        "versions": _versions(notice, published),
        "decided": [_with_reason(one) for one in granted],
        "anchor": covering[0] if covering else None,
        "rules": rules,
    }


def to_decide(filing: Filing) -> Any:
    """Return the proposals about a filing's notices that wait for the second person."""
    return Proposal.objects.filter(notice__filing=filing, state=ProposalState.ASKED)


def latest(filing: Filing) -> Notice | None:
    """Return the newest notice of a filing."""
    found = Notice.objects.filter(filing=filing).select_related("filing", "paper", "calendar")
    return found.order_by("-published_at", "-pk").first()


def anchored(book: Book, act: str, said: str) -> Checkpoint | None:
    """Return the first checkpoint that covers the entry of an act on a thing; None where none does yet."""
    entry = Entry.objects.filter(book=book, act=act, payload__contains=said).order_by("sequence").first()  # fmt: skip
    if entry is None:
        return None
    span = Span.objects.filter(
        code=book.code, first__lte=entry.sequence, last__gte=entry.sequence
    ).first()
    if span is None:
        return None
    place = span.start + entry.sequence - span.first
    return Checkpoint.objects.filter(size__gt=place).order_by("number").first()


def anchor_of_objection(objection: Objection) -> Checkpoint | None:
    """Return the checkpoint that covers the receipt of an objection."""
    return anchored(objection.book, "lodge_objection", objection.number)


def in_short(notice: Notice) -> dict[str, Any]:
    """Return the same for a program: plain values."""
    found = around(notice)
    anchor = found["anchor"]
    return {
        "checks": found["watched"].checks,
        "good_checks": found["watched"].good,
        "lost_days": [{"day": one.day, "overruled_at": one.overruled_at} for one in found["lost"]],
        "postings": [
            {
                "place": p.public_place,
                "posted_on": p.posted_on,
                "seen_on": p.seen_on,
                "sha256": p.photo.sha256,
            }
            for p in found["postings"]
        ],
        "versions": [
            {name: one[name] for name in ("public_id", "paper", "start", "end", "stage", "reason")}
            for one in found["versions"]
        ],
        "decided": [
            {"kind": one.kind, "reason": one.public_reason, "decided_at": one.decided_at}
            for one in found["decided"]
        ],
        "checkpoint": anchor.number if anchor else None,
        "digest": notice.paper.content_sha256,
        "corrections": in_data(notice.paper),
    }
