"""The points of a survey: one point is asked in one wording, however many departments ask it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from desk.rules.pack.tables import Row

SAID_ONCE = ("question_zh", "question_en", "source", "certainty")
_BLANKS = re.compile(r"[\s，。？！、；：（）,.?!;:()]+")


def twice(rows: Iterable[Row]) -> Iterator[tuple[Row, str, str]]:
    """Yield row, column and message where one point has two wordings, or one wording stands for two points."""
    first: dict[str, Row] = {}
    worded: dict[str, Row] = {}
    for row in rows:
        before = first.setdefault(row["topic"], row)
        for column in SAID_ONCE:
            if row[column] != before[column]:
                text = _("与第%(line)d行同一勘察要点的写法不同")
                yield row, column, text % {"line": before.line}
        plain = _BLANKS.sub("", row["question_zh"])
        same = worded.setdefault(plain, row)
        if same["topic"] != row["topic"]:
            text = _("与第%(line)d行问的是同一件事，应合并为一个要点")
            yield row, "topic", text % {"line": same.line}
