"""法条引用: how an article that the pack cites in short (行政许可法 32(4)、82) is written out where it is read."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

DIGITS = "零一二三四五六七八九"
# Of these articles a number in brackets is an item, not a paragraph; before it stands the paragraph that has the items.
ITEMS = {("行政许可法", "32"): "第一款", ("政府信息公开条例", "20"): "", ("建筑法", "8"): "第一款"}
# What the pack calls shorter than a law is called.
SHORTER = {"取水条例": "取水许可和水资源费征收管理条例"}

STATE = "中华人民共和国"
# Regulations that bear its name, besides those that carry out a law; others of the State Council do not.
OF_THE_STATE = {
    "政府信息公开条例",
    "防汛条例",
    "抗旱条例",
    "水文条例",
    "河道管理条例",
    "自然保护区条例",
    "野生植物保护条例",
}
ARTICLE = r"\d{1,3}(?:–\d{1,3})?(?:\(\d{1,2}\))?"
# What stands before a law and is no part of its name.
LEAD = r"(?P<lead>参照|比照|依照|按照|(?:的?依据|根据)为?|如)?"
NAME = r"(?P<law>(?:(?!的)[\u4e00-\u9fff])+?(?:法|条例|典|办法|规定))"
LAW = rf"{NAME}?(?:\((?P<year>\d{{4}})\))?"
CITED = re.compile(
    rf"{LEAD}{LAW} (?P<articles>{ARTICLE}(?:、{ARTICLE})*)(?: (?P<rest>[\u4e00-\u9fff]+))?"
)
# An article within a sentence of the pack: 文物保护法（2017）第17条：…；第18条：… or, in a hint, 城乡规划法 37, 38.
WITHIN = re.compile(
    rf"(?:{LEAD}{NAME}(?P<year>（\d{{4}}）)?)?"
    rf"(?:第(?P<article>\d{{1,3}})条(?:第(?P<item>\d{{1,2}})项)?|(?<=[法例典]) (?P<bare>{ARTICLE}(?:, {ARTICLE})*))"
)
# The same in English: the name is that of a law of the state where it says Law or Code.
ENGLISH = re.compile(r"\b(Law|Code)(?=(?: \(\d{4}\))?,? arts?\b)")
OF_STATE = " of the People's Republic of China"
EIA = "EIA Law"
# How choices and the pack name an article behind what they say: …（行政许可法78）, …（如政府信息公开条例 33）.
NOTED = re.compile(r"（([\u4e00-\u9fff]+[法例]) ?(\d{1,3})）$")


@lru_cache(maxsize=512)
def in_words(basis: str) -> str:
    """Return a basis as it is cited: 《中华人民共和国行政许可法》第三十二条第一款第（四）项、第八十二条.

    Within a sentence, too: 水土保持法第26条（…）. What is no citation (a document by its number, a rule of the county)
    stays as it is.
    """
    law, parts = "", []
    for part in NOTED.sub(lambda m: f"（{in_words(f'{m[1]} {m[2]}')}）", basis).split("；"):
        found = CITED.fullmatch(part.strip())
        if found is None or not (found["law"] or (law and not found["lead"])):
            parts.append(_sentence(part, whole=basis))
            continue
        named = f"{found['lead'] or ''}《{_whole(found['law'])}》" if found["law"] else ""
        law = found["law"] or law
        year = f"（{found['year']}年）" if found["year"] else ""
        articles = "、".join(_article(law, one) for one in found["articles"].split("、"))
        parts.append(named + year + articles + (found["rest"] or ""))
    return "；".join(parts)


def _sentence(text: str, whole: str) -> str:
    """Return a part of a text with each article in it written out; where no law is named (a contract) they stay."""
    if any(found["law"] for found in WITHIN.finditer(whole)):
        text = WITHIN.sub(_within, text)
    return ENGLISH.sub(rf"\1{OF_STATE}", text.replace(EIA, "Environmental Impact Assessment Law"))


def _within(found: re.Match[str]) -> str:
    law = found["law"] or ""
    named = f"{found['lead'] or ''}《{_whole(law)}》" if law else ""
    year = f"（{found['year'].strip('（）')}年）" if found["year"] else ""
    if found["bare"]:
        articles = "、".join(_article(law, one) for one in found["bare"].split(", "))
        return named + year + articles
    item = f"第（{hanzi(int(found['item']))}）项" if found["item"] else ""
    paragraph = ITEMS.get((law, found["article"]), "") if item else ""
    return f"{named}{year}第{hanzi(int(found['article']))}条{paragraph}{item}"


def _whole(law: str) -> str:
    """Return the name that a law bears: laws of the state have its name before theirs, few regulations have."""
    law = SHORTER.get(law, law)
    own = law.endswith(("法", "民法典")) and not law.endswith("办法")
    own = own or law.endswith("法实施条例") or law in OF_THE_STATE
    return f"{STATE}{law.removeprefix(STATE)}" if own else law


def _article(law: str, text: str) -> str:
    number, _bracket, inner = text.rstrip(")").partition("(")
    first, _dash, last = number.partition("–")
    said = f"第{hanzi(int(first))}条" + (f"至第{hanzi(int(last))}条" if last else "")
    if not inner:
        return said
    if (law, number) in ITEMS:
        return f"{said}{ITEMS[law, number]}第（{hanzi(int(inner))}）项"
    return f"{said}第{hanzi(int(inner))}款"


def hanzi(number: int) -> str:
    """Return 1 to 999 in Chinese as articles are counted: 十一, 二十, 一百零六, 二百一十七."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    said = f"{DIGITS[hundreds]}百" if hundreds else ""
    if hundreds and not tens and ones:
        said += DIGITS[0]
    if tens:
        said += ("" if tens == 1 and not hundreds else DIGITS[tens]) + "十"
    return said + (DIGITS[ones] if ones else "")


def cited_choices(choices: Iterable[tuple[Any, Any]]) -> list[tuple[Any, str]]:
    """Return choices for a form, each article behind a name in words."""
    return [(value, in_words(str(label))) for value, label in choices]


def both_languages(text: str) -> tuple[str, str]:
    """Return the Chinese and the English of what a pack writes as `中文 | English`; no English where there is none."""
    zh, _bar, en = text.partition(" | ")
    return zh.strip(), en.strip()
