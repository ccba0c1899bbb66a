"""Chinese on an English page: names, places and quoted texts stay Chinese and are marked as such.

A screen reader then says them in Chinese. It is done once for every page, on the way out, so that no template
and no colleague has to think of it; tests that look for untranslated words look at the page before it.
"""

import re

# CJK symbols, ideographs, full-width forms; digits and points between two of them belong to the run.
_HAN = "[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]"
RUN = re.compile(rf"{_HAN}+(?:[0-9 .:/()-]*{_HAN}+)*")
# Comments, and elements that hold no markup or are not to be touched inside; then every other tag.
PIECES = re.compile(
    r"(<!--.*?-->|<(?P<raw>script|style|textarea|title|option)\b.*?</(?P=raw)\s*>|<[^>]*>)",
    re.DOTALL,
)

# The letters of a picture: an element of HTML among them would end the picture there.
IN_PICTURE = re.compile(r"<t(?:ext|span)\b")


def mark_chinese(page: str) -> str:
    """Return an HTML page with each run of Chinese in its text inside an element marked as Chinese."""
    made, place, opened = [], 0, ""
    for piece in PIECES.finditer(page):
        made += [_marked(page[place : piece.start()], opened), piece.group()]
        place, opened = piece.end(), piece.group()
    return "".join([*made, _marked(page[place:], opened)])


def _marked(text: str, opened: str) -> str:
    """Mark a text, unless the tag before it says already that it is Chinese."""
    if 'lang="zh' in opened:
        return text
    name = "tspan" if IN_PICTURE.match(opened) else "span"
    return RUN.sub(lambda run: f'<{name} lang="zh-Hans">{run.group()}</{name}>', text)
