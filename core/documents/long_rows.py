"""Rows of a paper's tables that may go over to the next page.

A row is kept whole: one that is cut reads badly. A row with a long text cannot be kept so: it leaves its heading alone,
the page before it empty, and the imprint alone on the last one (GB/T 9704-2012, 7.4). Such a row is marked.
"""

import re

LONG = 90  # characters in one cell: some ten lines of a narrow column
TABLE = re.compile(r"<table class=\"([a-z -]*)\">(.*?)</table>", re.DOTALL)
ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
CELL = re.compile(r"</t[dh]>")
MARKUP = re.compile(r"<[^>]+>|\s+")


def marked(html: str) -> str:
    """Return the page with `class="long"` on each row that has a cell of more than LONG characters.

    A table that is kept on one page is not, where it has such a row.
    """
    return TABLE.sub(_table, html)


def _table(found: re.Match[str]) -> str:
    rows = ROW.sub(_row, found[2])
    if rows == found[2]:
        return found[0]
    kinds = " ".join(kind for kind in found[1].split() if kind != "keep")
    return f'<table class="{kinds}">{rows}</table>'


def _row(found: re.Match[str]) -> str:
    if max(len(MARKUP.sub("", cell)) for cell in CELL.split(found[1])) <= LONG:
        return found[0]
    return f'<tr class="long">{found[1]}</tr>'
