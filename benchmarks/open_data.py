"""Open data against the bare drivers: a page of JSON, the deepest page, the whole as CSV, and the questions of each.

The floor is a WSGI function that asks the driver for the same rows and dumps them, with no framework around it; of the
CSV it is the database's own COPY to a file (PostgreSQL), or the driver's rows through a CSV writer (SQLite). All go
through the door of the real site, with every header and middleware. The bars: a page of JSON at least 0.5 of the floor,
the deepest at most 1.5 times the first, the CSV at least 0.8 of COPY with memory that does not grow with the rows.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

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
from benchmarks.register import fill

PAGE = 100
CALLS = 100
DEEP = 20  # pages at either end
SEEN = ("list", "search", "detail", "feed", "statistics")
# PostgreSQL opens a content once for a row: to unpack it is most of the work, and a floor is as good as it can be.
OPENED = " CROSS JOIN LATERAL jsonb_to_record(n.content) AS c(project jsonb, enterprise jsonb, letter_number text)"
FIELDS = (
    "n.public_id, n.title, {project}->>'code', {project}->>'name', {enterprise}->>'name', {enterprise}->>'uscc',"
    " {project}->>'location', r.code, i.section, {project}->>'scale', {project}->>'investment_text', {letter},"
    " n.published_at, n.starts_on, n.ends_on, n.stage, n.closed_at, n.end_reason"
)
FROM = (
    " FROM public_notice_notice n JOIN approvals_filing f ON f.id = n.filing_id"
    " LEFT JOIN approvals_region r ON r.id = f.site_id LEFT JOIN approvals_industry i ON i.id = f.industry_id"
)
Clock = Callable[[], float]
WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def driver() -> Any:
    """Return a connection of the bare driver to the database at hand, kept for all calls."""
    from django.db import connection

    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        import sqlite3

        return sqlite3.connect(f"file:{name}?mode=ro", uri=True)
    import psycopg

    asked = connection.settings_dict
    where = {"host": asked["HOST"], "user": asked["USER"], "password": asked["PASSWORD"]}
    told = {key: value for key, value in where.items() if value}
    return psycopg.connect(dbname=name, autocommit=True, **told)


def rows_asked() -> str:
    """Return the floor's question for all rows, without order."""
    from django.db import connection

    names = ("project", "enterprise", "letter")
    if connection.vendor == "postgresql":
        inside = {"project": "c.project", "enterprise": "c.enterprise", "letter": "c.letter_number"}
        return f"SELECT {FIELDS.format(**inside)}{FROM}{OPENED}"
    inside = {name: f"n.content->'{name}'" for name in names} | {
        "letter": "n.content->>'letter_number'"
    }
    return f"SELECT {FIELDS.format(**inside)}{FROM}"


def bare(bound: Any) -> WSGI:
    """Return the floor: one question to the driver, dumped, with nothing around it."""
    from django.db import connection

    mark = "%s" if connection.vendor == "postgresql" else "?"
    asked = f"{rows_asked()} WHERE n.id < {mark} ORDER BY n.id DESC LIMIT {PAGE}"

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        before = int(environ["QUERY_STRING"].partition("=")[2] or 2**60)
        rows = bound.execute(asked, (before,)).fetchall()
        said = json.dumps({"rows": rows}, ensure_ascii=False, default=str).encode()
        start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(said)))])
        return [said]

    return application


def environ(address: str) -> dict[str, Any]:
    """Return a request as a server hands it on."""
    path, _mark, query = address.partition("?")
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
    }


def pieces(application: WSGI, address: str) -> Iterator[bytes]:
    """Yield what a door answers; anything but 200 fails the run."""
    told: list[str] = []
    answer = application(environ(address), lambda status, _headers, *_more: told.append(status))
    try:
        yield from answer
    finally:
        getattr(answer, "close", lambda: None)()
    assert told[0].startswith("200"), (address, told)


def calls(application: WSGI, addresses: list[str]) -> Callable[[], int]:
    """Return a run over addresses, each answer read to its end."""

    def run() -> int:
        for address in addresses:
            assert sum(map(len, pieces(application, address)))
        return len(addresses)

    return run


def same(site: WSGI, floor: WSGI, address: str, other: str) -> None:
    """Demand that both say the same notices in the same order."""
    ours = json.loads(b"".join(pieces(site, address)))["rows"]
    theirs = json.loads(b"".join(pieces(floor, other)))["rows"]
    told = [(row["id"], row["enterprise"], row["project_code"]) for row in ours]
    assert told == [(row[0], row[4], row[2]) for row in theirs], address


def _nothing() -> None:
    """Leave what is kept."""


