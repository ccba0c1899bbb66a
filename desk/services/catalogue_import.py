"""Importing tables of the catalogue from Excel or CSV into a draft: looked at first, then whole or not at all."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Membership
from approvals.queries.items import VALUES
from core.documents.sheets import told
from core.steps.moves import permit
from core.steps.reasons import NotNow, require
from desk import policies
from desk.models import CatalogueDraft, DraftChange
from desk.queries.catalogue_tables import against, tables_of, tables_of_draft
from desk.queries.catalogue_words import COLUMNS, TABLES
from desk.rules.catalogue_sheets import Found, read_catalogue, unknown
from desk.rules.editions import RowChange, difference
from desk.rules.pack.catalogue import FILES, Against, Tables, faults_in
from desk.services.catalogue import held_open, keep_changes
from desk.stages import ChangeKind

WORDS = {"tables": TABLES, "columns": COLUMNS, "values": VALUES}
MOST_BYTES = 4 << 20
PARTS = len(FILES) + 1
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Looked:
    """What a file would make of a draft; with one fault, nothing."""

    digest: str
    tables: Tables
    rows: dict[str, int]  # how many rows each table of the file has
    read: dict[str, int]  # how many rows were read on each sheet, those with a fault as well
    faults: list[str]
    changes: list[RowChange]  # from the draft as it is
    version: int  # of the draft


def look_at_tables(
    draft: CatalogueDraft, *, name: str, content: bytes, progress: Progress | None = None
) -> Looked:
    """检查: read a file whole against a draft; nothing is written. ValidationError for what is no table at all.

    Faults say sheet, row and column; of a table that the file does not hold, what the file would make wrong in it.
    `progress` is told how many of its parts are done: a table read each, then the rules of the catalogue.
    """
    if len(content) > MOST_BYTES:
        raise ValidationError(_("文件超过%(most)d MB，不是清单表格。") % {"most": MOST_BYTES >> 20})
    now, base = tables_of_draft(draft), against(tables_of(draft.base))
    tell = progress or (lambda _done, _all: None)
    found = read_catalogue(content, name=name, now=now, words=WORDS, told=lambda n: tell(n, PARTS))
    made = {**now, **found.tables}
    faults = unknown(found.others, WORDS)
    for sheet in found.sheets.values():
        faults += told(sheet.faults)
    if not found.sheets and not faults:
        faults = [_("文件里没有清单的表。")]
    if not faults:
        before = {(f.file, f.column, f.message) for f in faults_in(now, base)}
        faults = _against_rules(found, made, base, before)
    changes = [] if faults else difference(now, made)
    counts = {file: len(rows) for file, rows in found.tables.items()}
    read = {name: n for sheet in found.sheets.values() for name, n in sheet.read.items()}
    tell(PARTS, PARTS)
    digest = hashlib.sha256(content).hexdigest()
    return Looked(digest, made, counts, read, faults, changes, draft.version)


def _against_rules(
    found: Found, made: Tables, base: Against, before: set[tuple[str, str, str]]
) -> list[str]:
    """Return what the rules of the catalogue say against the tables, each where it stands in the spreadsheet."""
    said = []
    for fault in faults_in(made, base):
        if fault.file not in found.tables:
            if (fault.file, fault.column, fault.message) not in before:
                said.append(str(fault))
            continue
        place = found.place(fault.file, fault.line)
        if place is None:
            said.append(str(fault))
            continue
        table, row = place
        table.fault(row, fault.column, fault.message)
    for sheet in found.sheets.values():
        said += told(sheet.faults)
    return said


def import_tables(
    draft: CatalogueDraft,
    *,
    name: str,
    content: bytes,
    by: Membership,
    at: datetime,
    after: int | None = None,
    looked: Looked | None = None,
) -> CatalogueDraft:
    """导入: each table of the file takes the place of the draft's, all of them or none.

    `after` is the draft's version when the file was looked at. It is read before anything is locked (`looked`: it was
    already). Raises ValidationError with every fault, NotNow where the draft is not open, was changed since it was
    looked at, or says what the file says already.
    """
    permit(None, policies.administrator, by=by, at=at)
    if looked is None:
        draft = CatalogueDraft.objects.select_related("base").get(pk=draft.pk)
        require(draft, policies.draft_is_open)
        looked = look_at_tables(draft, name=name, content=content)
    return _import(draft, looked, by=by, at=at, after=after)


@transaction.atomic
def _import(
    draft: CatalogueDraft, looked: Looked, *, by: Membership, at: datetime, after: int | None
) -> CatalogueDraft:
    book, draft = held_open(draft, by, at)
    if draft.version != looked.version or after not in (draft.version, None):
        raise NotNow([_("检查文件以后草案又有修改，没有写入：请重新检查。")])
    if looked.faults:
        raise ValidationError(looked.faults)
    if not looked.changes:
        raise NotNow([_("文件和草案没有差别，没有写入。")])
    changes = [
        DraftChange(file=file, what=ChangeKind.TABLE, said=[["rows", "", str(count)]])
        for file, count in looked.rows.items()
    ]
    keep_changes(draft, looked.tables, book, changes, by=by, at=at)
    return draft
