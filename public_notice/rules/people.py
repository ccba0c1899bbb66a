"""Finding and covering where somebody lives, and who somebody is where a text calls them a person.

County forms of masking (T62): a dwelling is told to the village, the street or the township and no further; a natural
person is the family name and 某. A name without a word that says so (联系人, 村民, 我是) cannot be told from other
words; the legal representative is public data of the company register and stays.
"""

import re
from collections.abc import Iterator
from itertools import chain

from public_notice.rules.heard import Ear, view_of

COVER = "***"
_N = r"[0-9A-Za-z〇零一二三四五六七八九十百]{1,5}"
_IN = rf"(?:\s*{_N}\s*(?:层|楼))?(?:\s*{_N}\s*[室户])?"
# A flat: its entrance, or a building with the number of a room. Three workshops (3栋厂房) are none.
_FLAT = re.compile(
    rf"(?:{_N}\s*(?:号院|号楼|幢|栋|座|号)\s*){{0,3}}{_N}\s*单元{_IN}"
    rf"|{_N}\s*(?:号楼|幢|栋)\s*(?:{_N}\s*(?:层|楼))?\s*{_N}\s*[室户]"
)
# The number of a house in a village; that of a plot or a workshop is followed by what it is.
_HOUSE = re.compile(
    rf"(?<=村)[一-鿿]{{0,4}}?(?:组|排|巷|队)?\s*{_N}\s*号(?=$|[，。；、,;）)\s]|院|户|门牌)"
)
_LIVES = re.compile(
    r"(?:家庭住址|家庭地址|现住址|户籍地址|户籍所在地|住址|家住|现住|居住在|住在)(?:[:：是为]|\s){0,3}"
    r"([^，。；;,\n、）)*]{2,60})"
)
_TOLD_TO = re.compile(r".*?(?:镇|乡|街道|城区)|.*?[县市区]")

_CALLED = (
    r"联系人|经办人|负责人|申请人|代理人|委托人|举报人|异议人|投诉人|证人|户主|业主|村民|居民|邻居|监护人|家属|"
    r"收件人|签字人|签收人|本人|我是|我叫|姓名"
)
_FAMILY = (
    "王李张刘陈杨黄赵吴周徐孙朱胡郭罗郑梁谢宋唐韩冯邓曹彭曾萧董潘袁蔡蒋杜苏魏吕丁沈姚卢崔钟谭陆汪廖贾韦傅邹孟熊秦邱"
    "江尹薛阎段雷侯史陶贺顾毛郝龚邵钱戴莫孔汤"
)
_RARER = "马高林何程余叶范石田任姜方金夏付白常武乔赖文康"  # words too: only after a colon or 是
_DOUBLE = "欧阳|上官|司马|东方|诸葛|尉迟|皇甫|公孙|慕容|宇文|司徒|令狐|呼延"
_GIVEN = r"(?!某)[一-鿿]"
_GOES_ON = (
    r"(?=$|[^一-鿿]|先生|女士|同志|反映|提出|认为|等|家|的|户|同意|负责|电话|身份|住|系|称|说|手机)"
)
_NAMED = re.compile(
    rf"(?:{_CALLED})(?:(?:[:：是为叫]|\s){{1,3}}({_DOUBLE}|[{_FAMILY}{_RARER}])|({_DOUBLE}|[{_FAMILY}]))"
    rf"({_GIVEN}{{2}}{_GOES_ON}|{_GIVEN}{_GOES_ON}|{_GIVEN}{{2}})"
)
# What begins like a name and is none: 负责人许可, 村民周边, 业主段落.
_NO_NAME = re.compile(
    r"周边|周围|史料|段落|金额|方案|方式|文件|任何|常住|高度|石料|田地|马上|何时|何人|程序"
)


def _dwellings(letters: str) -> Iterator[tuple[int, int]]:
    for pattern in (_FLAT, _HOUSE):
        yield from (found.span() for found in pattern.finditer(letters))
    for lives in _LIVES.finditer(letters):
        told = _TOLD_TO.match(lives[1])
        begin = lives.start(1) + (told.end() if told else 0)
        if begin < lives.end(1):
            yield begin, lives.end(1)


def _given_names(letters: str) -> Iterator[tuple[int, int]]:
    for named in _NAMED.finditer(letters):
        family = named[1] or named[2]
        if not _NO_NAME.match(family + named[3]):
            yield named.span(3)


def _covered(letters: str) -> list[tuple[int, int, str]]:
    """Return what is covered and by what, the last first; what overlaps is one."""
    homes = ((begin, end, COVER) for begin, end in _dwellings(letters))
    names = ((begin, end, "某") for begin, end in _given_names(letters))
    found: list[tuple[int, int, str]] = []
    for begin, end, instead in sorted(chain(homes, names)):
        if found and begin < found[-1][1]:
            first, last, kept = found.pop()
            begin, end, instead = first, max(last, end), kept  # noqa: PLW2901 - they are one
        found.append((begin, end, instead))
    return found[::-1]


def cover_people(text: str) -> str:
    """Return a text without the rest of a dwelling's address and without given names."""
    view = view_of(text, Ear.DIGITS)
    for begin, end, instead in _covered(view.letters):
        text = text[: view.places[begin][0]] + instead + text[view.places[end - 1][1] :]
    return text


def people_left(text: str) -> bool:
    """Tell whether a dwelling or a given name is still in a text."""
    return bool(_covered(view_of(text, Ear.DIGITS).letters))
