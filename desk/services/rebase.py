"""承接新版: a draft whose base is no longer the newest edition goes on from that one, its conflicts decided by row."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Membership
from core.ledger.services import record
from core.steps.moves import permit
from core.steps.reasons import NotNow, require
from desk import policies
from desk.models import CatalogueDraft, DraftChange
from desk.queries.catalogue_tables import last_catalogue, tables_of, tables_of_draft
from desk.rules.pack.catalogue import FILES, stored
from desk.rules.rebase import OURS, Carried, Conflict, carry, undecided
from desk.services.catalogue import draft_held
from desk.stages import ChangeKind


@transaction.atomic
def rebase_draft(
    draft: CatalogueDraft,
    *,
    onto: int,
    decisions: Mapping[str, str],
    by: Membership,
    at: datetime,
    after: int | None = None,
) -> CatalogueDraft:
    """承接: the draft stands on edition `onto`; `decisions` say by name of the conflict `ours` or `theirs`.

    Rows that do not touch each other go along by themselves. Raises NotNow where the draft stands on the newest edition
    already, another has come since it was looked at, or somebody changed the draft after version `after`;
    ValidationError, by conflict, for every row that is not decided.
    """
    permit(None, policies.administrator, by=by, at=at)
    book, draft = draft_held(draft)
    require(draft, policies.draft_is_open)
    last = last_catalogue()
    assert last is not None  # a draft was opened from one
    if last.pk == draft.base_id:
        raise NotNow([_("草案已经以最新的第%(number)s版为基础。") % {"number": last.number}])
    if last.number != onto or (after is not None and after != draft.version):
        raise NotNow([_("草案或者最新一版刚刚有变动，请重新打开再决定。")])
    found = carry(tables_of(draft.base), tables_of_draft(draft), tables_of(last), decisions)
    if waits := undecided(found.conflicts, decisions):
        raise ValidationError({one.name: _("请选择这一行以哪一个为准。") for one in waits})
    before, draft.base = draft.base.number, last
    draft.tables, draft.version = stored(found.tables), draft.version + 1
    draft.save(update_fields=["base", "tables", "version"])
    _keep(draft, found, decisions, by, at)
    record(
        book, "rebase_catalogue_draft", by=by, at=at, draft=draft.pk, version=draft.version, base=last.number,
        before=before, taken=len(found.taken),
        decided=[[one.file, one.label, decisions[one.name]] for one in found.conflicts],
    )  # fmt: skip
    return draft


def _keep(
    draft: CatalogueDraft, found: Carried, decisions: Mapping[str, str], by: Membership, at: datetime
) -> None:  # fmt: skip
    """Write down that the draft was carried over, and of each conflict what stands now instead of what.

    Each table is named as a whole: any row may be the newer edition's now, and a form opened before is out of date.
    """
    DraftChange.objects.bulk_create(
        DraftChange(
            draft=draft, version=draft.version, file=one.file, row=one.row, label=one.label, what=ChangeKind.CARRIED,
            said=_said(one, decisions[one.name]), by=by, at=at,
        )
        for one in found.conflicts
    )  # fmt: skip
    taken = Counter(file for file, _label in found.taken)
    DraftChange.objects.bulk_create(
        DraftChange(
            draft=draft, version=draft.version, file=file, what=ChangeKind.CARRIED,
            said=[["rows", "", str(taken[file])]], by=by, at=at,
        )
        for file in FILES
    )  # fmt: skip


def _said(one: Conflict, decision: str) -> list[list[str]]:
    """Return the cells in which the two differed: the one that went, the one that stands."""
    if one.ours is None or one.theirs is None:
        return []
    gone, stands = (one.theirs, one.ours) if decision == OURS else (one.ours, one.theirs)
    return [[name, gone.get(name, ""), stands.get(name, "")] for name in one.columns]
