"""Compare two records of the tests: on both databases the same tests ran, and the same were skipped.

A test that touches no database is in the first record alone, and one of those that are dealt is in one of the two; both
say so there (tests/share.py). Beside each record stands what was left to the other database: there it must have run.
"""

import json
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

SHOWN = 10


KINDS = ("none", "dealt", "both")


def outcomes(record: Path) -> dict[str, dict[str, str]]:
    """Return for each kind of KINDS what became of its tests: passed, skipped or failed."""
    found: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
    for case in ET.parse(record).iter("testcase"):  # noqa: S314  # written by our own tests a moment ago
        said = {one.get("value") for one in case.iter("property") if one.get("name") == "database"}
        kind = next((kind for kind in KINDS if kind in said), "both")
        parts = {part.tag for part in case}
        what = (
            "failed"
            if parts & {"failure", "error"}
            else "skipped"
            if "skipped" in parts
            else "passed"
        )
        found[kind][f"{case.get('classname')}::{case.get('name')}"] = what
    return found


def left(record: Path) -> set[str]:
    """Return the tests that one database left to the other."""
    return {*json.loads(record.with_suffix(".left").read_text(encoding="utf-8"))}


def _lost(first: Path, second: Path) -> list[str]:
    """Return the tests that each database left to the other, so that none did them."""
    here, there = outcomes(first), outcomes(second)
    done = {first: {*here["dealt"], *here["none"]}, second: {*there["dealt"]}}
    return sorted((left(first) - done[second]) | (left(second) - done[first]))


def main(first: Path, second: Path) -> None:
    """Say how many tests both records share; end with a line for each test in which they differ."""
    here, there = outcomes(first), outcomes(second)
    if there["none"] or not here["none"]:
        sys.exit(f"error: what touches no database is in {second.stem}, or nowhere")
    if twice := sorted(here["dealt"].keys() & there["dealt"].keys()):
        sys.exit(f"error: dealt to both databases: {', '.join(twice[:SHOWN])}")
    if len(here["dealt"]) != len(there["dealt"]):
        counts = f"{len(here['dealt'])} to {first.stem}, {len(there['dealt'])} to {second.stem}"
        sys.exit(f"error: not as many tests were dealt to both: {counts}")
    if lost := _lost(first, second):
        sys.exit(f"error: left by both databases to each other: {', '.join(lost[:SHOWN])}")
    one, other = here["both"], there["both"]
    differ = [
        f"{name}: {one.get(name, 'not run')} in {first.stem}, {other.get(name, 'not run')} in {second.stem}"
        for name in sorted(one.keys() | other.keys())
        if one.get(name) != other.get(name)
    ]
    if differ or not one:
        lines = "\n".join(differ[:SHOWN])
        sys.exit(
            f"error: the databases were not tested alike ({len(differ)} tests differ)\n{lines}"
        )
    print(f"==> the same {len(one)} tests on both databases: {_counts(one)}")
    for record, found in ((first, here), (second, there)):
        print(
            f"==> {len(found['dealt'])} tests dealt to {record.stem} alone: {_counts(found['dealt'])}"
        )
        print(f"==> {len(one) + len(found['dealt'])} tests touched the database of {record.stem}")
    print(f"==> {len(here['none'])} tests that touch no database, once: {_counts(here['none'])}")


def _counts(outcome: dict[str, str]) -> str:
    found = list(outcome.values())
    return ", ".join(f"{found.count(what)} {what}" for what in ("passed", "skipped", "failed"))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
