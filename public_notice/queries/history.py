"""What happened to a notice beside its words: versions, days that do not count, decisions, posting, checkpoint."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, Max, Q
from django.urls import reverse

from approvals.models import Filing
from core.ledger.models import Book, Checkpoint, Entry, Span
from public_notice.models import Notice, Objection, Posting, Proposal
from public_notice.queries.corrected import in_data
from public_notice.rules.gate import mask, words_in_public
from public_notice.stages import ProposalState, Shown


class Watched(NamedTuple):
    """How often a page was checked, how often it was whole, and when last."""

    checks: int
    good: int
    last: datetime | None


def watched(notice: Notice) -> Watched:
    """Return what the self-checks of a notice came to: one query."""
    return Watched(
        **notice.hits.aggregate(
            checks=Count("pk"), good=Count("pk", filter=Q(shown=Shown.WHOLE)), last=Max("at")
        )
    )


def versions(notice: Notice) -> list[dict[str, Any]]:
    """Return every notice of the case, oldest first, each with why it ended: none is taken away by the next."""
    found = Notice.objects.filter(filing=notice.filing_id).select_related("paper")
    return [
        {
            "number": number,
            "this": one.pk == notice.pk,
            "url": reverse("public_notice:notice", args=[one.public_id]),
            "public_id": one.public_id,
            "paper": one.paper.number,
            "start": one.starts_on,
            "end": one.ends_on,
            "stage": one.get_stage_display(),
            "reason": mask(one.end_reason),
        }
        for number, one in enumerate(found.order_by("published_at", "pk"), start=1)
    ]


def decided(notice: Notice) -> list[Proposal]:
    """Return what two persons decided about a notice: granted, oldest first, the reason as it may be public."""
    people = ("asked_by__organisation", "decided_by__organisation", "objection", "lost_day")
    found = notice.proposals.filter(state=ProposalState.GRANTED).select_related(*people)
    return [_with_reason(one) for one in found]


def _with_reason(one: Proposal) -> Proposal:
    said = one.objection
    own = {"name": said.name, "contact": said.contact} if said else {}
    one.public_reason = words_in_public(one.reason, **own)  # type: ignore[attr-defined]
    return one


def postings(notice: Notice) -> list[Posting]:
    """Return where the notice hung on paper, the place as it may be public."""
    found = list(notice.postings.select_related("photo", "entered_by__user"))
    for one in found:
        one.public_place = mask(one.place)  # type: ignore[attr-defined]
    return found


def around(notice: Notice) -> dict[str, Any]:
    """Return what the page of a notice shows beside what was published: a fixed number of queries."""
    return {
        "watched": watched(notice),
        "lost": list(notice.lost_days.all()),
        "postings": postings(notice),
        "versions": versions(notice),
        "decided": decided(notice),
        "anchor": anchor_of_notice(notice),
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


def anchor_of_notice(notice: Notice) -> Checkpoint | None:
    """Return the checkpoint that covers the publication of a notice."""
    return anchored(notice.book, "publish_notice", notice.public_id)


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
