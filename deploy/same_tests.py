"""Compare two records of the tests: on both databases the same tests ran, and the same were skipped.

A test that touches no database is in the first record alone, and says so there (tests/share.py).
"""

import sys
from pathlib import Path
from xml.etree import ElementTree as ET

SHOWN = 10


def outcomes(record: Path, *, apart: bool) -> dict[str, str]:
    """Return what became of each test, passed, skipped or failed: of those that touch no database, or of the others."""
    found = {}
    for case in ET.parse(record).iter("testcase"):  # noqa: S314  # written by our own tests a moment ago
        said = {(one.get("name"), one.get("value")) for one in case.iter("property")}
        if (("database", "none") in said) != apart:
            continue
        parts = {part.tag for part in case}
        what = (
            "failed"
            if parts & {"failure", "error"}
            else "skipped"
            if "skipped" in parts
            else "passed"
        )
        found[f"{case.get('classname')}::{case.get('name')}"] = what
    return found


def main(first: Path, second: Path) -> None:
    """Say how many tests both records share; end with a line for each test in which they differ."""
    one, other = outcomes(first, apart=False), outcomes(second, apart=False)
    once, twice = outcomes(first, apart=True), outcomes(second, apart=True)
    if twice or not once:
        sys.exit(f"error: what touches no database is in {second.stem}, or nowhere")
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
    print(f"==> {len(once)} tests that touch no database, once: {_counts(once)}")


def _counts(outcome: dict[str, str]) -> str:
    found = list(outcome.values())
    return ", ".join(f"{found.count(what)} {what}" for what in ("passed", "skipped", "failed"))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
