"""Bringing a draft of the catalogue into force: proposed with a day and a document, signed by a second person.

Editions never change. What is adopted is a new one; what is revoked before its day is followed by another that says
what stood before (docs/decisions/0021).
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from accounts.queries import holders
from accounts.stages import Role
from approvals.models import CatalogueEdition, Filing
from core.deadlines.known import digest_of
from core.ledger.services import county_book, lock, record
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import permit
from core.steps.reasons import NotNow, need_words, require
from desk import policies
from desk.models import CatalogueDraft
from desk.queries.catalogue_drafts import hands_of
from desk.queries.catalogue_tables import against, last_catalogue, tables_of, tables_of_draft
from desk.rules.editions import RowChange, difference
from desk.rules.pack.catalogue import Tables, content_of, faults_in
from desk.services.catalogue import draft_held
from desk.services.catalogue_rows import write_catalogue
from desk.stages import DraftState, EditionOrigin

MOST_NAMED = 200  # changes that the ledger names one by one; all are counted


@transaction.atomic
def propose_catalogue(
    draft: CatalogueDraft, *, in_force_from: date, source: str, by: Membership, at: datetime
) -> CatalogueDraft:
    """提请签字: from which day, by which document of whom; the draft is not changed from here on.

    Raises ValidationError with every rule that the draft breaks, each with its article; NotNow where a newer edition
    has come, or nothing would change.
    """
    permit(None, policies.administrator, by=by, at=at)
    book, draft = draft_held(draft)
    require(draft, policies.draft_is_open)
    words = " ".join(source.split())
    if not words:
        raise ValidationError({"source": _("请写明决定文件：谁、何时、以什么文件决定。")})
    _bears(draft, in_force_from, at)
    draft.state, draft.in_force_from, draft.source = DraftState.PROPOSED, in_force_from, words
    draft.proposed_by, draft.proposer, draft.proposed_at, draft.note = by, by.user, at, ""
    draft.save()
    record(
        book, "propose_catalogue", by=by, at=at, draft=draft.pk, in_force_from=in_force_from.isoformat(),
        source=words, content=content_of(tables_of_draft(draft)),
    )  # fmt: skip
    _tell(draft, _others(at, hands_of(draft)), _("事项清单草案“%(title)s”等您签字"), "proposed", at)
    return draft


@transaction.atomic
def adopt_catalogue(draft: CatalogueDraft, *, by: Membership, at: datetime) -> CatalogueEdition:
    """签字通过: the second person makes it an edition; who files from its day on gets it, nobody before.

    Raises NotNow where it is decided already, is no longer built on the newest edition, or its day has come.
    """
    permit(None, policies.decides_catalogue, by=by, at=at)
    book, draft = draft_held(draft)
    require(
        draft, policies.draft_is_proposed, policies.decided_by_another(by, hands_of(draft))
    )  # fmt: skip
    assert draft.in_force_from is not None  # a proposed draft has its day
    try:
        changes = _bears(draft, draft.in_force_from, at)
    except ValidationError as error:
        raise NotNow([*error.messages]) from None
    edition = _edition(draft.base, tables_of_draft(draft), draft.in_force_from, draft.source)
    write_catalogue(edition, tables_of_draft(draft), origin=EditionOrigin.DRAFT)
    draft.state, draft.edition = DraftState.ADOPTED, edition
    draft.decided_by, draft.decider, draft.decided_at = by, by.user, at
    draft.save()
    record(
        book, "adopt_catalogue", by=by, at=at, draft=draft.pk, edition=edition.number, digest=edition.digest,
        in_force_from=edition.in_force_from.isoformat(), source=edition.source, **_summary(changes),
    )  # fmt: skip
    what = _("事项清单第%(number)s版已通过，%(day)s起施行")
    _tell(draft, [draft.opened_by, draft.proposed_by], what, "adopted", at, edition)
    return edition


@transaction.atomic
def send_back_catalogue(
    draft: CatalogueDraft, *, reason: str, by: Membership, at: datetime
) -> CatalogueDraft:
    """退回修改: the second person says what to change; the draft is open again."""
    permit(None, policies.decides_catalogue, by=by, at=at)
    need_words(reason)
    book, draft = draft_held(draft)
    require(draft, policies.draft_is_proposed, policies.decided_by_another(by, hands_of(draft)))
    proposer = draft.proposed_by
    draft.state, draft.note = DraftState.OPEN, reason.strip()
    draft.proposed_by = draft.proposer = draft.proposed_at = None
    draft.save()
    record(book, "send_back_catalogue", by=by, at=at, draft=draft.pk, reason=draft.note)
    _tell(draft, [proposer], _("事项清单草案“%(title)s”退回修改"), f"back:{draft.version}", at)
    return draft


@transaction.atomic
def withdraw_catalogue(
    draft: CatalogueDraft, *, reason: str, by: Membership, at: datetime
) -> CatalogueDraft:
    """作废草案: with a reason; it is kept with everything that was changed in it."""
    permit(None, policies.administrator, by=by, at=at)
    need_words(reason)
    book, draft = draft_held(draft)
    require(draft, policies.draft_is_undecided)
    draft.state, draft.note = DraftState.WITHDRAWN, reason.strip()
    draft.decided_by, draft.decider, draft.decided_at = by, by.user, at
    draft.save()
    record(book, "withdraw_catalogue", by=by, at=at, draft=draft.pk, reason=draft.note)
    return draft


@transaction.atomic
def revoke_catalogue(
    edition: CatalogueEdition, *, reason: str, by: Membership, at: datetime
) -> CatalogueEdition:
    """撤销未施行的一版: another edition, from the same day, says what stood before; the revoked one never holds.

    Raises NotNow where the day has come, a filing has pinned it, or it is not the newest edition.
    """
    permit(None, policies.supervisor, by=by, at=at)
    need_words(reason)
    (book,) = lock(county_book().pk)
    last = last_catalogue()
    before = CatalogueEdition.objects.filter(number=edition.number - 1).first()
    if last is None or before is None or last.pk != edition.pk:
        raise NotNow([_("只能撤销最新的一版。")])
    if edition.in_force_from <= timezone.localdate(at):
        raise NotNow([_("这一版已经施行，不能撤销；请另起草新的一版。")])
    if Filing.objects.filter(catalogue=edition).exists():
        raise NotNow([_("已有申报件采用这一版，不能撤销。")])
    words = " ".join(reason.split())
    source = f"撤销第{edition.number}版"  # data, like every source
    made = _edition(edition, tables_of(before), edition.in_force_from, source)
    write_catalogue(
        made, tables_of(before), origin=EditionOrigin.REVOCATION, reason=words, revokes=edition
    )  # fmt: skip
    record(
        book, "revoke_catalogue", by=by, at=at, revoked=edition.number, edition=made.number, digest=made.digest,
        says_as=before.number, reason=words,
    )  # fmt: skip
    tell(
        holders(Role.ADMINISTRATOR, timezone.localdate(at)),
        _("事项清单第%(number)s版在施行前被撤销") % {"number": edition.number},
        about=f"catalogue:{edition.number}:revoked", at=at, link=f"/catalogue/{made.digest}/",
    )  # fmt: skip
    return made


def _edition(
    last: CatalogueEdition, tables: Tables, day: date, source: str
) -> CatalogueEdition:  # fmt: skip
    """Return the next edition, unsaved; its number is part of its digest, as of one from a pack."""
    number = last.number + 1
    digest = digest_of([number, content_of(tables)])
    return CatalogueEdition(number=number, in_force_from=day, source=source, digest=digest)


def _bears(draft: CatalogueDraft, day: date, at: datetime) -> list[RowChange]:
    """Return what would change; raise where the draft cannot come into force on the day."""
    last = last_catalogue()
    if last is None or last.pk != draft.base_id:
        said = {"base": draft.base.number, "last": last.number if last else 0}
        text = _(
            "草案从第%(base)s版起草，现在已有第%(last)s版：请先在草案页“承接新的一版”（已提请的先退回修改）。"
        )
        raise NotNow([text % said])
    _after(day, last, at)
    base, tables = tables_of(draft.base), tables_of_draft(draft)
    if not (changes := difference(base, tables)):
        raise NotNow([_("草案与第%(number)s版没有差别。") % {"number": last.number}])
    if faults := faults_in(tables, against(base), day):
        raise ValidationError([str(fault) for fault in faults])
    return changes


def _after(day: date, last: CatalogueEdition, at: datetime) -> None:
    """Refuse a day that is not after today, or lies before the newest edition's."""
    if day < timezone.localdate(at) + timedelta(days=1):
        raise ValidationError({"in_force_from": _("施行日最早是明天：已经申报的不受影响。")})
    if day < last.in_force_from:
        said = {"number": last.number, "day": last.in_force_from.isoformat()}
        text = _("施行日不能早于第%(number)s版的施行日%(day)s。")
        raise ValidationError({"in_force_from": text % said})


