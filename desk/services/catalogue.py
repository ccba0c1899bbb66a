"""A draft of the next catalogue: opened from the newest edition, changed row by row or by whole tables."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Membership
from core.ledger.models import Book
from core.ledger.services import county_book, lock, record
from core.steps.moves import permit
from core.steps.reasons import NotNow, require
from desk import policies
from desk.models import CatalogueDraft, DraftChange
from desk.queries.catalogue_tables import against, last_catalogue, tables_of, tables_of_draft
from desk.rules.editions import labels_of
from desk.rules.pack import Fault, PackError
from desk.rules.pack.catalogue import (
    FILES,
    TABLE_OF,
    Tables,
    faults_in,
    key_of,
    name_of,
    read_file,
    stored,
)
from desk.rules.pack.tables import Row
from desk.stages import ChangeKind

NEW = "new"
CODE = (
    "catalogue.csv",
    "code",
)  # a commitment item waits here for its clauses: said when the draft is proposed


def draft_held(draft: CatalogueDraft) -> tuple[Book, CatalogueDraft]:
    """Take the county's book and return it with the draft as it now is; called inside the act's transaction."""
    (book,) = lock(county_book().pk)
    found = CatalogueDraft.objects.select_related("base", "opened_by", "proposed_by")
    return book, found.get(pk=draft.pk)


@transaction.atomic
def open_catalogue_draft(*, title: str, by: Membership, at: datetime) -> CatalogueDraft:
    """起草: a draft that says what the newest edition says; NotNow where no edition is there yet."""
    permit(None, policies.administrator, by=by, at=at)
    (book,) = lock(county_book().pk)
    base = last_catalogue()
    if base is None:
        raise NotNow([_("清单还没有载入：请先载入县规则包。")])
    words = " ".join(title.split())
    if not words:
        raise ValidationError({"title": _("请写明为什么修订。")})
    draft = CatalogueDraft.objects.create(
        base=base, title=words, tables=stored(tables_of(base)), opened_by=by, opened_at=at
    )
    record(book, "open_catalogue_draft", by=by, at=at, draft=draft.pk, base=base.number)
    return draft


@transaction.atomic
def change_row(
    draft: CatalogueDraft, *, table: str, row: str, cells: Mapping[str, str], by: Membership, at: datetime,
    after: int | None = None,
) -> CatalogueDraft:  # fmt: skip
    """改一行, or add one (`row` is `new`); `after` is the draft's version when it was looked at.

    Raises ValidationError by column where the row would break a rule, NotNow where somebody changed it since.
    """
    book, draft = held_open(draft, by, at)
    tables, file = tables_of_draft(draft), file_of(table)
    _unchanged_since(draft, file, row, after)
    rows = tables[file]
    was = None if row == NEW else _named(file, rows, row)
    made = _made(file, was, rows, cells)
    if was is None:
        rows.append(made)
    else:
        rows[rows.index(was)] = made
    _refuse_faults(draft, tables, file, made)
    said = _cells_said(was or {}, made)
    if said:
        kind = ChangeKind.ADDED if was is None else ChangeKind.CHANGED
        keep_changes(draft, tables, book, [_change(file, made, kind, said)], by=by, at=at)
    return draft


@transaction.atomic
def strike_row(
    draft: CatalogueDraft, *, table: str, row: str, by: Membership, at: datetime, after: int | None = None
) -> CatalogueDraft:  # fmt: skip
    """删一行; of an item its materials and clauses go too. ValidationError where a red line would go with it."""
    book, draft = held_open(draft, by, at)
    tables, file = tables_of_draft(draft), file_of(table)
    _unchanged_since(draft, file, row, after)
    gone = _named(file, tables[file], row)
    struck = [_change(file, gone, ChangeKind.STRUCK, [])]
    tables[file].remove(gone)
    if file == "catalogue.csv":
        for other in ("materials.csv", "clauses.csv"):
            lost = [r for r in tables[other] if r["item_code"] == gone["code"]]
            struck += [_change(other, r, ChangeKind.STRUCK, []) for r in lost]
            tables[other] = [r for r in tables[other] if r["item_code"] != gone["code"]]
        _refuse_faults(draft, tables, file, None)
    keep_changes(draft, tables, book, struck, by=by, at=at)
    return draft


@transaction.atomic
def load_tables(
    draft: CatalogueDraft, *, files: Mapping[str, bytes], by: Membership, at: datetime
) -> CatalogueDraft:
    """上传整表: one or several tables at once, all or nothing; each fault with file, line and column.

    Raises ValidationError with every fault of the files, and with what they would make wrong in the others.
    """
    book, draft = held_open(draft, by, at)
    if not files:
        raise ValidationError(_("请至少选一个文件。"))
    tables = tables_of_draft(draft)
    against_base = against(tables_of(draft.base))
    before = {(f.file, f.column, f.message) for f in faults_in(tables, against_base)}
    faults = _read_into(tables, files)
    if not faults:
        found = faults_in(tables, against_base)
        faults = [
            f for f in found if f.file in files or (f.file, f.column, f.message) not in before
        ]
    if faults:
        raise ValidationError([str(fault) for fault in faults])
    changes = [
        DraftChange(file=file, what=ChangeKind.TABLE, said=[["rows", "", str(len(tables[file]))]])
        for file in files
    ]
    keep_changes(draft, tables, book, changes, by=by, at=at)
    return draft


def _read_into(tables: Tables, files: Mapping[str, bytes]) -> list[Fault]:
    faults: list[Fault] = []
    for file, data in files.items():
        try:
            tables[file_of(file)] = read_file(file, data)
        except PackError as error:
            faults += error.faults
    return faults


def file_of(table: str) -> str:
    """Return the file of a table named `materials` or `materials.csv`; ValidationError for any other."""
    file = table if table.endswith(".csv") else f"{table}.csv"
    if file not in FILES:
        raise ValidationError({"table": _("没有这张表：%(table)s") % {"table": table}})
    return file


def held_open(draft: CatalogueDraft, by: Membership, at: datetime) -> tuple[Book, CatalogueDraft]:
    """Take the county's book; return it with the draft, which is open, for the administrator who changes it."""
    permit(None, policies.administrator, by=by, at=at)
    book, draft = draft_held(draft)
    require(draft, policies.draft_is_open)
    return book, draft