def of_json(
    figures: Figures, site: WSGI, floor: WSGI, repeat: int, keys: list[int], clock: Clock
) -> None:
    """Time pages of JSON: the newest, which everybody asks for, pages anywhere made anew each time, the deepest."""
    from django.core.cache import caches

    path = "/open/v1/notices.json"
    some = keys[PAGE :: max(1, len(keys) // CALLS)][-CALLS:]
    same(site, floor, path, "/")
    same(site, floor, f"{path}?before={some[0]}", f"/?before={some[0]}")
    kinds = {
        "the newest page": [""] * CALLS,
        "pages anywhere": [f"?before={key}" for key in some],
    }
    for kind, asked in kinds.items():
        both = [
            Variant("bare WSGI and driver", calls(floor, [f"/{one}" for one in asked])),
            Variant("the site", calls(site, [f"{path}{one}" for one in asked])),
        ]
        between = caches["open"].clear if asked[0] else _nothing
        in_turn(both, repeat, between, clock)
        figures.show(both, f"JSON, {kind}")
        figures.goal(f"JSON of the floor, {kind}", both[0].median / both[1].median, least=0.5)
    # Each is asked for by neighbouring keys, so that none is kept: a database tells its time in steps of 10 ms.
    ends = {"first page": keys[-DEEP:], "deepest page": keys[PAGE : PAGE + DEEP]}
    pages = [
        Variant(name, calls(site, [f"{path}?before={key}" for key in some]))
        for name, some in ends.items()
    ]
    in_turn(pages, repeat * 2, caches["open"].clear, clock)
    figures.show(pages, "JSON from the first to the deepest")
    figures.goal("deepest JSON, times the first", pages[1].median / pages[0].median, most=1.5)


def held() -> tuple[float, float]:
    """Return the most memory this process has held since the last `forget_peak()`, and what it holds now, in MB."""
    said = dict(
        line.split(":", 1) for line in Path("/proc/self/status").read_text("utf-8").splitlines()
    )
    return tuple(int(said[name].split()[0]) / 1024 for name in ("VmHWM", "VmRSS"))  # type: ignore[return-value]


def forget_peak() -> None:
    """Let the kernel reckon the peak of memory anew."""
    Path("/proc/self/clear_refs").write_text("5", "ascii")


def copied(bound: Any) -> int:
    """Write all rows by the database's own way; return how many bytes there were."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with bound.cursor() as cursor:
            asked = f"COPY ({rows_asked()} ORDER BY n.id DESC) TO STDOUT (FORMAT csv)"
            with cursor.copy(asked) as out:
                return sum(len(piece) for piece in out)
    made, told = 0, bound.execute(f"{rows_asked()} ORDER BY n.id DESC")
    while rows := told.fetchmany(1_000):
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        made += len(text.getvalue().encode())
    return made


def of_csv(figures: Figures, site: WSGI, bound: Any, repeat: int, rows: int, clock: Clock) -> None:
    """Time the whole as a file, and see how much memory it takes."""

    def ours() -> int:
        lines = sum(piece.count(b"\n") for piece in pieces(site, "/open/v1/notices.csv"))
        assert lines >= rows, lines
        return 1

    def theirs() -> int:
        return 1 if copied(bound) else 0

    ours()
    forget_peak()
    before = held()[1]
    both = [Variant("COPY, or rows of the driver", theirs), Variant("the site", ours)]
    in_turn(both, repeat, clock=clock)
    figures.show(both, f"CSV of everything, {rows:,} rows")
    figures.goal("CSV of the floor", both[0].median / both[1].median, least=0.8)
    figures.goal("MB more than at rest", held()[0] - before, most=32)


def of_pages(figures: Figures, site: WSGI, repeat: int, public_id: str) -> None:
    """Time what people look at, and count the questions of each: how many there are may not depend on the rows."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    addresses = {
        "list": "/notices/",
        "search": f"/notices/?q={quote('麻田')}",
        "detail": f"/notices/{public_id}/",
        "feed": "/notices/feed/",
        "statistics": "/statistics/2018/",
    }
    for name in SEEN:
        calls(site, [addresses[name]])()
        with CaptureQueriesContext(connection) as asked:
            calls(site, [addresses[name]])()
        figures.lines.append(f"{name}: {len(asked)} questions")
        figures.values[f"questions of {name}"] = len(asked)
    shown = [Variant(name, calls(site, [addresses[name]] * 5)) for name in SEEN]
    in_turn(shown, repeat)
    figures.show(shown, "pages, as they are drawn")


def compare(repeat: int, rows: int) -> Figures:
    """Fill a register and time everything that is open of it."""
    from django.core.wsgi import get_wsgi_application

    from core import clock
    from public_notice.models import Notice
    from tests.conftest import instant

    figures = Figures(f"open data of {rows:,} notices")
    with own_database(), plain_files():
        fill(rows)
        timed(figures, get_wsgi_application(), repeat, clock.driven(instant("2018-06-20 09:00")))
        figures.values["notices"] = Notice.objects.count()
    return figures


def plain_files() -> Any:
    """Return a frame in which pages name files of the site as they are: none has been collected."""
    from django.conf import settings
    from django.test.utils import override_settings

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    return override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain})


def timed(figures: Figures, site: WSGI, repeat: int, now: Any) -> None:
    """Time all of it at one instant, by the time of a processor, the database's own among it."""
    from django.db import connection

    from public_notice.models import Notice

    keys = list(Notice.objects.order_by("pk").values_list("pk", flat=True))
    public_id = Notice.objects.order_by("-pk").values_list("public_id", flat=True)[0]
    with now, closing(driver()) as bound:
        clock = processor_of(*backend_of(connection), *backend_of(bound))
        of_json(figures, site, bare(bound), repeat, keys, clock)
        of_pages(figures, site, repeat, public_id)
        of_csv(figures, site, bound, repeat, len(keys), clock)


def main() -> None:
    """Run it on the database that DATABASE_URL names."""
    rows: dict[str, object] = {"type": int, "default": 100_000, "help": "how many notices"}
    asked = arguments(__doc__ or "", rows=rows)
    ready()
    finish(compare(asked.repeat, asked.rows), asked.json)


if __name__ == "__main__":
    main()
