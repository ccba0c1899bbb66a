"""How the handbook writes: both languages side by side, and tables in Markdown."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import translation


def chinese(text: Any) -> str:
    """Return a label in Chinese, whatever language is active."""
    with translation.override("zh-hans"):
        return str(text)


def english(text: Any) -> str:
    """Return a label in English."""
    with translation.override("en"):
        return str(text)


def both(text: Any) -> str:
    """Return a label in Chinese with its English in brackets."""
    zh, en = chinese(text), english(text)
    return zh if zh == en else f"{zh} ({en})"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; a bar inside a cell is escaped."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(
        "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in line) + " |"
        for line in lines
    )
