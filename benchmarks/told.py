"""What the floor of a sweep is told, and what it has to come to: a sweep is made, read row by row, and taken back.

Told is what only the rules know: what each slot came to and since when, how its days counted, until when the minutes
are due; and the check codes that chance drew, so that every digest can be compared.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from benchmarks.silences import Portion
from benchmarks.wording import teach
from core.composed import encode

MARK = "左承默"
Rows = dict[str, list[str]]


def _named(portion: Portion) -> dict[str, dict[int, str]]:
    """Return what the rows are called that a sweep has added: their keys are the database's."""
    from approvals.models import StageLimit
    from core.documents.models import Paper
    from prereview.models import MakeUp, Opinion

    books = portion.books()
    drawn = dict(Opinion.objects.filter(slot__book__in=books).values_list("pk", "slot"))
    duties = dict(MakeUp.objects.filter(book__in=books).values_list("pk", "slot"))
    papers = dict(Paper.objects.filter(book__in=books).values_list("pk", "number"))
    limits = StageLimit.objects.filter(book__in=books).values_list("pk", "filing", "rule")
    return {
        "Opinion": {key: f"of {slot}" for key, slot in drawn.items()},
        "MakeUp": {key: f"of {slot}" for key, slot in duties.items()},
        "Paper": papers,
        "StageLimit": {key: f"{rule} of {filing}" for key, filing, rule in limits},
    }


def rows_of(portion: Portion) -> Rows:
    """Return by table what its rows say that bear on a portion, each column of each, whoever wrote them.

    Of a large portion what each row says is kept as a number.
    """
    from approvals.models import StageLimit
    from core.documents.models import Paper
    from core.ledger.models import Book, Entry
    from core.notify.models import Message
    from prereview.models import MakeUp, Opinion, Slot

    named, books = _named(portion), portion.books()
    told = {f"default:{key}>": f"default {name}>" for key, name in named["Opinion"].items()}
    told |= {
        f"escalated:approvals.stagelimit:{key}:P5c>": f"late {name}>"
        for key, name in named["StageLimit"].items()
    }
    of_books = {model: {"book__in": books} for model in (Paper, MakeUp, StageLimit, Entry, Slot)}
    asked: dict[Any, dict[str, Any]] = {
        Opinion: {"slot__book__in": books}, **of_books, Book: portion.keys, Message: {"key__contains": ">"},
    }  # fmt: skip
    found: Rows = {}
    for model, which in asked.items():
        rows = model.objects.filter(**which).values()
        spoken = (_spoken(row, model, named) for row in rows)
        if model is Message:
            spoken = (_told(row, told) for row in spoken if row["key"].split(">")[0] + ">" in told)
        texts = map(repr, spoken)
        found[model.__name__] = sorted(
            texts if portion.few else (str(hash(text)) for text in texts)
        )
    return found


def _spoken(row: dict[str, Any], model: Any, named: Mapping[str, Mapping[int, str]]) -> Any:
    """Return a row with names instead of keys that the database drew, and JSON in its one form."""
    if model.__name__ in (*named, "Entry", "Message"):
        del row["id"]
    for name, value in row.items():
        if isinstance(value, dict | list):
            row[name] = encode(value)
        of = named.get(getattr(model._meta.get_field(name).related_model, "__name__", ""), {})
        row[name] = of.get(value, row[name]) if isinstance(value, int) else row[name]
    return row


def _told(row: dict[str, Any], told: Mapping[str, str]) -> dict[str, Any]:
    occasion, _mark, person = row["key"].partition(">")
    return {**row, "key": told[f"{occasion}>"] + person}


@dataclass(frozen=True)
class Told:
    """What a sweep of a portion would write, and of it what the floor is told; of what is alike in all, one row."""

    rows: Rows
    slots: list[tuple[Any, ...]]
    minutes: list[tuple[Any, ...]]
    proof: dict[str, Any]
    contents: dict[str, dict[str, Any]]  # by position
    like: dict[str, Any]  # by table
    last: int  # the number of the last notice before


def told(portion: Portion, now: datetime) -> Told:
    """Sweep a portion and take it back; return what the floor needs of it."""
    from django.db import transaction

    from core import clock
    from core.deadlines.services import sweep
    from core.documents.models import Series

    before = Series.objects.filter(mark=MARK, year=now.year).values_list("last", flat=True).first()
    with transaction.atomic():
        portion.fall_due()
        with clock.driven(now):
            sweep(now)
        found = _found(portion, now, before or 0)
        transaction.set_rollback(True)
    return found


def _found(portion: Portion, now: datetime, last: int) -> Told:
    from approvals.models import StageLimit
    from core.notify.models import Message
    from prereview.models import Opinion

    slots, contents, like = [], {}, {}
    drawn = Opinion.objects.filter(slot__book__in=portion.books(), recorded_at=now)
    for one in drawn.select_related("paper", "make_up").order_by("pk"):
        content, proof = one.paper.content if one.paper else {}, one.proof
        if one.paper:
            contents[one.position] = content
            like |= {"Opinion": one, "Paper": one.paper, "MakeUp": one.make_up}
        slots.append((
            one.slot_id, one.position, one.effective_at, proof["stands_since"],
            *(encode(proof[name]) for name in ("days", "notice_days", "suspensions")),
            *(encode(content.get(name)) for name in ("day_table", "limit")),
            content.get("suspension_text", ""), one.paper.code if one.paper else "",
        ))  # fmt: skip
    begun = StageLimit.objects.filter(
        book__in=portion.books(), rule="P5c", escalated_at__isnull=False
    )
    like["StageLimit"] = begun[0]
    like["Message"] = Message.objects.get(
        key__startswith=f"default:{like['Opinion'].pk}>", to__role="supervisor"
    )
    like["Alarm"] = Message.objects.filter(
        key__startswith=f"escalated:approvals.stagelimit:{begun[0].pk}:"
    )[0]
    minutes = list(begun.values_list("filing", "started_at", "due_at"))
    return Told(rows_of(portion), slots, minutes, drawn[0].proof, contents, like, last)


GONE = ("DROP TABLE IF EXISTS told", "DROP TABLE IF EXISTS minutes")
TOLD = (
    "CREATE TEMPORARY TABLE told (slot bigint PRIMARY KEY, position text, effective_at {instant}, stands text, "
    "days text, notice_days text, suspensions text, day_table text, limits text, stops text, code text); "
    "CREATE TEMPORARY TABLE minutes (filing bigint PRIMARY KEY, started_at {instant}, due_at {instant})"
)


def tell(told: Told) -> None:
    """Put what the floor is told into tables of its own."""
    from django.db import connection

    stored = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        teach(cursor)
        kind = "timestamptz" if connection.vendor == "postgresql" else "datetime"
        for statement in (*GONE, *TOLD.format(instant=kind).split("; ")):
            cursor.execute(statement)
        rows = [(key, position, stored(at), *rest) for key, position, at, *rest in told.slots]
        cursor.executemany(f"INSERT INTO told VALUES ({', '.join(['%s'] * 11)})", rows)
        begun = [(key, stored(start), stored(due)) for key, start, due in told.minutes]
        cursor.executemany("INSERT INTO minutes VALUES (%s, %s, %s)", begun)
        cursor.execute("ANALYZE told")
