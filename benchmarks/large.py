"""The register and open data of a province, 1,000,000 notices of 200,000 projects, filled once and timed together.

What is timed, and the bars, are those of `register` and `open_data`; how much memory and how many seconds it takes to
reckon the statistics of such a year anew is said last. It is no part of `make bench`: it needs some 10 GB for an hour.
"""

import time

from benchmarks import open_data, register
from benchmarks.county import own_database, ready
from benchmarks.measure import Figures, arguments, finish, peak_memory


def compare(repeat: int, rows: int) -> Figures:
    """Fill a register once, time both, then the statistics of the year."""
    from django.core.wsgi import get_wsgi_application
    from django.urls import get_resolver

    from core import clock
    from tests.conftest import instant

    figures = Figures(f"province of {rows:,} notices")
    site = get_wsgi_application()
    get_resolver().url_patterns  # noqa: B018 - all code is read before the hour begins, and no later state of it
    with own_database(), open_data.plain_files():
        began = time.monotonic()
        register.fill(rows)
        tell(figures, f"filled in {time.monotonic() - began:.0f} s")
        register.timed(figures, repeat)
        tell(figures, "— open data")
        now = clock.driven(instant("2018-06-20 09:00"))
        open_data.timed(figures, site, repeat, now)
        tell(figures, "— statistics")
        of_statistics(figures)
        tell(figures)
    return figures


def of_statistics(figures: Figures) -> None:
    """Reckon the figures of the year anew, and say what that took."""
    from public_notice.queries.figures import figures_of, span_of
    from tests.conftest import instant

    began, used = time.monotonic(), time.process_time()
    found = figures_of(span_of("2018"), instant("2018-06-20 09:00"))
    took = f"{time.monotonic() - began:.1f} s, {time.process_time() - used:.1f} s of a processor"
    said = f"of {found['rows'].total():,} opinions and {found['happened'].total():,} events"
    figures.lines.append(f"statistics {said} anew: {took}; {peak_memory():.0f} MB at the most")
    figures.values["statistics anew"] = time.monotonic() - began


def tell(figures: Figures, line: str = "") -> None:
    """Say at once what has been found: an hour is long."""
    figures.lines += [line] * bool(line)
    print("\n".join(figures.lines[figures.values.setdefault("told", 0) :]), flush=True)  # type: ignore[misc]
    figures.values["told"] = len(figures.lines)


def main() -> None:
    """Run it on the database that DATABASE_URL names."""
    rows: dict[str, object] = {"type": int, "default": 1_000_000, "help": "how many notices"}
    asked = arguments(__doc__ or "", rows=rows)
    ready()
    finish(compare(asked.repeat, asked.rows), asked.json)


if __name__ == "__main__":
    main()
