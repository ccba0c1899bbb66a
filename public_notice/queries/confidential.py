"""不公开部分 as the desk asks for it: which parts a person sees, and where words of a thing could stand."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Case, Q, QuerySet, When
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.policies import staff
from approvals.models import Filing
from core.documents.sheets import CHUNK, Sheet
from public_notice.models import BoxLetter, ConfidentialPart, Disclosure, LiftingView, Objection
from public_notice.models.confidential import OF
from public_notice.queries.mailbox import for_handling, letters_of, replies_for, without_writer
from public_notice.queries.openness import shown, standing_matters
from public_notice.rules import confidential as may
from public_notice.rules.mailbox import knows_the_writer
from public_notice.rules.withheld import clause_of
from public_notice.stages import Matter, PartState

MODELS: dict[str, Any] = dict(zip(OF, (Filing, Objection, BoxLetter, Disclosure), strict=True))


def kind_of(thing: Any) -> str:
    """Return which of the four a thing is."""
    return next(name for name, model in MODELS.items() if isinstance(thing, model))


def texts_of(thing: Any, by: Membership) -> tuple[list[str], list[str] | None]:
    """Return what of a thing is always said, and where its words may stand; None where nothing is written yet.

    Of a letter only what the person reads of it: otherwise a department could try out who has written.
    """
    if isinstance(thing, Filing):
        letter = thing.letter()
        clauses = letter.clauses.values_list("text", "standard") if letter else ()
        told = [thing.scale, thing.site_detail, *(text for both in clauses for text in both)]
        company = thing.enterprise
        return [thing.project_name, thing.project_code, company.name, company.uscc], told
    if isinstance(thing, Objection):
        return [], [thing.text, thing.reply]
    if isinstance(thing, BoxLetter):
        whole = knows_the_writer(thing, by)
        replies = [text for one in replies_for(thing, by) for text in (one.text, one.said)]
        return [], [thing.text if whole else for_handling(thing), thing.drafted, *replies]
    return [], None


def as_said(part: ConfidentialPart) -> dict[str, str]:
    """Return what an outlet needs of a part: the words, and the article that stands in their place."""
    return {"words": part.words, "clause": clause_of(part.ground.basis)}


def withheld_in(book: int, *, of_notices: bool = False) -> list[dict[str, str]]:
    """Return what is withheld in a case: of its notices, and where not of these alone of what was said. One query."""
    granted = ConfidentialPart.objects.filter(book=book, state=PartState.GRANTED)
    if of_notices:
        granted = granted.exclude(filing=None)
    return [as_said(one) for one in granted.select_related("ground")]


def parts_of(by: Membership | None) -> QuerySet[ConfidentialPart]:
    """Return the parts a person sees: the office's all but those of letters, an enterprise's own, a department's."""
    found = ConfidentialPart.objects.select_related(
        "filing", "objection__notice__filing", "letter", "disclosure", "ground", "marked_by__user", "decided_by__user",
        "lifting_asked_by__user", "lifting_by__user",
    ).prefetch_related("views__calendar", "views__filing")  # fmt: skip
    if not may.works_on_parts(None, by):
        return found.none()
    assert by is not None
    mine = Q(letter__in=letters_of(by).order_by().values("pk"))
    mine |= Q(filing__in=Filing.objects.filter(enterprise=by.organisation_id).values("pk"))
    if staff(None, by):
        mine |= Q(letter=None)
    return found.filter(mine)


TOLD = ("words", "reason", "note", "lifting_reason", "lifting_note")


def as_read(part: ConfidentialPart, by: Membership | None) -> ConfidentialPart:
    """Return a part as a person may read it: who answers a letter learns by no part who wrote it. Not to be saved."""
    letter = part.letter
    if letter is None or knows_the_writer(letter, by) or may.reviews_part(part, by):
        return part
    for name in TOLD:
        setattr(part, name, without_writer(getattr(part, name), letter))
    return part


def views_of(by: Membership | None) -> QuerySet[LiftingView]:
    """Return what enterprises are asked before words are public again: an enterprise's own, the office's all."""
    found = LiftingView.objects.select_related(
        "filing__enterprise", "part__ground", "part__filing", "part__objection", "calendar"
    )
    if by is None or not (staff(None, by) or may.of_enterprise(by)):
        return found.none()
    return found.filter(filing__in=Filing.objects.visible_to(by).order_by().values("pk"))


def waiting_first(found: QuerySet[ConfidentialPart]) -> QuerySet[ConfidentialPart]:
    """Return parts, those that wait for their review before the others."""
    lifting = Q(lifting_asked_at__isnull=False, lifting_at=None)
    done = Case(When(Q(state=PartState.ASKED) | lifting, then=0), default=1)
    return found.order_by(done, "-marked_at", "-pk")


def thing_of(kind: str, key: str, by: Membership) -> Any:
    """Return the thing of an address among those a person works on; None where there is none."""
    seen = Filing.objects.visible_to(by)
    if kind == "filing":
        return seen.filter(public_id=key).first()
    if not key.isdigit():
        return None
    rows: QuerySet[Any]
    if kind == "objection":
        rows = Objection.objects.filter(notice__filing__in=seen)
    elif kind == "letter":
        rows = letters_of(by)
    else:
        rows = Disclosure.objects.all() if staff(None, by) else Disclosure.objects.none()
    return rows.filter(pk=int(key)).first()


def grounds(at: datetime) -> list[tuple[str, str]]:
    """Return the grounds one may choose: the county's negative list, each with its article."""
    rows = shown(standing_matters().filter(kind=Matter.WITHHELD), at)
    return [(row.code, f"{row.label}（{clause_of(row.basis)}）") for row in rows]


def sheet_of_parts(rows: QuerySet[ConfidentialPart]) -> Sheet:
    """Return parts as a table: where, under which ground, by whom, and what was decided; never the words."""
    heads = (
        _("所在"), _("不公开的依据"), _("状态"), _("标注"), _("标注时间"), _("审核"), _("审核时间"),
        _("提请恢复公开"), _("恢复公开决定时间"),
    )  # fmt: skip
    return Sheet(_("不公开部分"), heads, _cells(rows), rows.order_by().count)


def _cells(rows: QuerySet[ConfidentialPart]) -> Iterator[Sequence[Any]]:
    for one in rows.iterator(chunk_size=CHUNK):
        reviewer = one.decided_by.user.name if one.decided_by else ""
        yield (
            str(one.subject), clause_of(one.ground.basis), one.get_state_display(), one.marked_by.user.name,
            one.marked_at, reviewer, one.decided_at,
            one.lifting_asked_by.user.name if one.lifting_asked_by else "", one.lifting_at,
        )  # fmt: skip
