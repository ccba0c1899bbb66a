"""Payloads in every column that holds somebody's words: written past all services, as a row that slipped through would.

A column is words unless it is named below with what it is instead; a new one is words by itself. In a JSON text only
what has a Chinese word in it is somebody's.
"""

import functools
import gc
import json
import re
from contextlib import contextmanager

from django.apps import apps
from django.core.cache import caches
from django.db import connection, models

from tests.payloads import COUNT, corpus

OURS = ("accounts", "approvals", "desk", "documents", "inspection", "ledger", "notify", "prereview", "public_notice",
        "deadlines", "steps")  # fmt: skip
HAN = re.compile(r"[\u4e00-\u9fff]")
TOGETHER = 20  # payloads in a column at a time
ROUNDS = COUNT // TOGETHER
# What the program itself draws or reads as a key, by the name of the column, wherever it stands.
DRAWN = {
    "sha256", "content_sha256", "file_sha256", "dossier_sha256", "over_sha256", "digest", "entry_digest", "previous",
    "head", "root", "peaks", "public", "certificate", "password", "fingerprint", "key", "word", "seed", "secret",
    "commitment", "checkpoint", "opening", "algorithm", "quarter", "period", "token", "grams", "text_of_checkpoint",
}  # fmt: skip
NAMED = {
    "code", "rule", "certainty", "legal_certainty", "asker_certainty", "act", "template", "table", "row", "unit",
    "group",
    "level", "parent_code", "form", "checked_when", "produced_by", "only_if", "applies_if", "start_gate",
    "condition_fact", "opinion_default", "red_line", "statutory_unit", "fact", "duties", "language", "room",
    "value", "starts_at", "bound", "reported_by", "topic", "content_type", "called_first", "excuse_ground", "limit",
    "number", "project_code", "industry_code", "query_code",
}  # fmt: skip
# The same where the name alone does not say it.
APART = {
    "ledger.Entry.payload": "an act and its words: see _in_the_ledger",
    "documents.Paper.kind": "a key", "documents.Paper.subject": "a key", "documents.Series.mark": "a key",
    "notify.Message.link": "an address of ours", "notify.Message.calendar": "made by the library, for a program",
    "steps.Answered.who": "a key", "steps.Answered.body": "an answer as it was given",
    "approvals.Standing.kind": "a key", "accounts.County.profile": "of the pack, read by its names",
    "deadlines.CalendarEdition.notices": "of the State Council's files", "deadlines.CalendarDay.notice": "a key",
    "approvals.Filing.answers": "choices", "approvals.Filing.unanswered": "choices",
    "approvals.Question.row": "of the pack, read by its names", "ledger.Checkpoint.text": "signed, of the machine",
    "ledger.Span.code": "a key", "public_notice.NoticeText.text": "made of what is published",
    "public_notice.OpenText.as_json": "made of what is published",
    "public_notice.OpenText.as_csv": "made of what is published",
    "public_notice.Subscription.town": "a choice", "public_notice.Subscription.industry": "a choice",
    "public_notice.Subscription.department": "a choice", "public_notice.Subscription.enterprise": "a code",
    "public_notice.Subscription.address": "asked of its owner", "accounts.User.email": "asked of its owner",
    "accounts.User.first_name": "Django's, shown nowhere", "accounts.User.last_name": "Django's, shown nowhere",
    "desk.DraftChange.file": "a key", "desk.SheetTask.said": "made by the program",
    "desk.SheetTask.found": "made by the program", "desk.EditionTables.tables": "of the pack, read by its names",
    "desk.CatalogueDraft.tables": "of the pack, read by its names", "desk.EvidencePack.pins": "keys",
}  # fmt: skip


def words_of(model):
    """The columns of a model in which somebody's words stand."""
    for field in model._meta.concrete_fields:
        kept = isinstance(field, models.CharField | models.TextField | models.JSONField)
        if not kept or field.choices or field.unique or isinstance(field, models.SlugField):
            continue
        if field.name not in DRAWN | NAMED and f"{model._meta.label}.{field.name}" not in APART:
            yield field


def columns():
    """Every column of words, in a fixed order."""
    found = [m for m in apps.get_models() if m._meta.app_label in OURS]
    return [(m, field) for m in sorted(found, key=lambda m: m._meta.label) for field in words_of(m)]


def mark_of(number):
    """By what a column is known again on a page."""
    return f"[c{number}]"


def block(start, number):
    """Twenty payloads from a place of the corpus on, with the mark of their column behind the first."""
    said = corpus_twice()[start : start + TOGETHER]
    return "\n".join((said[0], mark_of(number), *said[1:]))


@functools.cache
def corpus_twice():
    """The corpus, so that a block may run over its end."""
    return corpus() * 2


def in_words(value, put):
    """A JSON value with what has a Chinese word in it replaced."""
    if isinstance(value, dict):
        return {name: in_words(one, put) for name, one in value.items()}
    if isinstance(value, list):
        return [in_words(one, put) for one in value]
    return put if isinstance(value, str) and HAN.search(value) else value


def plant(turn):
    """Put a block of payloads into every column of words of every row; over all turns each has held all of them."""
    with unguarded(), connection.cursor() as cursor:
        for number, (model, field) in enumerate(columns()):
            table, key = model._meta.db_table, model._meta.pk.column
            cursor.execute(f'SELECT "{key}", "{field.column}" FROM "{table}"')
            rows = []
            for pk, was in cursor.fetchall():
                text = block((turn * TOGETHER + 7 * number) % COUNT, number)
                if isinstance(field, models.JSONField):
                    text = json.dumps(in_words(json.loads(was or "null"), text), ensure_ascii=False)
                rows.append((text, pk))
            cursor.executemany(
                f'UPDATE OR IGNORE "{table}" SET "{field.column}" = %s WHERE "{key}" = %s', rows
            )
        _in_the_ledger(cursor, turn)
    forget()


def _in_the_ledger(cursor, turn):
    """What the entries say, too: a chain that no longer fits is nothing to a page."""
    cursor.execute('SELECT "id", "payload" FROM "ledger_entry"')
    rows = []
    for pk, payload in cursor.fetchall():
        said = json.loads(bytes(payload) if isinstance(payload, memoryview) else payload)
        text = json.dumps(
            in_words(said, block(turn * TOGETHER, len(columns()))), ensure_ascii=False
        )
        rows.append((text.encode() if isinstance(payload, bytes | memoryview) else text, pk))
    cursor.executemany('UPDATE "ledger_entry" SET "payload" = %s WHERE "id" = %s', rows)


@contextmanager
def unguarded():
    """Without the triggers that let nobody change what was written, and with them again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        try:
            yield
        finally:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
            for _name, sql in triggers:
                cursor.execute(sql)


def forget():
    """Let nothing be shown that this process has kept from before."""
    for name in caches:
        caches[name].clear()
    for one in gc.get_objects():
        # Asked by its type: an instance of something lazy would be made by the question.
        if type(one) is functools._lru_cache_wrapper and one.__module__.startswith(OURS):
            one.cache_clear()
