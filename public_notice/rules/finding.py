"""By which words a notice is found: by what it says, and by the initials of how its names and its place are read."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from core.grams import folded

OF_PROJECT = ("name", "code", "location", "scale")
OF_ENTERPRISE = ("name", "uscc")
OF_CLAUSE = ("item", "department")


def words_of(content: Mapping[str, Any], number: str, *more: str) -> str:
    """Return the text to search, one thing a line: a word that is found never runs over from one into the next.

    `content` is what was admitted to the public; `number` is that of the paper; `more` is what else is public of it.
    """
    lines = dict.fromkeys(folded(line) for line in (*_said(content), number, *more))
    return "\n".join(line for line in lines if line)


def _said(content: Mapping[str, Any]) -> Iterator[str]:
    project, enterprise = content.get("project", {}), content.get("enterprise", {})
    yield content.get("title", "")
    yield from (str(project.get(name, "")) for name in OF_PROJECT)
    yield from (str(enterprise.get(name, "")) for name in OF_ENTERPRISE)
    yield content.get("letter_number", "")
    for clause in content.get("clauses", ()):
        yield from (str(clause.get(name, "")) for name in OF_CLAUSE)
    yield from (initials(str(part.get("name", ""))) for part in (project, enterprise))
    yield initials(str(project.get("location", "")))


@lru_cache(maxsize=1024)
def initials(name: str) -> str:
    """Return the first letters of a name as it is read: 左权县 is zqx; what is not Chinese stays as it is."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - 58 MB that only whoever publishes needs

    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))
