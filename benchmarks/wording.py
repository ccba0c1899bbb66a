"""How a database says an instant, a text as JSON, a digest and an object: the words of which floors are put together.

Statements hold their values as literals and have no parameters, so that both databases are asked in the same words.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.composed import encode


def literal(text: str) -> str:
    """Return a text as SQL holds it."""
    return "'" + text.replace("'", "''") + "'"


def chosen(value: str, texts: Mapping[Any, str]) -> str:
    """Return the text that belongs to a value of a column."""
    cases = " ".join(
        f"WHEN {literal(str(key))} THEN {literal(text)}" for key, text in texts.items()
    )
    return f"CASE {value} {cases} END"


def said(truth: str) -> str:
    """Return a truth as JSON."""
    return f"CASE WHEN {truth} THEN 'true' ELSE 'false' END"


def put(own: Mapping[str, str], kept: Mapping[str, Any] | None = None) -> str:
    """Return the canonical JSON object of a default of which these are its own, as SQL; all else is what is kept."""
    parts = {name: literal(encode(value)) for name, value in (kept or {}).items()} | dict(own)
    told, mark = [], "{"
    for name in sorted(parts):
        told += [literal(f'{mark}"{name}":'), parts[name]]
        mark = ","
    return f"({' || '.join([*told, literal('}')])})".replace("' || '", "")


@dataclass(frozen=True)
class Words:
    """What one database says; an instant is a column, in UTC as it is kept."""

    instant: Callable[[str], str]  # ISO, in the county's zone, as JSON
    day: Callable[[str], str]  # 2018年3月14日
    last_day: Callable[[str], str]  # the same of the day that ends at an instant
    clock: Callable[[str], str]  # 2018年3月14日9时45分
    midnight: Callable[[str], str]  # whether an instant is 24:00 of the day before
    quoted: Callable[[str], str]
    digest: Callable[[str], str]
    listed: Callable[[str, str], str]  # texts of a group, in an order
    json: Callable[[str], str]  # a text as it goes into a column of JSON
    link: str  # the digest of each entry over that of the entry before it


def _sqlite() -> Words:
    here = "'+8 hours'"

    def said(at: str, form: str, shift: str = here) -> str:
        found = f"strftime('%Y年%m月%d日{form}', {at}, {shift})"
        for mark in "年月日":  # 3月, not 03月
            found = f"replace({found}, '{mark}0', '{mark}')"
        return found

    return Words(
        instant=lambda at: (
            f"coalesce(strftime('\"%Y-%m-%dT%H:%M:%S+08:00\"', {at}, {here}), 'null')"
        ),
        day=lambda at: said(at, ""),
        last_day=lambda at: said(at, "", f"{here}, '-1 seconds'"),
        clock=lambda at: said(at, "%H时%M分"),
        midnight=lambda at: f"strftime('%H%M%S', {at}) = '160000'",
        quoted=lambda text: f"json_quote({text})",
        digest=lambda text: f"sha256({text})",
        listed=lambda text, _order: f"group_concat({text}, ',')",
        json=lambda text: text,
        link="chain(head)",
    )


def _postgresql() -> Words:
    def told(at: str, form: str, shift: str = "") -> str:
        return f"to_char({at} AT TIME ZONE 'Asia/Shanghai'{shift}, '{form}')"

    iso, day = 'YYYY-MM-DD"T"HH24:MI:SS', 'FMYYYY"年"FMMM"月"FMDD"日"'
    return Words(
        instant=lambda at: f"coalesce('\"' || {told(at, iso)} || '+08:00\"', 'null')",
        day=lambda at: told(at, day),
        last_day=lambda at: told(at, day, " - interval '1 second'"),
        clock=lambda at: told(at, day + 'FMHH24"时"MI"分"'),
        midnight=lambda at: f"CAST({at} AT TIME ZONE 'Asia/Shanghai' AS time) = '00:00'",
        quoted=lambda text: f"coalesce(CAST(to_json(CAST({text} AS text)) AS text), 'null')",
        digest=lambda text: f"encode(sha256(convert_to({text}, 'UTF8')), 'hex')",
        listed=lambda text, order: f"string_agg({text}, ',' ORDER BY {order})",
        json=lambda text: f"CAST({text} AS jsonb)",
        link="pg_temp.chain(head)",
    )


WORDS = {"sqlite": _sqlite(), "postgresql": _postgresql()}
LINK = (
    "CREATE OR REPLACE FUNCTION pg_temp.link(before text, head text) RETURNS text LANGUAGE sql IMMUTABLE AS "
    "$$SELECT encode(sha256(convert_to(head || before || '\"]', 'UTF8')), 'hex')$$; "
    "CREATE OR REPLACE AGGREGATE pg_temp.chain(text) (SFUNC = pg_temp.link, STYPE = text, INITCOND = '{genesis}')"
)


class Chain:
    """The digest of each entry of a book over that of the entry before: for SQLite, which asks at every row."""

    def __init__(self) -> None:
        """Begin a book."""
        from core.ledger.models import GENESIS

        self.digest = GENESIS

    def step(self, head: str) -> None:
        """Bind the next entry."""
        self.digest = sha256(f'{head}{self.digest}"]')

    def value(self) -> str:
        """Return the digest of the entry that was bound last."""
        return self.digest

    finalize = value

    def inverse(self, head: str) -> None:
        """Nothing leaves a window that begins where its book begins."""
        raise NotImplementedError(head)


def sha256(text: str) -> str:
    """Return the SHA-256 of a text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def teach(cursor: Any) -> None:
    """Teach the connection what the statements ask."""
    from django.db import connection

    from core.ledger.models import GENESIS

    if connection.vendor == "sqlite":
        connection.connection.create_function("sha256", 1, sha256, deterministic=True)
        connection.connection.create_window_function("chain", 1, Chain)
    else:
        cursor.execute(LINK.format(genesis=GENESIS))
