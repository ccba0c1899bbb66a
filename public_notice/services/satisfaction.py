"""满意度: asked when a case is closed and once a year; who answers may leave it, and what they say touches no case.

Only sums are kept. That somebody answered, and that a code is used, stands apart from them, without a time; what is
shown goes on when FEWEST sheets have come together, and words are shuffled before they are written.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, F, PositiveIntegerField, When
from django.utils import timezone

from accounts.models import Membership
from accounts.queries import digest_of
from approvals.models import Filing
from approvals.policies import own_enterprise
from core.ledger.services import county_book, lock, record
from core.notify.words import said as _
from core.steps.moves import act, locked, permit
from core.steps.reasons import NotNow, require
from core.steps.tries import Tries
from public_notice import policies
from public_notice.models import (
    Asked,
    SurveyCode,
    SurveyCount,
    SurveyQuestion,
    SurveyRemark,
    SurveyRound,
    Tally,
)
from public_notice.queries import FEWEST
from public_notice.rules.personal import normalise
from public_notice.stages import Occasion, Score

GUESSING = Tries("survey", from_one=10, at_one=1000, wait=timedelta(minutes=15))
LONGEST = 1000
USED = _("这个问卷码已经用过：每个问卷码只能答一次。")
OVER = _("问卷已经截止。")


@transaction.atomic
def answer_satisfaction(
    filing: Filing, *, score: int, by: Membership, at: datetime,
    answers: Mapping[str, int] | None = None, remark: str = "",
) -> Filing:  # fmt: skip
    """回答满意度: the ledger says that it was answered, never what; NotNow before the end or a second time."""
    filing = locked(filing)
    permit(filing, own_enterprise, by=by, at=at)
    require(filing, policies.case_is_closed, policies.satisfaction_is_open)
    said = _scores(score, answers or {})
    Asked.objects.create(filing=filing)
    SurveyCode.objects.filter(filing=filing).update(used=True)
    _of_case(filing, said, score, remark)
    act(filing, "answer_satisfaction", policy=own_enterprise, by=by, at=at)
    return filing


@transaction.atomic
def answer_survey(
    *, code: str, score: int, at: datetime, answers: Mapping[str, int] | None = None, remark: str = "",
    origin: str = "",
) -> SurveyRound:  # fmt: skip
    """凭问卷码回答: once per code, by nobody in particular: no entry says that it was, or when.

    Raises ValidationError for a code that is none, NotNow for one that is used or over, TooManyTries for guessing.
    """
    GUESSING.admit(origin, "all", at=at)
    digest = digest_of("".join(normalise(code).split()).upper())
    known = SurveyCode.objects.filter(digest=digest).select_related("filing").first()
    if known is None:
        GUESSING.failed(origin, "all", at=at)
        raise ValidationError({"code": _("没有这个问卷码：请核对通知里的问卷码。")})
    if known.filing is not None:  # the book of the case before the county's, as on its page
        lock(known.filing.book_id)
    lock(county_book().pk)
    found = SurveyCode.objects.select_for_update(of=("self",)).select_related("round", "filing")
    held = found.get(digest=digest)
    if held.used or (held.filing is not None and Asked.objects.filter(filing=held.filing).exists()):
        raise NotNow([str(USED)])
    if timezone.localdate(at) > held.ends_on:
        raise NotNow([str(OVER)])
    said = _scores(score, answers or {})
    held.used = True
    held.save(update_fields=["used"])
    if held.filing is not None:
        Asked.objects.create(filing=held.filing)
        _of_case(held.filing, said, score, remark)
    else:
        _add_sheet(held.round, said, remark)
    return held.round


def _scores(score: int, answers: Mapping[str, int]) -> dict[SurveyQuestion, int]:
    """Return the score of each question that was answered; the one of the whole is never left out."""
    if score not in Score.values:
        raise ValidationError({"score": _("请选择一项。")})
    said: dict[SurveyQuestion, int] = {}
    asked = list(SurveyQuestion.objects.filter(current=True))
    if unknown := set(answers) - {question.code for question in asked}:
        raise ValidationError(
            {"answers": _("没有编号为%(code)s的问题。") % {"code": min(unknown)[:20]}}
        )
    for question in asked:
        given = score if question.overall else answers.get(question.code)
        if given is None:
            continue
        if given not in Score.values:
            raise ValidationError({"answers": _("请选择一项。")})
        said[question] = given
    return said


def _of_case(filing: Filing, said: Mapping[SurveyQuestion, int], score: int, remark: str) -> None:
    """Count a sheet of a closed case: in its year's sheets, and in the year's satisfaction on the front page."""
    lock(county_book().pk)
    closed = timezone.localtime(filing.completed_at or filing.stage_since)
    _count(closed.year, good=score >= Score.GOOD)
    round_, _new = SurveyRound.objects.get_or_create(year=closed.year, occasion=Occasion.CLOSING)
    _add_sheet(round_, said, remark)


def _count(year: int, *, good: bool) -> None:
    """Add an answer to the sum of its year; what is shown goes on when FEWEST have come together."""
    Tally.objects.get_or_create(year=year)
    tally = Tally.objects.select_for_update().get(year=year)
    tally.answers += 1
    tally.good += good
    if tally.answers % FEWEST == 0:
        tally.shown_answers, tally.shown_good = tally.answers, tally.good
    tally.save()


def _add_sheet(round_: SurveyRound, said: Mapping[SurveyQuestion, int], remark: str) -> None:
    """Add a sheet to the sums of its round; the words go among those that are not shown yet, in any order.

    Every sum is written with every sheet, also where nothing is added: no row tells by its place what was said last.
    """
    held = SurveyRound.objects.select_for_update().get(pk=round_.pk)
    _make_room(held, said)
    given = [When(question=question, score=score, then=1) for question, score in said.items()]
    more = Case(*given, default=0, output_field=PositiveIntegerField())
    held.counts.update(answers=F("answers") + more)
    _keep_words(held, remark.strip()[:LONGEST])
    held.sheets += 1
    if held.sheets % FEWEST == 0:
        held.shown_sheets = held.sheets
        held.counts.update(shown=F("answers"))
        held.remarks.filter(shown=False).update(shown=True, shown_with=held.sheets)
    held.save(update_fields=["sheets", "shown_sheets"])


def _make_room(held: SurveyRound, said: Mapping[SurveyQuestion, int]) -> None:
    """Write the sums of all scores at nought: made when first given, their keys would tell who said what first."""
    known = set(held.counts.values_list("question_id", "score"))
    asked = sorted({*SurveyQuestion.objects.filter(current=True), *said}, key=lambda one: one.pk)
    SurveyCount.objects.bulk_create(
        SurveyCount(round=held, question=question, score=score)
        for question in asked
        for score in Score.values
        if (question.pk, score) not in known
    )


def _keep_words(held: SurveyRound, remark: str) -> None:
    """Write those that wait anew with these among them: the place of a row in its table tells no order either."""
    waiting = held.remarks.filter(shown=False)
    texts = [one.text for one in waiting] + ([remark] if remark else [])
    waiting.delete()
    secrets.SystemRandom().shuffle(texts)
    SurveyRemark.objects.bulk_create(SurveyRemark(round=held, text=text) for text in texts)


def record_round(round_: SurveyRound, *, by: Membership, at: datetime, asked: int) -> None:
    """Write down that a round has begun, and how many were asked; whom, stands in the messages alone."""
    record(
        county_book(), "begin_survey", by=by, at=at, year=round_.year, occasion=round_.occasion,
        asked=asked,
    )  # fmt: skip


def as_answers(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a sheet said as the services take it: `score`, `answers` by question code, `remark`."""
    answers = {
        name: value for name, value in data.items() if name.startswith("Q") and value is not None
    }
    return {"score": data["score"], "answers": answers, "remark": data.get("remark", "")}
