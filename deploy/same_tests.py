"""Compare two records of the tests: on both databases the same tests ran, and the same were skipped."""

import sys
from pathlib import Path
from xml.etree import ElementTree as ET

SHOWN = 10


def outcomes(record: Path) -> dict[str, str]:
    """Return what became of each test: passed, skipped or failed."""
    found = {}
    for case in ET.parse(record).iter("testcase"):  # noqa: S314  # written by our own tests a moment ago
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
    one, other = outcomes(first), outcomes(second)
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
    counts = ", ".join(
        f"{list(one.values()).count(what)} {what}" for what in ("passed", "skipped", "failed")
    )
    print(f"==> the same {len(one)} tests on both databases: {counts}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
