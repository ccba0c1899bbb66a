"""What the questionnaire came to: per round and question how many gave which score, as far as it is shown."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from core.documents.sheets import Sheet
from public_notice.models import SurveyCount, SurveyQuestion, SurveyRemark, SurveyRound
from public_notice.queries import FEWEST
from public_notice.rules.gate import mask, personal_left
from public_notice.stages import Occasion, Score

WITHHELD = "***"
YEAR = 4  # figures of a year
MOST_WORDS = (
    20  # of a round that are read for a page, the newest; the others have pages of their own
)
SCORES = tuple(sorted(Score, reverse=True))  # best first


def questions() -> list[SurveyQuestion]:
    """Return the questions as they are asked now."""
    return list(SurveyQuestion.objects.filter(current=True))


@dataclass(frozen=True)
class Answered:
    """One question of a round: how many gave each score, best first; no numbers where too few answered it."""

    code: str
    question: str
    numbers: tuple[int, ...]

    @property
    def answers(self) -> int:
        """How many answered it."""
        return sum(self.numbers)

    @property
    def satisfied(self) -> int | None:
        """Percent of those who answered it that are satisfied or very satisfied; None without an answer."""
        good = sum(n for score, n in zip(SCORES, self.numbers, strict=False) if score >= Score.GOOD)
        return round(100 * good / self.answers) if self.answers else None


@dataclass(frozen=True)
class Result:
    """A round as it is public: sheets, the answers per question, the words through the gate."""

    year: int
    occasion: str
    label: str
    sheets: int
    lines: tuple[Answered, ...]
    remarks: tuple[str, ...]  # the newest
    said: int = 0  # how many remarks there are, shown here or not

    @property
    def code(self) -> str:
        """By what an address names it: 2018-closing."""
        return f"{self.year}-{self.occasion}"


def results(code: str = "", page: int = 1) -> list[Result]:
    """Return every round, newest first, with what is shown of it: three statements, and of each few remarks.

    Of one round alone, by its code, the remarks of a page; none of an unknown round.
    """
    numbers: dict[int, dict[SurveyQuestion, dict[int, int]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for one in SurveyCount.objects.filter(shown__gt=0).select_related("question"):
        numbers[one.round_id][one.question][one.score] = one.shown
    rounds = _rounds(code)
    place = Window(RowNumber(), partition_by="round", order_by=("-shown_with", "pk"))
    shown = SurveyRemark.objects.filter(shown=True).annotate(place=place)
    before = (page - 1) * MOST_WORDS
    few = Prefetch(
        "remarks",
        shown.filter(place__gt=before, place__lte=before + MOST_WORDS).order_by("place"),
        to_attr="few",
    )
    rounds = rounds.annotate(said=Count("remarks", filter=Q(remarks__shown=True)))
    return [_result(one, numbers[one.pk]) for one in rounds.prefetch_related(few)]


def _rounds(code: str) -> QuerySet[SurveyRound]:
    """Return all rounds, or the one that an address names."""
    if not code:
        return SurveyRound.objects.all()
    year, _dash, occasion = code.partition("-")
    dated = year.isascii() and year.isdecimal() and len(year) == YEAR
    if not dated or occasion not in Occasion.values:  # what PostgreSQL takes for no text, neither
        return SurveyRound.objects.none()
    return SurveyRound.objects.filter(year=int(year), occasion=occasion)


def remarks_of(code: str) -> tuple[str, QuerySet[SurveyRemark]] | None:
    """Return what a round is called and the remarks of it that are shown, newest first; None for no such round."""
    round_ = _rounds(code).first() if code else None
    return None if round_ is None else (str(round_), round_.remarks.filter(shown=True))


def _result(one: Any, numbers: dict[SurveyQuestion, dict[int, int]]) -> Result:
    asked = sorted(numbers, key=lambda question: (question.order, question.version))
    return Result(
        one.year,
        one.occasion,
        one.get_occasion_display(),
        one.shown_sheets,
        tuple(
            Answered(
                q.code if q.version == 1 else f"{q.code}/{q.version}", str(q),
                _told(tuple(numbers[q].get(score, 0) for score in SCORES)),
            )
            for q in asked
        ),
        tuple(through(remark.text) for remark in one.few),
        one.said,
    )  # fmt: skip


def _told(numbers: tuple[int, ...]) -> tuple[int, ...]:
    """Return the numbers of a question, nothing where fewer answered it than are ever shown together."""
    return numbers if sum(numbers) >= FEWEST else ()


def through(text: str) -> str:
    """Return words as they may be public: masked, and read again; what still looks personal is left out whole."""
    shown = mask(text)
    return WITHHELD if personal_left(shown) else shown


def share_of(line: Answered) -> str:
    """Return the share of a question in words."""
    return _("样本不足") if line.satisfied is None else f"{line.satisfied}%"


def sheet_of_results(found: Iterable[Result]) -> Sheet:
    """Return all rounds for a spreadsheet, a line per question."""
    heads: Sequence[str] = (
        _("年份"), _("问卷场合"), _("公开的问卷份数"), _("编号"), _("问题"),
        *(str(score.label) for score in SCORES), _("满意率"),
    )  # fmt: skip
    few = (_("样本不足"),) * len(SCORES)
    rows = [
        (one.year, one.label, one.sheets, line.code, line.question, *(line.numbers or few), share_of(line))
        for one in found
        for line in one.lines
    ]  # fmt: skip
    return Sheet(_("满意度问卷结果"), heads, rows)
