"""What a paper must not lack, and how large its content may be.

Beside each template `papers/<name>.html` lies `papers/<name>.required`; `common.required` holds
for every paper. One line is `path` and a Chinese label, parted by blanks; `#` starts a comment.
`items[].name` means: `items` is a list with at least one entry and each has a name.
`gaps[]?.due_text` means: the list may be empty, but each entry it has must be complete.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from core.composed import Composed, Piece

MAX_DEPTH = 12
MAX_ENTRIES = 2_000
MAX_TEXT = 20_000
MAX_TOTAL = 400_000
# What no printer can show (control characters, surrogates, private use) and what turns the reading order round.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
    "\u202a-\u202e\u2066-\u2069]"
)


@dataclass(frozen=True)
class Missing:
    """One blank place in a paper: `path` into the content, `label` for people."""

    path: str
    label: str

    def __str__(self) -> str:
        return f"{self.label}（{self.path}）"


def read_rules(file: Path) -> list[tuple[str, str]]:
    """(path, label) pairs of one `.required` file, in order. ValueError names a bad line."""
    rules = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        text = line.split("#", 1)[0].strip()
        if not text:
            continue
        path, _, label = text.partition(" ")
        if not label.strip():
            raise ValueError(f"{file.name}:{number}: a path needs a label: {path}")
        rules.append((path, label.strip()))
    return rules


def missing(rules: Sequence[tuple[str, str]], content: Mapping[str, Any]) -> list[Missing]:
    """Every blank that the rules forbid, each path once, in the order of the rules."""
    found: dict[str, Missing] = {}
    for path, label in rules:
        if not _filled(_steps(path), content):
            for blank in _blanks(_steps(path), content, ""):
                found.setdefault(blank, Missing(blank, label))
    return list(found.values())


Step = tuple[str, bool, bool]  # its name, whether it is a list, whether that may be empty


@cache
def _steps(path: str) -> tuple[Step, ...]:
    names = path.split(".")
    return tuple(
        (
            name.removesuffix("?").removesuffix("[]"),
            name.removesuffix("?").endswith("[]"),
            name.endswith("?"),
        )
        for name in names
    )


def _filled(steps: tuple[Step, ...], content: Any) -> bool:
    """Whether nothing is blank at a path, without a name for each place; in doubt it is not."""
    level = [content]
    for name, many, _may_be_empty in steps:
        inner: list[Any] = []
        for value in level:
            found: Any = value.get(name) if isinstance(value, dict) else None
            if _is_blank(found) or (many and type(found) is not list):
                return False
            if many:
                inner += found
            else:
                inner.append(found)
        level = inner
    return not any(map(_is_blank, level))


def _blanks(steps: tuple[Step, ...], value: Any, at: str) -> Iterator[str]:
    (bare, many, may_be_empty), rest = steps[0], steps[1:]
    here = f"{at}.{bare}" if at else bare
    inner = value.get(bare) if isinstance(value, Mapping) else None
    if not many:
        yield from _blanks(rest, inner, here) if rest else [here] * _is_blank(inner)
    elif _is_blank(inner) and may_be_empty:
        return
    elif _is_blank(inner) or not isinstance(inner, list | tuple):
        yield here
    else:
        for index, entry in enumerate(inner):
            place = f"{here}[{index}]"
            yield from _blanks(rest, entry, place) if rest else [place] * _is_blank(entry)


def _is_blank(value: Any) -> bool:
    if value is None or (isinstance(value, str) and (not value or value.isspace())):
        return True
    return isinstance(value, Mapping | list | tuple) and not value


Needed = Mapping[
    str, tuple[tuple[Step, ...], ...]
]  # by the first name of a path: the paths that begin with it


def needed(rules: Sequence[tuple[str, str]]) -> Needed:
    """Return what rules ask, part by part of a content."""
    found: dict[str, tuple[tuple[Step, ...], ...]] = {}
    for path, _label in rules:
        steps = _steps(path)
        found[steps[0][0]] = (*found.get(steps[0][0], ()), steps)
    return found


def in_order(asked: Needed, content: Composed) -> bool:
    """Whether a content plainly lacks nothing and is bearable; in doubt it is not.

    A piece that several contents share is looked at once.
    """
    total, there, key = (
        len(content),
        set[str](),
        id(asked),
    )  # what a template asks is put together once, and stays
    for part in content.pieces:
        size, filled = part.found.get(key) or _looked_at(part, asked)
        if size is None:
            return False
        total += size
        there |= filled
    alone = sum(map(len, content.pieces)) == len(content)  # nothing is said twice
    return alone and total <= MAX_TOTAL and asked.keys() <= there


def _looked_at(part: Piece, asked: Needed) -> tuple[int | None, set[str]]:
    """Return the size of a piece, None where it is not plainly bearable, and which of the names asked lack nothing."""
    look = _parts_looked_at if part.parts else _look
    found = part.found[id(asked)] = look(part, asked)
    return found


def _parts_looked_at(part: Piece, asked: Needed) -> tuple[int | None, set[str]]:
    key, total, there = id(asked), 0, set[str]()
    for one in part.parts:
        size, filled = one.found.get(key) or _looked_at(one, asked)
        if size is None:
            return None, there
        total += size
        there |= filled
    alone = sum(map(len, part.parts)) == len(part)
    return (total if alone else None), there


def _look(part: Piece, asked: Needed) -> tuple[int | None, set[str]]:
    text = ",".join(part.texts.values())
    if (size := _at_most(text)) is None:
        sizes = [_size(value) for value in part.values()]
        size = None if None in sizes else sum(size for size in sizes if size)
    there = _filled if BLANK.search(text) else _there
    filled = {
        name for name in part if name in asked and all(there(steps, part) for steps in asked[name])
    }
    return size, filled


BLANK = re.compile(r'"(?:\s|\\[nrtbf])*"|null|\[\]|\{\}')  # in a text without one nothing is blank


def _there(steps: tuple[Step, ...], part: Piece) -> bool:
    """Whether a path leads somewhere in a piece in which nothing is blank; in doubt it does not."""
    if len(steps) > 2 or steps[-1][1]:  # noqa: PLR2004 - paths are one or two steps long
        return _filled(steps, part)
    (name, many, _may_be_empty), *deeper = steps
    found = part[name]
    if not deeper:
        return True
    inner = deeper[0][0]
    if many:
        return type(found) is list and all(type(one) is dict and inner in one for one in found)
    return type(found) is dict and inner in found


def _at_most(text: str) -> int | None:
    """Return a bound of the size of a piece by its text alone; None where that does not say that it is bearable."""
    deep = text.count("[") + text.count("{") >= MAX_DEPTH
    escaped = "\\u" in text  # as what cannot be printed may be written
    long = len(text) > min(MAX_TEXT, MAX_ENTRIES)
    return None if long or deep or escaped or UNPRINTABLE.search(text) else len(text)


def excess(content: Any) -> str:
    """Why this content is no plain, printable JSON of bearable size; empty when it is."""
    return "" if _bearable(content) else _excess(content)


def _bearable(content: Any) -> bool:
    """Whether a content is plainly in order; in doubt it is not."""
    size = _size(content, MAX_DEPTH)
    return size is not None and size <= MAX_TOTAL


def _size(content: Any, depth: int = MAX_DEPTH - 1) -> int | None:
    """Return how many characters and entries there are, level by level; None where one of them is not plainly bearable.

    `depth` is that of a whole content, or less one of a part.
    """
    total, level = 0, [content]
    for _depth in range(depth):
        if not all(map(_is_plain, level)):
            return None
        total += sum(len(value) for value in level if type(value) in SIZED)
        level = [inner for value in level if type(value) in (dict, list) for inner in _held(value)]
        if not level or total > MAX_TOTAL:
            return total
    return None


SIZED = frozenset({str, dict, list})
SIMPLE = frozenset({type(None), bool, int, float})


def _is_plain(value: Any) -> bool:
    kind = type(value)
    if kind is str:
        return len(value) <= MAX_TEXT and not UNPRINTABLE.search(value)
    return kind in SIMPLE or (kind in SIZED and len(value) <= MAX_ENTRIES)


def _held(value: Any) -> Any:
    return value.values() if type(value) is dict else value


def _excess(content: Any) -> str:
    """Name the first place that is in excess."""
    total = 0
    stack: list[tuple[Any, str, int]] = [(content, "", 1)]
    while stack:
        value, at, depth = stack.pop()
        if problem := _problem(value, depth):
            return f"{at}: {problem}"
        if isinstance(value, Mapping | list | tuple):
            stack += [(inner, place, depth + 1) for inner, place in _inside(value, at)]
        if isinstance(value, str | Mapping | list | tuple):
            total += len(value)
        if total > MAX_TOTAL:
            return f"more than {MAX_TOTAL} characters and entries in all"
    return ""


def _problem(value: Any, depth: int) -> str:
    if depth > MAX_DEPTH:
        return f"nested deeper than {MAX_DEPTH}"
    if isinstance(value, str):
        return _text_problem(value)
    if isinstance(value, Mapping | list | tuple):
        return f"more than {MAX_ENTRIES} entries" if len(value) > MAX_ENTRIES else ""
    if value is None or isinstance(value, bool | int | float):
        return ""
    return f"{type(value).__name__} is not plain JSON"


def _inside(value: Any, at: str) -> Iterator[tuple[Any, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield inner, f"{at}.{key}" if at else str(key)
    else:
        for index, inner in enumerate(value):
            yield inner, f"{at}[{index}]"


def _text_problem(text: str) -> str:
    """Characters that no printer can show, or that turn the reading order round."""
    if len(text) > MAX_TEXT:
        return f"text longer than {MAX_TEXT} characters"
    for char in text:
        kind = unicodedata.category(char)
        if kind in {"Cs", "Co"} or (kind == "Cc" and char not in "\n\r\t"):
            return f"character U+{ord(char):04X} cannot be printed"
        if char in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069":
            return f"character U+{ord(char):04X} reorders text"
    return ""
