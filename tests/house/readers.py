"""A page as a reader hears it: every text and every spoken attribute, with the language it is said in."""

import re
from html.parser import HTMLParser

HAN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+")
VOID = frozenset(
    {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "use", "wbr"}
)
SILENT = frozenset({"script", "style"})
SPOKEN = ("aria-label", "placeholder", "title", "alt", "data-head", "data-confirm")


class Reader(HTMLParser):
    """Collects (language, text) pairs; the language is that of the nearest element that names one."""

    def __init__(self):
        super().__init__()
        self.stack, self.heard = [], []

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        lang = said.get("lang") or (self.stack[-1][1] if self.stack else "")
        self.heard += [(lang, said[name]) for name in SPOKEN if said.get(name)]
        if tag == "input" and said.get("type") in ("submit", "button"):
            self.heard.append((lang, said.get("value") or ""))
        if tag not in VOID:
            self.stack.append((tag, lang))

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        while self.stack:
            opened, _lang = self.stack.pop()
            if opened == tag:
                break

    def handle_data(self, data):
        if self.stack and self.stack[-1][0] not in SILENT and data.strip():
            self.heard.append((self.stack[-1][1], " ".join(data.split())))


def heard(page):
    """What a page says, as (language, text)."""
    reader = Reader()
    reader.feed(page)
    return reader.heard


def chinese_in_english(page):
    """The texts with Chinese in them that stand in no element marked as Chinese."""
    return [text for lang, text in heard(page) if not lang.startswith("zh") and HAN.search(text)]
