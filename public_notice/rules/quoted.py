"""What of a writer's own name and contact still tells who it is when only a piece of it is quoted. Pure."""

import re

from public_notice.rules.personal import normalise

SHORTEST_NUMBER = 4  # 尾号8000: the last four digits are enough to know somebody's telephone
SHORTEST_WORD = 4  # an account, a house number with its street
HIDDEN = "***"
DIGITS = re.compile(r"[0-9０-９](?:[ \-－]?[0-9０-９])*")
LATIN = re.compile(r"[A-Za-z0-9_.@-]+")
HAN = re.compile(r"[\u4e00-\u9fff]+")
FAMILY = 1  # characters of a family name; what follows is the given name


def without_pieces(text: str, *, name: str = "", contact: str = "") -> str:
    """Return a text without pieces of the contact and without the given name, each behind stars.

    A run of four digits or more that stands in the contact goes, so does a word or account of it.
    """
    known = normalise(contact)
    numbers = re.sub(r"\D", "", known)
    text = DIGITS.sub(lambda found: _hidden(found[0], numbers), text)
    for word in sorted(_words(known), key=len, reverse=True):
        text = re.sub(re.escape(word), HIDDEN, text, flags=re.IGNORECASE)
    given = normalise(name).strip()[FAMILY:]
    if len(given) > 1 and HAN.fullmatch(given):
        text = text.replace(given, HIDDEN)
    return text


def _hidden(found: str, numbers: str) -> str:
    digits = re.sub(r"\D", "", normalise(found))
    return HIDDEN if len(digits) >= SHORTEST_NUMBER and digits in numbers else found


def _words(contact: str) -> list[str]:
    """Return the accounts and the longer words of a contact; of an address at a mail host its own part, too."""
    found = [word for word in LATIN.findall(contact) if not word.isdigit()]
    found += [word.split("@")[0] for word in found if "@" in word]
    found += HAN.findall(contact)
    return [word for word in found if len(word) >= SHORTEST_WORD]
