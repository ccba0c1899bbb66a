"""What becomes of each row of the rulebook: it runs as a limit, the system goes by it, or it is only stated, and why.

A number that nobody reads would look as if it held. What the county's organs keep themselves says so on the page of
the county's rules; whether the system is to count it, too, is the county's to decide.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.deadlines.rules import RULES

RUNS = _("计时：到期有后果")
READ_AS = _("本系统按此办理")
BY_ORGAN = _("只列明：由主管部门依法掌握，本系统不计时；是否纳入由县里决定")
AT_ONCE = _("只列明：本系统当场完成，没有可以计的时间")
BY_ORDER = _("只列明：由程序保证，会前提出、会前决定，没有天数")
BY_LAW = _("只列明：依《中华人民共和国民法典》第二百零一条固定，发布当日不计入")
UNKNOWN = _("本系统不认识这个编号：写着，但没有任何作用")

_READ = (
    "2x 3x 6x 11a 13 17x 17b 20a 30a 30b1 30b2 30c1 30c2 33a 33b 34 P4a P5a P9b P9d P12 P15 P16a P17 P23a P23b P23c"
    " P23d P24 P26a P26b P33 P33a P33b P37 P39 P43 P51 P52 P53 P55 P57 P60a P60b P60c P61a P61b P61c P61d P62 P63 P64"
    " P70 P71 P72 P76 P77 P81a P81b P91 P92 P93 P94 P95 P96 P97 P122 P123 P133 P134 P135 P144 P145 P146 P147 P148"
    " P154 P156 Z1 Z2 Z3 Z4 Z5 Z6"
)
_BY_ORGAN = "3 4 5a 5c 6 6a 7a 7b 7c 8a 8b 9a 9b 10 11b 12a 12b 14 18a 18b 19 20b 20x 20c"
READ = frozenset(_READ.split())
STATED: dict[str, Any] = {
    **dict.fromkeys(_BY_ORGAN.split(), BY_ORGAN),
    "P0": AT_ONCE,
    "P3a": AT_ONCE,
    "P22": BY_ORDER,
    "P7c": BY_LAW,
}


def use_of(code: str) -> Any:
    """Return in words what becomes of a row of the rulebook."""
    if code in RULES:
        return RUNS
    return READ_AS if code in READ else STATED.get(code, UNKNOWN)
