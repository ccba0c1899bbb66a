"""恢复公开: what is withheld becomes public again, asked by one with a reason, decided by another.

Nothing is lost: the part keeps both decisions. Where the paper of a notice says the article in place of the words, a
new version of it says the words, under the same address, and the version before stays readable. Everything else reads
the parts that are withheld, and has the words back at once.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.models import Membership
from approvals.models import Filing
from approvals.services import tell_enterprise
from core.documents.models import Paper, PaperKind
from core.ledger.rules import canonical, salted
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.correcting import new_version, places
from core.steps.moves import act, locked
from core.steps.papers import KEPT_INSIDE
from core.steps.reasons import need_words, require
from public_notice.models import BoxLetter, ConfidentialPart, Notice, Objection, Proposal
from public_notice.queries import in_public
from public_notice.queries.confidential import as_said, withheld_in
from public_notice.queries.corrected import OF_OBJECTION
from public_notice.rules import confidential as may
from public_notice.rules.gate import admit, mask
from public_notice.rules.withheld import content_without, says_any, without
from public_notice.services.confidential import DESK, named, tell_reviewers
from public_notice.services.lifting_views import (
    agreed,
    ask_enterprise,
    expire,
    locked_part,
    no_longer_asked,
)
from public_notice.services.notices import keep_open, make_findable, whole_content
from public_notice.stages import Finding, NoticeStage, PartState, ProposalKind, ProposalState

# What is kept inside whatever it says: it names people.
INSIDE_ALWAYS = ("session_notice", "check_record", "mailbox_receipt")
BECAUSE = "原依法不公开的部分，经重新审核，现予公开"


@transaction.atomic
def ask_lifting(
    part: ConfidentialPart, *, reason: str, by: Membership, at: datetime
) -> ConfidentialPart:
    """提请恢复公开: the words stay withheld until another person has decided."""
    part = locked_part(part)
    need_words(reason)
    told = reason.strip()[:300]
    act(
        part, "ask_lifting", policy=may.asks_lifting, by=by, at=at,
        conditions=(may.is_withheld, may.no_lifting_waits, may.answer_can_change),
        part=part.pk, digest=salted(part.code, canonical([told])),
    )  # fmt: skip
    part.lifting_reason, part.lifting_asked_by, part.lifting_asked_at = told, by, at
    part.lifting_by, part.lifting_at, part.lifting_note = None, None, ""
    part.save()
    tell_reviewers(
        part, _("不公开部分提请恢复公开，待您决定：%(what)s"), f"lift:{at.isoformat()}", by, at
    )
    _tell_who_marked(part, _("您标注的不公开部分有人提请恢复公开：%(what)s"), "asked", at)
    ask_enterprise(part, by, at)
    return part


@transaction.atomic
def decide_lifting(
    part: ConfidentialPart, *, granted: bool, by: Membership, at: datetime, note: str = ""
) -> ConfidentialPart:
    """决定恢复公开: by another person; granted, every outlet has the words at once; refused, with reason.

    Granted only after the enterprise of the case was heard, and with a reason where it has not agreed (条例 15).
    """
    part = locked_part(part)
    expire(part, at)
    conditions: tuple[Any, ...] = (may.lifting_waits, may.lifted_by_another(by))
    if granted:
        conditions += (may.is_withheld, may.answer_can_change, may.enterprise_was_heard)
    require(part, *conditions)
    if not granted or (part.case is not None and not agreed(part)):
        need_words(note)
    told = note.strip()[:300]
    act(
        part, "decide_lifting", policy=may.reviews_part, by=by, at=at, part=part.pk, granted=granted,
        digest=salted(part.code, canonical([part.words, told])),
    )  # fmt: skip
    before = withheld_in(part.book_id, of_notices=True)
    part.lifting_by, part.lifting_at, part.lifting_note = by, at, told
    if granted:
        part.state = PartState.LIFTED
    part.save()
    no_longer_asked(part, at)
    if granted:
        _put_back(part, before, by, at)
    _tell_who_marked(part, _("不公开部分已决定是否恢复公开：%(what)s"), "decided", at)
    _tell_whose_they_are(part, granted, told, at)
    return part


def _tell_who_marked(part: ConfidentialPart, said: Any, occasion: str, at: datetime) -> None:
    """Tell who marked the words, and once it is decided who asked for them to be public."""
    asked = part.lifting_asked_by if occasion == "decided" else None
    tell(
        [one for one in {part.marked_by, asked} if one is not None], said % {"what": named(part)},
        about=f"part:{part.pk}:lift:{occasion}:{at.isoformat()}", at=at, link=DESK,
    )  # fmt: skip


def _tell_whose_they_are(part: ConfidentialPart, granted: bool, why: str, at: datetime) -> None:
    """Tell the enterprise of the case what was decided and why, whoever has marked the words: they may be its secret.

    条例 32: a third party is told in writing, with the reason, of what is made public although it did not agree.
    """
    if part.case is None:
        return
    done = _("办件里不公开的部分，现决定恢复公开：%(what)s")
    subject = done if granted else _("办件里不公开的部分，决定仍不公开：%(what)s")
    because = _("理由：%(why)s") % {"why": why} if why else ""
    about = f"part:{part.pk}:decided:{at.isoformat()}"
    tell_enterprise(part.case, subject % {"what": named(part)}, about, at, body=because)


def _put_back(
    part: ConfidentialPart, before: list[dict[str, str]], by: Membership, at: datetime
) -> None:
    """Let what is kept of the parts say what is withheld still; an answer reads its parts when it is given."""
    thing = part.subject
    if isinstance(thing, BoxLetter):
        _of_letter(thing)
    elif isinstance(thing, Objection):
        _of_objection(thing)
        _open_papers(part, Q(book=thing.book_id, kind__in=OF_OBJECTION, subject=str(thing.pk)))
        _why_it_ended(thing.notice)
    elif isinstance(thing, Filing):
        for objection in Objection.objects.filter(notice__filing=thing):
            _of_objection(objection)
        _open_papers(part, Q(book=thing.book_id))
        for notice in Notice.objects.filter(filing=thing).select_related(
            "paper", "filing__industry"
        ):
            _of_notice(notice, before, by, at)


def _of_letter(letter: BoxLetter) -> None:
    kept = locked(letter)
    assert isinstance(kept, BoxLetter)
    kept.withheld = _own(kept)
    kept.save(update_fields=["withheld"])


def _of_objection(objection: Objection) -> None:
    kept = locked(objection)
    assert isinstance(kept, Objection)
    kept.withheld = [*withheld_in(kept.book_id, of_notices=True), *_own(kept)]
    kept.save(update_fields=["withheld"])


def _own(thing: BoxLetter | Objection) -> list[dict[str, str]]:
    granted = thing.confidential_parts.filter(state=PartState.GRANTED)
    return [as_said(one) for one in granted.select_related("ground")]


def _open_papers(part: ConfidentialPart, papers: Q) -> None:
    """Let strangers read again what was kept inside for these words alone, and says nothing else that is withheld."""
    still = [one["words"] for one in withheld_in(part.book_id)]
    public = PaperKind.objects.filter(public=True).values("code")
    kept = Paper.objects.filter(papers, public=False, kind__in=public)
    for paper in kept.exclude(template__in=INSIDE_ALWAYS):
        said = paper.content
        if not says_any(said, [part.words]) or says_any(said, still):
            continue
        if not any(inside(said) for inside in KEPT_INSIDE):
            paper.public = True
            paper.save(update_fields=["public"])


def _of_notice(notice: Notice, before: list[dict[str, str]], by: Membership, at: datetime) -> None:
    """Let a notice say the words: by a new version where its paper does not say them, else as its paper does."""
    now = withheld_in(notice.book_id, of_notices=True)
    changed = _words_again(notice, before, now)
    if changed and not notice.paper.no_longer:
        new_version(notice.paper, changed, BECAUSE, by=by, at=at)  # the page follows it
        notice.refresh_from_db()
    else:
        notice.content = content_without(admit(notice.paper.content), now)
        notice.save(update_fields=["content"])
        keep_open(notice)
        make_findable(notice, was=[one.number for one in notice.paper.line[1:]])
    _why_it_ended(notice)


def _words_again(
    notice: Notice, before: list[dict[str, str]], now: list[dict[str, str]]
) -> dict[str, str]:
    """Return by place what a paper is to say where it says the article; only where it says what the case says."""
    whole = whole_content(notice)
    was, will = (dict(places(admit(content_without(whole, parts)))) for parts in (before, now))
    said = dict(places(notice.paper.content))
    return {
        place: will[place]
        for place, text in said.items()
        if was.get(place) == text and will.get(place, text) != text
    }


def _why_it_ended(notice: Notice) -> None:
    """Say again why a notice ended, as far as it may be said now."""
    upheld = notice.objections.filter(finding=Finding.UPHELD).order_by("-replied_at").first()
    taken = Proposal.objects.filter(
        notice=notice, kind=ProposalKind.TAKE_DOWN, state=ProposalState.GRANTED
    ).order_by("-decided_at")
    if notice.stage == NoticeStage.UPHELD and upheld is not None:
        said = in_public(upheld)["reply"]
    elif notice.stage == NoticeStage.WITHDRAWN and (proposal := taken.first()) is not None:
        said = without(mask(proposal.reason), withheld_in(notice.book_id))
    else:
        return
    notice.end_reason = said[:300]
    notice.save(update_fields=["end_reason"])
