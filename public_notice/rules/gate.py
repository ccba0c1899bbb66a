"""The one gate to the public: allow-listed fields, normalised, masked. Nothing is published but through here."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from public_notice.rules.personal import mask, normalise, personal_left

__all__ = [
    "ALLOWED",
    "BULLETIN",
    "DRAW",
    "FIGURES",
    "HALL",
    "MARK",
    "RECKONED",
    "admit",
    "mask",
    "name_in_public",
    "personal_left",
    "still_personal",
    "words_in_public",
]

CLEAN: dict[str, None] = {}
MOST_CLEAN, REMEMBERED = 4096, 400  # texts, characters

# What a notice may say, field by field; anything else stays inside.
ALLOWED: dict[str, tuple[str, ...] | None] = {
    "title": None,
    "project": ("code", "name", "location", "scale", "investment_text"),
    "enterprise": ("name", "uscc"),
    "clauses": ("item", "standard", "department", "basis", "check"),
    "declined": ("item", "consequence"),
    "gaps_text": None,
    "letter_number": None,
    "starts_text": None,
    "ends_text": None,
    "days_text": None,
    "count_rule": None,
    "basis": None,
    "objection": ("how", "phone", "address", "email", "hotline"),
    "reply_text": None,
    "issuer": ("name", "contact", "phone", "supervision_phone", "address"),
}
# What a bulletin of defaults may say: offices, items and days; no person, no enterprise, no project.
BULLETIN: dict[str, tuple[str, ...] | None] = {
    "title": None,
    "month_text": None,
    "defaults": ("department", "item", "kind", "effective_text", "made_up_text"),
    "withdrawn": ("department", "item", "kind", "effective_text", "withdrawn_text"),
    "totals": ("department", "timeout", "absence", "withdrawn"),
    "beside": ("subject", "total", "said"),
    "summary": None,
    "issuer": ("name", "contact", "phone", "supervision_phone", "address"),
}
# What may be shown of a mark of bad credit: what the organ decided, and of whom; not what anybody wrote about it.
MARK: dict[str, tuple[str, ...] | None] = {
    "enterprise": ("name", "uscc"),
    "project": ("name", "code"),
    "grade": None,
    "ground": None,
    "organ": None,
    "number": None,
}
# What may be said of a draw: codes, numbers of projects and references of officers; no name of a natural person.
DRAW: dict[str, tuple[str, ...] | None] = {
    "quarter": None,
    "turn": None,
    "reason": None,
    "drawn_at": None,
    "algorithm": None,
    "digest": None,
    "projects": None,
    "drawn": None,
    "opened": None,
    "withheld": None,
    "seed": None,
    "opening": None,
    "secret": None,
    "commitment": None,
    "checkpoint": None,
    "announced_at": None,
    "groups": ("group", "share", "candidates", "drawn"),
    "pairs": ("filing", "departments", "department", "people", "officers"),
}
# What the rows say that the county's figures are reckoned from: offices, months, codes and counts.
FIGURES: dict[str, tuple[str, ...] | None] = {
    "decisions": ("month", "department", "name", "kind", "item", "limit", "state", "days"),
    "events": ("month", "subject", "outcome"),
}
# What the screen in the hall says: when and where departments meet, what matters take and cost, and what was noticed.
HALL: dict[str, tuple[str, ...] | None] = {
    "meetings": ("time", "kind", "place", "projects", "state"),
    "items": ("code", "name", "days", "fee", "charge"),
    "results": ("project", "state", "day"),
}
# Of a draw, what a machine made and somebody reckons with: a digest that were masked could not be repeated.
RECKONED = (
    "algorithm", "digest", "seed", "opening", "groups", "pairs", "secret", "commitment", "checkpoint",
)  # fmt: skip
OFFICE_PHONES = ("issuer", "objection")  # the office's own numbers are meant to be called

# What tells an organisation from a person; its name is public as it is.
ORGANISATION = re.compile(
    r"(公司|集团|厂|店|行|社|院|校|中心|委员会|协会|商会|联合会|基金会|事务所|局|政府|办公室|委|村|企业|组织)$"
)
DOUBLE_NAME = re.compile(
    "欧阳|太史|端木|上官|司马|东方|独孤|南宫|万俟|闻人|夏侯|诸葛|尉迟|公羊|赫连|澹台|皇甫|宗政|濮阳|公冶|太叔|申屠|公孙|"
    "慕容|仲孙|钟离|长孙|宇文|司徒|鲜于|司空|令狐|呼延|轩辕|百里|东郭|南门"
)
SHORTEST_ORGANISATION = 5  # 张院 and 诸葛大村 are people


def _clean(value: Any) -> Any:
    """Return a value masked; a shape that nobody has allow-listed is a mistake in the code."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    raise TypeError(type(value).__name__)


def _as_it_is(value: Any) -> Any:
    return value


def admit(
    content: Mapping[str, Any],
    allowed: Mapping[str, tuple[str, ...] | None] = ALLOWED,
    exact: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Return what of a content may become public: allow-listed fields only, masked, office numbers kept.

    `exact` are fields that a machine made of codes alone: they are kept to the letter.
    """
    admitted: dict[str, Any] = {}
    for name, fields in allowed.items():
        if name not in content:
            continue
        value = content[name]
        clean = _as_it_is if name in exact else _clean
        if fields is None:
            admitted[name] = clean(value)
        elif isinstance(value, list):
            admitted[name] = [{k: clean(row[k]) for k in fields if k in row} for row in value]
        else:
            keep = name in OFFICE_PHONES
            admitted[name] = {
                k: value[k] if keep else _clean(value[k]) for k in fields if k in value
            }
    return admitted


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _texts(inner, f"{path}[{place}]")
    else:
        yield path, str(value)


def still_personal(content: Mapping[str, Any]) -> list[str]:
    """Read an admitted content again and return where a personal number is left; the office's own do not count."""
    rest = {name: value for name, value in content.items() if name not in OFFICE_PHONES}
    return [path for path, text in _texts(rest, "") if not _is_clean(text)]


def _is_clean(text: str) -> bool:
    """Tell whether nothing personal is in a text. Only short texts that were found so are remembered, the rest never.

    What papers say is the same from one to the next, but for a number and a day.
    """
    if text in CLEAN:
        return True
    if personal_left(text):
        return False
    if len(text) <= REMEMBERED:
        if len(CLEAN) >= MOST_CLEAN:
            CLEAN.clear()
        CLEAN[text] = None
    return True


def name_in_public(name: str) -> str:
    """Return how an objector is named: a person by the family name and 某, an organisation as it is."""
    plain = normalise(name).strip()
    if len(plain) >= SHORTEST_ORGANISATION and ORGANISATION.search(plain):
        return mask(plain)
    family = plain[:2] if DOUBLE_NAME.match(plain) else plain[:1]
    return f"{family}某" if family else ""


def words_in_public(text: str, *, name: str = "", contact: str = "") -> str:
    """Return what somebody wrote as it is shown: masked, their own name and contact in it hidden too."""
    shown = mask(text)
    for own, instead in ((name.strip(), name_in_public(name)), (contact.strip(), "***")):
        if len(own) > 1 and own != instead:
            shown = shown.replace(own, instead)
    return shown
