"""docs/rules.md: what silence means, limit by limit and item by item, with number, basis and certainty."""

import csv
import io
from pathlib import Path

from django.conf import settings

from approvals.stages import ItemClass
from core.deadlines.rules import RULES
from desk.queries.handbook.words import both, chinese, table
from desk.rules.usage import use_of

HEAD = """# The rules 规则

Drawn from the code and the county pack by `manage.py handbook`; a test compares it. The code declares which limits
exist, who must act and what silence may mean; the pack gives the numbers.

Certainty: A primary legal text read · B official text partly read · C press, mirror or data set · D general knowledge ·
I inference or proposal, the county's to decide. *Bound*: `max` may be made shorter by the county, `min` longer, `fixed`
not changed.

## Limits that run 运行的时限
"""
OTHERS = """
## Other numbers of the rulebook 其他数值

Terms of law the system states or reckons with, and settings of the county.
"""
ITEMS = """
## What silence may do to an opinion, item by item 逐项：沉默的后果

`yes` deemed no objection · `escalate` to the supervisor, never deemed · `if_condition_absent` deemed only where the
named fact does not hold, else escalated · `none` no opinion to give. The start gate says what must be there before the
start, whatever was said or not said.
"""


def _rows(name: str) -> list[dict[str, str]]:
    place: Path = settings.COUNTY_PACK / name
    return list(csv.DictReader(io.StringIO(place.read_text(encoding="utf-8-sig"))))


def _number(row: dict[str, str]) -> str:
    return f"{row['value']} {row['unit']}"


def limits() -> str:
    """Return the page; KeyError for a limit that the pack has no row for."""
    book = {row["id"]: row for row in _rows("rulebook.csv")}
    running = [
        (
            f"`{rule.code}`", both(rule.name), both(rule.actor), _number(book[rule.code]),
            book[rule.code]["bound"], both(rule.silence.label), book[rule.code]["basis"], book[rule.code]["certainty"],
        )
        for rule in RULES.values()
    ]  # fmt: skip
    others = [
        (f"`{row['id']}`", f"{row['name_zh']} ({row['name_en']})", _number(row), row["bound"], row["basis"],
         row["certainty"], both(use_of(row["id"])))
        for row in book.values()
        if row["id"] not in RULES
    ]  # fmt: skip
    return "\n".join(
        (
            HEAD,
            table(
                ("code", "limit", "who", "number", "bound", "in silence", "basis", "c."), running
            ),
            OTHERS,
            table(("code", "name", "number", "bound", "basis", "c.", "use"), others),
            ITEMS,
            _items(),
            "",
        )
    )


def _items() -> str:
    rows = [
        (
            f"`{row['code']}` {row['name_zh']} ({row['name_en']})", chinese(ItemClass(row["class"]).label),
            row["department_code"], row["red_line"], row["opinion_default"], row["start_gate"],
            row["legal_basis_zh"], f"{row['certainty']} / {row['legal_certainty']}",
        )
        for row in _rows("catalogue.csv")
    ]  # fmt: skip
    heads = ("item", "class", "dept.", "red line", "silence", "start gate", "basis", "c. / basis")
    return table(heads, rows)