def _unchanged_since(draft: CatalogueDraft, file: str, row: str, after: int | None) -> None:
    if after is None or row == NEW:
        return
    later = DraftChange.objects.filter(draft=draft, file=file, row__in=("", row), version__gt=after)
    if later.exists():
        raise NotNow([_("刚刚有人改过这一行，请重新打开再改。")])


def _named(file: str, rows: Iterable[Row], row: str) -> Row:
    found = next((one for one in rows if name_of(file, one) == row), None)
    if found is None:
        raise NotNow([_("草案里没有这一行，或者已经被人删除。")])
    return found


def _made(file: str, was: Row | None, rows: list[Row], cells: Mapping[str, str]) -> Row:
    """Return the row as it would be; what names a row is given once, when it is added."""
    heads = TABLE_OF[file].offered(rows)
    if unknown := sorted(set(cells) - set(heads)):
        raise ValidationError({"cells": _("没有这一列：%(name)s") % {"name": unknown[0]}})
    old: Mapping[str, str] = was or {}
    given = {name: text.strip() for name, text in cells.items()}
    made = Row({head: given.get(head, old.get(head, "")) for head in heads})
    for name in TABLE_OF[file].optional:
        if not made[name] and name not in (was or {}):
            del made[name]  # a column that the table does not have yet stays away
    made.line = was.line if was is not None else max((r.line for r in rows), default=1) + 1
    keys = TABLE_OF[file].key
    if was is not None and key_of(file, made) != key_of(file, was):
        raise ValidationError({keys[-1]: _("编号和名称不能改：请删除这一行，另加一行。")})
    if was is None and any(key_of(file, made) == key_of(file, one) for one in rows):
        raise ValidationError({keys[-1]: _("已经有这一行。")})
    return made


def _refuse_faults(draft: CatalogueDraft, tables: Tables, file: str, row: Row | None) -> None:
    """Refuse what is wrong in this row (None: with a row that is gone), by column."""
    line = row.line if row is not None else 1
    wrong: dict[str, list[str]] = {}
    for fault in faults_in(tables, against(tables_of(draft.base))):
        waits = row is not None and (fault.file, fault.column) == CODE
        if (fault.file, fault.line) == (file, line) and not waits:
            wrong.setdefault(fault.column, []).append(fault.message)
    if wrong:
        raise ValidationError(wrong)


def _cells_said(was: Mapping[str, str], now: Mapping[str, str]) -> list[list[str]]:
    return [[name, was.get(name, ""), text] for name, text in now.items() if was.get(name, "") != text]  # fmt: skip


def _change(file: str, row: Row, what: ChangeKind, said: list[list[str]]) -> DraftChange:
    label, _english = labels_of(file, row)
    return DraftChange(file=file, row=name_of(file, row), label=label, what=what, said=said)


def keep_changes(
    draft: CatalogueDraft, tables: Tables, book: Book, changes: list[DraftChange], *, by: Membership,
    at: datetime,
) -> None:  # fmt: skip
    """Write the draft, who changed what, and the act into the county's book."""
    draft.tables, draft.version = stored(tables), draft.version + 1
    draft.save(update_fields=["tables", "version"])
    for change in changes:
        change.draft, change.version, change.by, change.at = draft, draft.version, by, at
    DraftChange.objects.bulk_create(changes)
    said = [[c.file, c.label, c.what, [name for name, _was, _now in c.said]] for c in changes]
    record(
        book, "change_catalogue_draft", by=by, at=at, draft=draft.pk, version=draft.version, rows=said
    )  # fmt: skip
