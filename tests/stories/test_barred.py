"""撤销 with its two grounds: deceit bars a matter of safety for three years, official fault bars nothing.

False material bars for one year. What the enterprise filed before goes on; the bar ends by itself, to the day.
"""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone, translation

from approvals import services as filings
from approvals.models import ApplicationBar, CorrectionCase
from approvals.services.barring import years_later
from approvals.stages import BarArticle, RefusalGround, Stage
from core.deadlines.models import RulebookEdition
from core.deadlines.services import local
from inspection import services as works
from inspection.services import Intention
from inspection.stages import Ground, MeasureKind, MeasureState
from tests.approvals.browse import Browser, text
from tests.conftest import instant
from tests.standing import standing
from tests.stories.telling import evidence, refused, told
from tests.walk import Walk, acts, walk

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)
walked, building = standing(
    lambda people: walk(people, instant("2018-03-05 09:00"), to=Stage.BUILDING)
)


def revoke(w, people, ground, case=None):
    said = Intention(MeasureKind.REVOKE, ground, "消防设计文件系伪造", "行政许可法69", case=case)
    measure = w.do(works.propose_measure, w.filing, intention=said, by=people.department("ZJJ"))
    w.past(measure.due_at)
    return w.do(works.decide_measure, measure, imposed=True, reasons="事实清楚", by=people.convenor)


def another(people, now):
    """A filing of the same enterprise with the same matters, ready to be handed in."""
    way = Walk(people, now)
    way.draft()
    return way


@pytest.mark.parametrize(
    ("day", "years", "last"),
    [
        (date(2018, 5, 7), 3, date(2021, 5, 7)),
        (date(2020, 2, 29), 1, date(2021, 2, 28)),
        (date(2020, 2, 29), 4, date(2024, 2, 29)),
    ],
)
def test_years(day, years, last):
    assert years_later(day, years) == last


def test_deceit_bars_the_matters_of_safety_for_three_years(building, people):
    w = building
    revoke(w, people, Ground.DECEIT)

    bar = ApplicationBar.objects.get()
    assert w.filing.stage == Stage.REVOKED
    assert (bar.article, bar.codes) == (BarArticle.DECEIT, ["C03", "C05", "C09", "C12"])
    assert bar.until == years_later(timezone.localdate(bar.since), 3)
    assert evidence(w.filing.book, "bar_application")["codes"] == bar.codes
    assert told(people.enterprise, "再次申请")

    again = another(people, w.now)
    with refused("不得再次申请"):
        again.do(filings.submit, again.filing, by=people.enterprise)
    # Whoever was not barred files as ever.
    other = Walk(people, w.now, by=people.other_enterprise)
    other.draft()
    other.submit()
    # To the last instant of its last day, and not one longer.
    end = local(bar.until + timedelta(days=1))
    assert filings_barred(again, end - TICK)
    assert not filings_barred(again, end)


def filings_barred(way, at):
    from approvals.services.barring import why_barred

    return why_barred(way.filing, ["C09", "R04"], at)


def test_official_fault_bars_nobody(building, people):
    w = building
    revoke(w, people, Ground.OFFICIAL_FAULT)

    assert w.filing.stage == Stage.REVOKED
    assert not ApplicationBar.objects.exists()
    paper = w.filing.book.papers.get(kind="DOC40")
    assert "依法给予赔偿" in str(paper.content)
    again = another(people, w.now)
    again.submit()


def test_false_material_bars_for_one_year(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.RECEIVED)
    w.do(
        filings.refuse, w.filing, reason="消防设计文件系伪造", ground=RefusalGround.FALSE, by=people.window
    )  # fmt: skip

    bar = ApplicationBar.objects.get()
    assert bar.article == BarArticle.CONCEALED
    assert bar.until == years_later(timezone.localdate(w.now), 1)
    assert "《中华人民共和国行政许可法》第七十八条" in str(bar.paper.content)


def test_another_refusal_bars_nobody(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.RECEIVED)
    w.do(filings.refuse, w.filing, reason="不属范围", by=people.window)

    assert not ApplicationBar.objects.exists()


