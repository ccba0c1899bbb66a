"""People who do not exist, their numbers in hostile spellings, and a reader who undoes every one of them."""

import html
import re
import unicodedata
from datetime import date, timedelta
from urllib.parse import quote, unquote

from public_notice.rules.personal import check_digit

FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
NUMERALS = str.maketrans("0123456789", "零一二三四五六七八九")
FINANCIAL = str.maketrans("0123456789", "〇壹贰叁肆伍陆柒捌玖")
CIRCLED = str.maketrans("123456789", "①②③④⑤⑥⑦⑧⑨")
LOOKS_LIKE = {"0": "OoО", "1": "lIІ", "3": "З", "5": "S"}
UNDONE = str.maketrans(
    "零〇一壹二贰三叁四肆五伍六陆七柒八捌九玖OoОlIІЗS", "0011223344556677889900011135"
)
FAMILIES, GIVEN = (
    "王李张刘陈杨黄赵吴周徐孙朱胡郭罗郑梁谢宋",
    "晓明丽华志强建国秀英伟芳娜静敏杰涛鹏燕霞",
)


class Somebody:
    """An invented person: identity number with its check digit, mobile number, name, dwelling."""

    def __init__(self, dice):
        birth = date(1935, 1, 1) + timedelta(days=dice.randrange(26_000))
        region = dice.choice(["140722", "110101", "310115", "440305", "532901", "650102", "810000"])
        body = f"{region}{birth:%Y%m%d}{dice.randrange(1000):03d}"
        self.identity = body + check_digit(body)
        self.mobile = f"1{dice.randrange(3, 10)}{dice.randrange(10**9):09d}"
        self.given = "".join(dice.choices(GIVEN, k=2))
        self.name = dice.choice(FAMILIES) + self.given
        self.door = (
            f"{dice.randrange(1, 30)}号楼{dice.randrange(1, 9)}单元{dice.randrange(101, 3210)}室"
        )

    def written(self, dice):
        """All of it in one sentence, each number in a spelling of its own."""
        way = dice.choice(WAYS)
        return dice.choice(SENTENCES).format(
            name=self.name,
            door=self.door,
            identity=way(self.identity, dice),
            mobile=dice.choice(WAYS)(self.mobile, dice),
        )

    def left_in(self, shown):
        """What of this person a patient reader still finds in a text."""
        digits = read(shown)
        found = [n for n in (self.identity[2:15], self.mobile[:11]) if n in digits]
        return found + [said for said in (self.name, self.door) if said in shown]


SENTENCES = (
    "联系人{name}，电话{mobile}，身份证{identity}，家住辽阳镇{door}。",
    "{mobile}（村民{name}）；证号：{identity}；住桐峪镇{door}",
    "我是{name}，住在麻田镇{door}，{identity}，打{mobile}找我",
    "负责人：{name}（{identity}）\n{mobile}，现住址：石匣乡{door}",
)


def read(text):
    """Return the digits of a text as a patient reader takes them: every dress and every costume taken off."""
    for _turn in range(2):
        text = html.unescape(unquote(text))
    text = re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), text)
    text = unicodedata.normalize("NFKC", re.sub(r"</?[a-z]+>|<!--.*?-->", "", text)).translate(
        UNDONE
    )
    return "".join(c for c in text if c in "0123456789xX*").upper()


def _between(*marks):
    return lambda number, dice: "".join(c + dice.choice(marks) for c in number).rstrip(
        "".join(marks) or None
    )


def _some(change):
    """Change some of the characters only."""
    return lambda number, dice: "".join(change(c) if dice.random() < 0.5 else c for c in number)


def _looks_like(number, dice):
    places = [i for i, c in enumerate(number) if c in LOOKS_LIKE][:3]
    return "".join(dice.choice(LOOKS_LIKE[c]) if i in places else c for i, c in enumerate(number))


WAYS = (
    lambda number, _: number,
    lambda number, _: number.lower(),
    lambda number, _: number.translate(FULL_WIDTH),
    lambda number, _: number.translate(NUMERALS),
    lambda number, _: number.translate(FINANCIAL),
    lambda number, _: number.translate(CIRCLED),
    lambda number, _: quote(number.translate(FULL_WIDTH)),
    lambda number, _: ".".join(number),
    lambda number, _: ",".join(number),
    lambda number, _: "".join(f"<i>{c}</i>" for c in number),
    lambda number, _: "".join(f"%{ord(c):02X}" for c in number),
    lambda number, _: "".join(f"%25{ord(c):02X}" for c in number),
    _some(lambda c: f"%{ord(c):02x}"),
    _some(lambda c: f"&#{ord(c)};"),
    _some(lambda c: f"&amp;#x{ord(c):x};"),
    _some(lambda c: f"\\u{ord(c):04x}"),
    _some(lambda c: f"<b>{c}</b>"),
    _some(lambda c: f"{c}<!-- -->"),
    _some(lambda c: c.translate(FULL_WIDTH)),
    _some(lambda c: c.translate(NUMERALS)),
    _between("", " ", "  "),
    _between("", "-", "—", "·"),
    _between("", "\u200b", "\u2060", "\u202e", "\ufeff", "\u00ad"),
    _between("", "\u3000", "\n", "\t"),
    _looks_like,
)  # fmt: skip
