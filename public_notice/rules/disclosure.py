"""依申请公开: which kind of answer a result is, on which article it rests, and the table of the annual report."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from public_notice.stages import AnswerKind, Applicant, DisclosureChannel, Result

K, R, C = AnswerKind, Result, DisclosureChannel
# What comes this way counts as received on the day on which both sides have confirmed it (政府信息公开条例 31).
TO_BE_CONFIRMED: Final = (C.WEB, C.MAIL, C.FAX)

# The kind of answer (art. 36) and the article each result rests on; what nobody answers has no kind.
RESTS_ON: Final[dict[Result, tuple[AnswerKind | None, str]]] = {
    R.PUBLISHED: (K.ALREADY_PUBLIC, "《中华人民共和国政府信息公开条例》第三十六条第（一）项"),
    R.DISCLOSED: (K.GIVEN, "《中华人民共和国政府信息公开条例》第三十六条第（二）项"),
    R.PARTLY_DISCLOSED: (
        K.GIVEN,
        "《中华人民共和国政府信息公开条例》第三十六条第（二）项、第三十七条",
    ),
    R.SECRET: (K.NOT_GIVEN, "《中华人民共和国政府信息公开条例》第三十六条第（三）项、第十四条"),
    R.FORBIDDEN: (K.NOT_GIVEN, "《中华人民共和国政府信息公开条例》第三十六条第（三）项、第十四条"),
    R.HARMFUL: (K.NOT_GIVEN, "《中华人民共和国政府信息公开条例》第三十六条第（三）项、第十四条"),
    R.THIRD_PARTY: (
        K.NOT_GIVEN,
        "《中华人民共和国政府信息公开条例》第三十六条第（三）项、第十五条",
    ),
    R.INTERNAL: (K.NOT_GIVEN, "《中华人民共和国政府信息公开条例》第三十六条第（三）项、第十六条"),
    R.PROCESS: (K.NOT_GIVEN, "《中华人民共和国政府信息公开条例》第三十六条第（三）项、第十六条"),
    R.ENFORCEMENT: (
        K.NOT_GIVEN,
        "《中华人民共和国政府信息公开条例》第三十六条第（三）项、第十六条",
    ),
    R.QUERY: (K.REGISTER, "《中华人民共和国政府信息公开条例》第三十六条第（七）项"),
    R.NOT_EXISTING: (K.ABSENT, "《中华人民共和国政府信息公开条例》第三十六条第（四）项"),
    R.NOT_OURS: (K.ELSEWHERE, "《中华人民共和国政府信息公开条例》第三十六条第（五）项"),
    R.TO_BE_MADE: (K.ABSENT, "《中华人民共和国政府信息公开条例》第三十六条第（四）项、第三十八条"),
    R.STILL_UNCLEAR: (K.ABSENT, "《中华人民共和国政府信息公开条例》第三十条、第三十六条"),
    R.PETITION: (K.ELSEWHERE, "《中华人民共和国政府信息公开条例》第三十九条"),
    R.AGAIN: (K.REPEATED, "《中华人民共和国政府信息公开条例》第三十六条第（六）项"),
    R.PRINTED: (K.ALREADY_PUBLIC, "《中华人民共和国政府信息公开条例》第三十九条"),
    R.TOO_MANY: (K.REPEATED, "《中华人民共和国政府信息公开条例》第三十五条"),
    R.CONFIRMATION: (K.REPEATED, "《中华人民共和国政府信息公开条例》第三十六条第（六）项"),
    R.NOT_CORRECTED: (None, "《中华人民共和国政府信息公开条例》第三十条"),
    R.NOT_PAID: (None, "《中华人民共和国政府信息公开条例》第四十二条"),
    R.TAKEN_BACK: (None, "申请人自愿撤回"),
}
# What the system writes down by itself is nobody's to choose; fees are not raised here.
KIND_OF: Final = {result: kind for result, (kind, _basis) in RESTS_ON.items() if kind is not None}
CHOSEN: Final = tuple(KIND_OF)
REFUSALS: Final = tuple(r for r, kind in KIND_OF.items() if kind == K.NOT_GIVEN)

# The rows of the annual report: group, label, and the results that are counted there.
TABLE: Final = (
    (_("予以公开"), "", (R.PUBLISHED, R.DISCLOSED)),
    (_("部分公开"), "", (R.PARTLY_DISCLOSED,)),
    (_("不予公开"), R.SECRET.label, (R.SECRET,)),
    (_("不予公开"), R.FORBIDDEN.label, (R.FORBIDDEN,)),
    (_("不予公开"), R.HARMFUL.label, (R.HARMFUL,)),
    (_("不予公开"), R.THIRD_PARTY.label, (R.THIRD_PARTY,)),
    (_("不予公开"), R.INTERNAL.label, (R.INTERNAL,)),
    (_("不予公开"), R.PROCESS.label, (R.PROCESS,)),
    (_("不予公开"), R.ENFORCEMENT.label, (R.ENFORCEMENT,)),
    (_("不予公开"), R.QUERY.label, (R.QUERY,)),
    (_("无法提供"), _("本机关不掌握相关政府信息"), (R.NOT_EXISTING, R.NOT_OURS)),
    (_("无法提供"), R.TO_BE_MADE.label, (R.TO_BE_MADE,)),
    (_("无法提供"), R.STILL_UNCLEAR.label, (R.STILL_UNCLEAR,)),
    (_("不予处理"), R.PETITION.label, (R.PETITION,)),
    (_("不予处理"), R.AGAIN.label, (R.AGAIN,)),
    (_("不予处理"), R.PRINTED.label, (R.PRINTED,)),
    (_("不予处理"), R.TOO_MANY.label, (R.TOO_MANY,)),
    (_("不予处理"), R.CONFIRMATION.label, (R.CONFIRMATION,)),
    (_("其他处理"), R.NOT_CORRECTED.label, (R.NOT_CORRECTED,)),
    (_("其他处理"), R.NOT_PAID.label, (R.NOT_PAID,)),
    (_("其他处理"), R.TAKEN_BACK.label, (R.TAKEN_BACK,)),
)


@dataclass(frozen=True)
class Handled:
    """What the annual report looks at in a request: when it was received and ended, what came of it, who asked."""

    applicant: str
    received_at: datetime
    closed_at: datetime | None = None
    result: str = ""


@dataclass(frozen=True)
class Line:
    """One line of the table: a group, a label, and the numbers by kind of applicant with their sum at the end."""

    group: str
    label: str
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Annual:
    """The table of a year; each column satisfies: new + carried in = results + carried out."""

    year: int
    received: Line
    carried_in: Line
    results: tuple[Line, ...]
    total: Line
    carried_out: Line

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines in their order."""
        return (self.received, self.carried_in, *self.results, self.total, self.carried_out)

    @property
    def balanced(self) -> bool:
        """Whether every column comes out even."""
        sides = zip(
            self.received.numbers, self.carried_in.numbers, self.total.numbers, self.carried_out.numbers,
            strict=True,
        )  # fmt: skip
        return all(new + before == done + after for new, before, done, after in sides)


def _line(group: Any, label: Any, who: Iterable[str]) -> Line:
    count = Counter(who)
    columns = tuple(count[kind] for kind in Applicant.values)
    return Line(str(group), str(label), (*columns, sum(columns)))


def annual(rows: Iterable[Handled], year: int, begins: datetime, ends: datetime) -> Annual:
    """Return the table of a year from `begins` to before `ends`: every line counted by itself, none as a remainder."""
    known = [row for row in rows if row.received_at < ends]
    over = [r for r in known if r.closed_at is not None and begins <= r.closed_at < ends]
    before = [
        r
        for r in known
        if r.received_at < begins and (r.closed_at is None or r.closed_at >= begins)
    ]
    after = [r for r in known if r.closed_at is None or r.closed_at >= ends]
    return Annual(
        year,
        _line(_("本年新收"), "", (r.applicant for r in known if r.received_at >= begins)),
        _line(_("上年结转"), "", (r.applicant for r in before)),
        tuple(
            _line(group, label, (r.applicant for r in over if r.result in counted))
            for group, label, counted in TABLE
        ),
        _line(_("总计"), "", (r.applicant for r in over)),
        _line(_("结转下年度"), "", (r.applicant for r in after)),
    )