def _others(at: datetime, hands: set[int]) -> list[Membership]:
    day = timezone.localdate(at)
    people = [*holders(Role.ADMINISTRATOR, day), *holders(Role.SUPERVISOR, day)]
    return [person for person in people if person.user_id not in hands]


def _summary(changes: Iterable[RowChange]) -> dict[str, Any]:
    """Return the difference for the ledger: how many of each, and the first of them by name."""
    found = list(changes)
    counts = Counter(f"{change.file.removesuffix('.csv')}:{change.what}" for change in found)
    named = [
        [change.what, change.label, [[c.column, c.before, c.after] for c in change.cells]]
        for change in found[:MOST_NAMED]
    ]
    return {"counts": dict(sorted(counts.items())), "changes": named}


def _tell(
    draft: CatalogueDraft, people: Iterable[Membership | None], sentence: Any, occasion: str, at: datetime,
    edition: CatalogueEdition | None = None,
) -> None:  # fmt: skip
    said: dict[str, Any] = {"title": draft.title}
    if edition is not None:
        said = {"number": edition.number, "day": edition.in_force_from.isoformat()}
    tell(
        list(dict.fromkeys(person for person in people if person is not None)), sentence % said,
        about=f"catalogue:{draft.pk}:{occasion}", at=at, link=f"/catalogue-drafts/{draft.pk}/",
    )  # fmt: skip