def test_a_correction_case_ends_with_the_decision_that_rests_on_it(building, people):
    w = building
    case = CorrectionCase.objects.create(
        filing=w.filing, opened_at=w.now, opened_by=people.convenor, subject="迟到意见", text="红线",
        legal_basis="消防法",
    )  # fmt: skip
    with translation.override(
        "en"
    ):  # whatever the language of who decides, what is kept is Chinese
        measure = revoke(w, people, Ground.OFFICIAL_FAULT, case=case)

    case.refresh_from_db()
    assert case.closed_at == measure.decided_at
    assert case.outcome.startswith(f"{MeasureKind.REVOKE.label}：{MeasureState.IMPOSED.label}")
    assert measure.paper.number in case.outcome
    assert "close_correction_case" in acts(w.filing.book)


def test_a_closed_case_bears_nothing(building, people):
    w = building
    case = CorrectionCase.objects.create(
        filing=w.filing, opened_at=w.now, opened_by=people.convenor, subject="迟到意见", text="红线",
        legal_basis="消防法", closed_at=w.now, outcome="已纠正",
    )  # fmt: skip
    said = Intention(MeasureKind.EXIT, Ground.CHANGED, "事实", "依据", case=case)
    with refused(error=ValidationError):
        w.do(works.propose_measure, w.filing, intention=said, by=people.department("ZJJ"))


def without(code):
    """The editions that were loaded lack a row: they are older than it."""
    editions = RulebookEdition.objects.filter(values__code=code)
    for number, edition in enumerate(editions.distinct()):
        edition.values.filter(code=code).update(code=f"x{code}")
        RulebookEdition.objects.filter(pk=edition.pk).update(
            digest=f"{number}{code}".ljust(64, "n")
        )


def test_under_a_rulebook_without_the_row_it_is_refused_and_nobody_is_barred(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.RECEIVED)
    without("33a")
    w.do(
        filings.refuse, w.filing, reason="消防设计文件系伪造", ground=RefusalGround.FALSE, by=people.window
    )  # fmt: skip
    paper = w.filing.book.papers.get(kind="DOC05")
    assert w.filing.stage == Stage.REFUSED
    assert "不得再次申请" not in str(paper.content)
    assert not ApplicationBar.objects.exists()


def test_under_a_rulebook_without_the_row_it_is_revoked_and_nobody_is_barred(building, people):
    without("33b")
    revoke(building, people, Ground.DECEIT)
    paper = building.filing.book.papers.get(kind="DOC40")
    assert building.filing.stage == Stage.REVOKED
    assert "不得再次申请" not in str(paper.content)
    assert not ApplicationBar.objects.exists()


LIFTED = {"number": "示例复决〔2018〕7号", "reason": "复议决定撤销原决定"}


def test_overturned_the_supervisor_lifts_it_and_the_enterprise_applies_again(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.RECEIVED)
    w.do(
        filings.refuse, w.filing, reason="消防设计文件系伪造", ground=RefusalGround.FALSE, by=people.window
    )  # fmt: skip
    again = another(people, w.now)
    w.now = again.now
    for who in ("enterprise", "window", "convenor", "administrator"):
        with refused(error=PermissionDenied):
            w.do(filings.lift_application_bar, w.filing, **LIFTED, by=getattr(people, who))
    for lacking in ({"number": " "}, {"reason": " "}):
        with refused(error=ValidationError):
            w.do(
                filings.lift_application_bar, w.filing, **{**LIFTED, **lacking}, by=people.supervisor
            )  # fmt: skip
    before, desk = w.now, Browser(people.supervisor, w.now)
    here = w.filing.public_id
    assert w.filing.application_bars.get().paper.number in text(
        desk.get("lift_application_bar", here)
    )
    assert Browser(people.window, w.now).post("lift_application_bar", here).status_code == 403
    assert desk.post("lift_application_bar", here, number="").status_code == 422
    assert desk.post("lift_application_bar", here, **LIFTED).status_code == 302
    assert evidence(w.filing.book, "lift_application_bar")["number"] == LIFTED["number"]
    assert told(people.enterprise, LIFTED["number"])
    assert filings_barred(again, before - TICK)  # what it decided before stays so
    assert not filings_barred(again, before)
    w.minutes(1)
    with refused("没有还在执行的再次申请限制"):
        w.do(filings.lift_application_bar, w.filing, **LIFTED, by=people.supervisor)
    assert desk.post("lift_application_bar", here, **LIFTED).status_code == 409
    again.now = w.now
    again.submit()


def test_a_case_without_a_bar_has_none_to_lift(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.RECEIVED)
    with refused("没有还在执行的再次申请限制"):
        w.do(filings.lift_application_bar, w.filing, **LIFTED, by=people.supervisor)
