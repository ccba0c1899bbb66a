"""不公开部分: marked by one person with ground and reason, reviewed by another; the public reads the rest (条例 37).

What the public reads already stays as it is until the review: no word is taken away by one person. What is not
published yet waits for the review, so nothing slips out before it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Membership
from accounts.queries import holders
from accounts.stages import Role
from approvals.models import Filing
from approvals.services.words import issuer
from core.documents.models import Paper
from core.ledger.rules import canonical, salted
from core.ledger.services import lock
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import act, locked, permit
from core.steps.reasons import NotNow, need_words, require
from public_notice.models import (
    BoxLetter,
    ConfidentialPart,
    Disclosure,
    Notice,
    Objection,
    OpenMatter,
)
from public_notice.queries.confidential import as_said, kind_of, texts_of
from public_notice.queries.corrected import OF_OBJECTION
from public_notice.queries.openness import standing_matters
from public_notice.rules import confidential as may
from public_notice.rules.withheld import (
    SHORTEST,
    content_without,
    holds,
    key,
    says_any,
    without,
)
from public_notice.stages import Matter, PartState

Thing = Filing | Objection | BoxLetter | Disclosure
DESK = "/confidential/"
REVIEWERS: dict[str, tuple[Role, ...]] = {
    "filing": (Role.WINDOW, Role.CONVENOR),
    "objection": (Role.SUPERVISOR, Role.CONVENOR),
    "letter": (Role.SUPERVISOR, Role.ADMINISTRATOR),
    "disclosure": (Role.CONVENOR,),
}
CONDITIONS: dict[str, tuple[Any, ...]] = {
    "filing": (may.before_the_notice,),
    "disclosure": (may.before_the_answer,),
}


@transaction.atomic
def mark_part(
    thing: Thing, *, words: str, ground: str, reason: str, by: Membership, at: datetime
) -> ConfidentialPart:
    """标注不公开部分: these words, under this row of the negative list, for this reason; nothing is hidden yet."""
    thing, kind = locked(thing), kind_of(thing)
    permit(thing, may.marks_parts, by=by, at=at)
    require(thing, *CONDITIONS.get(kind, ()))
    need_words(reason)
    words, matter = words.strip(), _ground(ground)
    _may_be_withheld(thing, words, by, at)
    same = [one for one in thing.confidential_parts.all() if key(one.words) == key(words)]
    if any(one.state in (PartState.ASKED, PartState.GRANTED) for one in same):
        raise NotNow([_("这段文字已经标注过。")])
    made = ConfidentialPart(
        book=thing.book, words=words, ground=matter, reason=reason.strip()[:300], marked_by=by, marked_at=at,
        **{kind: thing},
    )  # fmt: skip
    made.full_clean(exclude=["book", "ground", "marked_by", kind])
    made.save()
    act(
        thing, "mark_part", policy=may.marks_parts, by=by, at=at, part=made.pk, ground=matter.code,
        digest=salted(made.code, canonical([made.words, made.reason])),
    )  # fmt: skip
    tell_reviewers(made, _("不公开部分待您审核：%(what)s"), "", by, at)
    return made


def _ground(code: str) -> OpenMatter:
    found = standing_matters().filter(code=code, kind=Matter.WITHHELD).first()
    if found is None:
        raise ValidationError({"ground": _("请从不予公开清单里选择依据。")})
    return found


def _may_be_withheld(thing: Thing, words: str, by: Membership, at: datetime) -> None:
    """Raise where the words are too short, stand nowhere, or are what a notice always says."""
    if len(key(words)) < SHORTEST:
        raise ValidationError({"words": _("请至少写两个字。")})
    always, texts = texts_of(thing, by)
    if isinstance(thing, Filing):  # every paper of the case names the office
        always += issuer(at).values()
    if any(holds(text, words) for text in always):
        said = _("项目名称、代码、建设单位和制发机关是公示必须写明的，不能不公开。")
        raise ValidationError({"words": said})
    if texts is not None and not any(holds(text, words) for text in texts):
        raise ValidationError({"words": _("这里没有这段文字：请照原文填写。")})


def tell_reviewers(
    part: ConfidentialPart, said: Any, occasion: str, by: Membership, at: datetime
) -> None:
    """Tell who may decide on a part, but not the person who asks; an occasion is that it is to be public again."""
    day = timezone.localdate(at)
    found = {one for role in REVIEWERS[part.kind] for one in holders(role, day)}
    tell(
        sorted((one for one in found if one.user_id != by.user_id), key=lambda one: one.pk),
        said % {"what": named(part)},
        about=f"part:{part.pk}{occasion and ':'}{occasion}", at=at,
        link=f"{DESK}{part.pk}/{'lift/decide/' if occasion else ''}",
    )  # fmt: skip


def named(part: ConfidentialPart) -> str:
    """Return in what the words stand."""
    return str(part.subject)


@transaction.atomic
def review_part(
    part: ConfidentialPart, *, granted: bool, by: Membership, at: datetime, note: str = ""
) -> ConfidentialPart:
    """审核不公开部分: by another person; granted, the words leave every outlet at once; refused, with reason."""
    lock(part.book_id)
    part = ConfidentialPart.objects.select_related("marked_by", "ground", "book").get(pk=part.pk)
    permit(part, may.reviews_part, by=by, at=at)
    require(part, may.part_waits, may.reviewed_by_another(by))
    if granted:
        require(part.subject, *CONDITIONS.get(part.kind, ()))
        _take_out(part)
    else:
        need_words(note)
    part.state = PartState.GRANTED if granted else PartState.REFUSED
    part.decided_by, part.decided_at, part.note = by, at, note.strip()[:300]
    part.save()
    act(
        part, "review_part", policy=may.reviews_part, by=by, at=at, part=part.pk, granted=granted,
        digest=salted(part.code, canonical([part.words, part.note])),
    )  # fmt: skip
    tell(
        [part.marked_by], _("您标注的不公开部分已审核：%(what)s") % {"what": named(part)},
        about=f"part:{part.pk}:reviewed", at=at, link=DESK,
    )  # fmt: skip
    return part


def _take_out(part: ConfidentialPart) -> None:
    """Let every outlet know what is published or kept already; an answer reads its parts when it is given."""
    thing = part.subject
    if isinstance(thing, Filing):
        _keep_inside(part, Q(book=thing.book_id))
        _from_notices_before(thing, part)
    elif isinstance(thing, Objection):
        _keep_inside(part, Q(book=thing.book_id, kind__in=OF_OBJECTION, subject=str(thing.pk)))
    if not isinstance(thing, Objection | BoxLetter):
        return
    kept = locked(thing)
    assert isinstance(kept, Objection | BoxLetter)
    kept.withheld = [*kept.withheld, as_said(part)]
    kept.save(update_fields=["withheld"])
    if isinstance(kept, Objection) and kept.notice.end_reason:
        # An upheld objection's reply is why the notice ended: the same words, in the same outlets.
        notice = kept.notice
        notice.end_reason = without(notice.end_reason, [as_said(part)])[:300]
        notice.save(update_fields=["end_reason"])


def _keep_inside(part: ConfidentialPart, papers: Q) -> None:
    """Let strangers read no paper any more in which the words stand; the paper itself stays what it is."""
    for paper in Paper.objects.filter(papers, public=True):
        if says_any(paper.content, [part.words]):
            paper.public = False
            paper.save(update_fields=["public"])


def _from_notices_before(filing: Filing, part: ConfidentialPart) -> None:
    """Take the words from the notices the case had before, which stay readable, and from what was said against them."""
    from public_notice.services.notices import keep_open, make_findable  # noqa: PLC0415 - it asks for the parts itself

    said = [as_said(part)]
    for notice in Notice.objects.filter(filing=filing).select_related("paper", "filing__industry"):
        notice.content = content_without(notice.content, said)
        notice.end_reason = without(notice.end_reason, said)[:300]
        notice.save(update_fields=["content", "end_reason"])
        keep_open(notice)
        make_findable(notice, was=[one.number for one in notice.paper.line[1:]])
    for objection in Objection.objects.filter(notice__filing=filing):
        objection.withheld = [*objection.withheld, *said]
        objection.save(update_fields=["withheld"])


def says_what_is_withheld(content: Mapping[str, Any]) -> bool:
    """Whether a paper of a case says what is withheld of its notice: then strangers do not read it.

    The case is known by the code of its project, which no correction changes; by the name while it has none.
    """
    project = content.get("project") or {}
    if not isinstance(project, Mapping) or not project.get("name"):
        return False
    named = Q(filing__project_code="", filing__project_name=project["name"])
    if project.get("code"):
        named |= Q(filing__project_code=project["code"])
    parts = ConfidentialPart.objects.filter(named, state=PartState.GRANTED)
    return says_any(content, parts.values_list("words", flat=True))


def parts_for(thing: Filing | Disclosure) -> list[dict[str, str]]:
    """Return the reviewed parts of what is about to be published; NotNow while one waits for its review."""
    found = list(thing.confidential_parts.select_related("ground"))
    if any(one.state == PartState.ASKED for one in found):
        raise NotNow([_("有标注为不公开的部分还没有审核：先由另一个人审核，再办理。")])
    return [as_said(one) for one in found if one.state == PartState.GRANTED]
