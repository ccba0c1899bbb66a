"""The register of notices: words found by grams against reading every text, the deepest page against the first.

The naive way is `icontains` over the same text, newest first, twenty of them. Words of two and four characters: common,
rare, and such that nobody has. Both ways must find the same notices, or there is no figure. The bars: a search at least
100 times as fast on PostgreSQL and 500 times on SQLite, over all words together; the deepest page at most 1.5 times the
first. All by the time of a processor, the database's own among it.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from benchmarks.county import own_database, ready
from benchmarks.measure import (
    Figures,
    Variant,
    arguments,
    backend_of,
    finish,
    in_turn,
    processor_of,
)

SHOWN = 20
AGAIN = 20  # times that words are asked for by grams where they are read once: a processor's clock ticks slowly
OPEN_TEXTS = """
    INSERT INTO public_notice_opentext (notice_id, edition, gaps, as_json, as_csv)
    SELECT n.id, k.edition, k.gaps, replace(k.as_json, %s, n.public_id), replace(k.as_csv, %s, n.public_id)
    FROM public_notice_notice n, public_notice_opentext k WHERE k.notice_id = %s AND n.id > %s"""
INDEXES = """
    SELECT i.indexname, i.indexdef FROM pg_indexes i
    WHERE i.schemaname = current_schema() AND i.tablename = ANY(%s) AND NOT EXISTS (
        SELECT FROM pg_constraint c JOIN pg_class k ON k.oid = c.conindid WHERE k.relname = i.indexname)"""
CHUNK = 5_000
DAYS = 120  # on which what was asked of departments began
STEP = 1_000  # between the keys of what was asked of one project and of the next
OF_A_PROJECT = 5  # notices of one project
SEED = 20180108
TOWNS = ("辽阳", "桐峪", "麻田", "芹泉", "拐儿", "寒王", "石匣", "龙泉", "粟城", "羊角")
WHAT = (
    "食品加工",
    "光伏发电",
    "储能电站",
    "冷链仓储",
    "建材生产",
    "农机维修",
    "中药材种植",
    "文化旅游",
    "煤机配件",
    "小杂粮",
)
FIRMS = "恒盛瑞丰源泰华兴隆昌达信诚安康宏远鑫利祥和顺通茂荣光明春晖嘉禾润泽锦绣金玉长青永固"


def texts(rows: int, chance: random.Random) -> Iterator[str]:
    """Yield texts as notices have them, one in a thousand with a brand of its own."""
    for number in range(rows):
        town, what = chance.choice(TOWNS), chance.choice(WHAT)
        firm = "".join(chance.choices(FIRMS, k=3 if number % 1000 else 4))
        code = f"2018-140722-{chance.randrange(10, 99)}-03-{number:06d}"
        yield f"左权县{firm}有限公司“{town}镇{what}项目”承诺公示\n{code}\n左权县{town}镇\n左承公〔2018〕{number}号"


def fill(rows: int) -> None:
    """Walk one case to its notice and put so many more beside it, of projects of their own, each with its own text."""
    from django.db import connection, transaction

    from approvals.models import Filing
    from core.ledger.models import Book
    from prereview.models import Opinion, Slot
    from public_notice.models import Notice, NoticeText, OpenText
    from tests.conftest import everybody, instant
    from tests.walk import walk

    way = walk(everybody(), instant("2018-05-14 09:00"), to="noticed")
    filing, notice, book = way.filing, way.notice, Book.objects.order_by("-pk")[0]
    projects = -(-rows // OF_A_PROJECT)
    named = {"public_id": "'f' || n", "number": "'f' || n", "book_id": f"{book.pk} + n"}
    noticed = {"filing_id": f"{filing.pk} + 1 + (n - 1) / {OF_A_PROJECT}", "stage": "'clean'"}
    noticed |= {"public_id": "'n' || n", "closed_at": "due_at"}
    filled = Book, Filing, Notice, NoticeText, OpenText, Slot, Opinion
    with transaction.atomic(), connection.cursor() as cursor, _bare(cursor, filled):
        alike(cursor, Book, book.pk, projects, code="'bench:' || n")
        alike(cursor, Filing, filing.pk, projects, **named)
        alike(cursor, Notice, notice.pk, rows, **noticed)
        _opinions(cursor, filing, projects)
        _write_texts(cursor, notice, rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _opinions(cursor: Any, filing: Any, projects: int) -> None:
    """Give each project what was asked of the departments and what they said, begun on one of so many days."""
    from prereview.models import Opinion, Slot

    for slot in Slot.objects.filter(filing=filing):
        key, moved = f"{slot.pk} + n * {STEP}", f"{filing.pk} + n"
        dated = {name: _earlier(cursor, name) for name in ("started_at", "due_at", "ended_at")}
        alike(cursor, Slot, slot.pk, projects, id=key, filing_id=moved, **dated)
        for said in Opinion.objects.filter(stands_in=slot):
            own = {"id": f"{said.pk} + n * {STEP}", "slot_id": key, "stands_in_id": key}
            own["effective_at"] = _earlier(cursor, "effective_at")
            alike(cursor, Opinion, said.pk, projects, **own)


def _earlier(cursor: Any, column: str) -> str:
    """Return an instant some days earlier, in SQL by the number n."""
    if cursor.db.vendor == "postgresql":
        return f"{column} - (n %% {DAYS}) * INTERVAL '1 day'"
    return f"strftime('%Y-%m-%d %H:%M:%f', {column}, '-' || (n %% {DAYS}) || ' days')"


@contextmanager
def _bare(cursor: Any, models: tuple[Any, ...]) -> Iterator[None]:
    """Write into tables without triggers, and without indexes but those of keys."""
    from benchmarks.multiply import _no_triggers

    with _no_triggers(cursor), built_after(cursor, models):
        yield


@contextmanager
def built_after(cursor: Any, models: tuple[Any, ...]) -> Iterator[None]:
    """Write rows of some tables with no index but those of keys; the others are built of all rows afterwards."""
    tables = [model._meta.db_table for model in models]
    if cursor.db.vendor != "postgresql":
        yield
        cursor.execute(f"INSERT INTO {tables[3]}_grams({tables[3]}_grams) VALUES ('rebuild')")
        return
    cursor.execute(INDEXES, [tables])
    indexes = cursor.fetchall()
    for name, _made in indexes:
        cursor.execute(f"DROP INDEX {cursor.db.ops.quote_name(name)}")
    yield
    # What foreign keys still wait to be looked at keeps an index from being built.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
    for _name, made in indexes:
        cursor.execute(made)


def _write_texts(cursor: Any, notice: Any, rows: int) -> None:
    """Write what notices are found by, and what open data says of each: as of the one that was walked."""
    _write_words(cursor, notice.pk + 1, rows)
    cursor.execute(OPEN_TEXTS, [notice.public_id, notice.public_id, notice.pk, notice.pk])


def _write_words(cursor: Any, first: int, rows: int) -> None:
    from public_notice.models import NoticeText

    every = _texts(first, texts(rows, random.Random(SEED)))
    if cursor.db.vendor == "postgresql":
        with cursor.copy(
            f"COPY {NoticeText._meta.db_table} (notice_id, text, grams) FROM STDIN"
        ) as to:
            for one in every:
                to.write_row(one)
        return
    while some := list(islice(every, CHUNK)):
        cursor.executemany(
            f"INSERT INTO {NoticeText._meta.db_table} (notice_id, text, grams) VALUES (%s, %s, %s)",
            some,
        )


def alike(cursor: Any, model: Any, key: int, count: int, **own: str) -> None:
    """Let the database write so many rows like one; `own` are the columns that differ, in SQL by the number n."""
    from django.db import connection

    names = [field.column for field in model._meta.concrete_fields]
    own = {"id": f"{key} + n", **own}
    quoted = [connection.ops.quote_name(name) for name in names]
    values = [own.get(name, mark) for name, mark in zip(names, quoted, strict=True)]
    table = connection.ops.quote_name(model._meta.db_table)
    cursor.execute(
        "WITH RECURSIVE k(n) AS (SELECT CAST(1 AS INTEGER) UNION ALL SELECT n + 1 FROM k WHERE n < %s) "
        f"INSERT INTO {table} ({', '.join(quoted)}) SELECT {', '.join(values)} FROM {table}, k WHERE id = %s",
        [count, key],
    )


def _texts(first: int, said: Iterator[str]) -> Iterator[tuple[int, str, str]]:
    from core.grams import folded, grams

    for key, lines in enumerate(said, first):
        text = "\n".join(map(folded, lines.splitlines()))
        yield key, text, " ".join(grams(text))


def by_reading(word: str) -> list[int]:
    """Return the newest that hold a word, by reading the texts."""
    from public_notice.models import Notice

    found = Notice.objects.filter(words__text__icontains=word).order_by("-published_at", "-pk")
    return list(found.values_list("pk", flat=True)[:SHOWN])


def by_grams(word: str) -> list[int]:
    """Return the newest that hold a word, as the register finds them."""
    from public_notice.queries.register import WORDS

    return WORDS.keys(word, SHOWN)


def words(chance: random.Random) -> dict[str, list[str]]:
    """Return the words asked for: common ones, brands that some have, codes of one, and what nobody has."""
    from public_notice.models import NoticeText

    last = NoticeText.objects.order_by("-pk").values_list("text", flat=True)
    some = [last[chance.randrange(last.count())] for _word in range(4)]
    return {
        "common": ["项目", "麻田", "食品加工", "承诺公示"],
        "rare": [text[3:5] for text in some[:2]] + [text[3:7] for text in some[2:]],
        "one": [text.splitlines()[1][-9:] for text in some],
        "none": ["月球", "蓬莱", "海底隧道", "核聚变堆"],
    }


def compare(repeat: int, rows: int) -> Figures:
    """Fill a register and time it."""
    figures = Figures(f"register of {rows:,} notices")
    with own_database():
        fill(rows)
        timed(figures, repeat)
    return figures


def timed(figures: Figures, repeat: int) -> None:
    """Time both ways, word by word, and the pages from the first to the deepest."""
    from django.db import connection

    from public_notice.models import Notice

    asked = words(random.Random(SEED))
    slow = fast = 0.0
    clock = processor_of(*backend_of(connection))
    for kind, some in asked.items():
        for word in some:
            assert by_reading(word) == by_grams(word), f"{word}: not the same notices"
        both = [
            Variant("icontains", _all(by_reading, some)),
            Variant("grams", _all(by_grams, some * AGAIN)),
        ]
        in_turn(both, repeat, clock=clock)
        figures.show(both, f"{kind}: {' '.join(some)}")
        slow, fast = slow + both[0].median, fast + both[1].median
    figures.goal(
        "times as fast", slow / fast, least=100 if connection.vendor == "postgresql" else 500
    )
    keys = Notice.objects.order_by("pk").values_list("pk", flat=True)
    pages = [
        Variant("first page", _page("")),
        Variant("deepest page", _page(str(keys[SHOWN + 1]))),
    ]
    in_turn(pages, repeat * 3, clock=clock)
    figures.show(pages, "a page of the list, count and all")
    figures.goal("deepest page, times the first", pages[1].median / pages[0].median, most=1.5)


def _all(way: Callable[[str], list[int]], some: list[str]) -> Callable[[], int]:
    def run() -> int:
        for word in some:
            way(word)
        return len(some)

    return run


def _page(before: str) -> Callable[[], int]:
    from public_notice.queries.register import Asked, page_of
    from tests.conftest import instant

    at = instant("2018-06-20 09:00")

    def run() -> int:
        for _turn in range(20):
            assert len(page_of(Asked(), at, before=before).rows) == SHOWN
        return 20

    return run


def main() -> None:
    """Run it on the database that DATABASE_URL names."""
    rows: dict[str, object] = {
        "type": int,
        "default": 100_000,
        "help": "how many notices there are",
    }
    asked = arguments(__doc__ or "", rows=rows)
    ready()
    finish(compare(asked.repeat, asked.rows), asked.json)


if __name__ == "__main__":
    main()
