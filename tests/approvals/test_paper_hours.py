"""窗口时间: a paper counts until the counter closes; after that from its next opening, in limit, table and receipt."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from approvals import services
from approvals.rules import limits
from approvals.services.words import day_table
from approvals.stages import Stage
from core.deadlines.queries import explain, last_day_of
from core.documents.models import Paper
from core.notify.models import Message
from core.steps.reasons import NotNow
from tests.approvals.browse import Browser, text
from tests.conftest import instant
from tests.files import PDF
from tests.standing import standing
from tests.walk import walk

pytestmark = pytest.mark.django_db
# Monday, 5 March 2018: in winter the counter closes at 17:30.
walked, case = standing(lambda people: walk(people, instant("2018-03-05 09:00"), to=Stage.LISTED))


def scan():
    return SimpleUploadedFile("收件登记.pdf", PDF, content_type="application/pdf")


def confirmed(w, came, entered, *, decided=None, materials=None):
    chosen = materials or [one.pk for one in w.filing.intake_open()]
    made = services.enter_paper(
        w.filing, paper_at=came, bearer="李示例丁", materials=chosen, upload=scan(),
        by=w.people.window, at=entered,
    )  # fmt: skip
    w.now = decided or entered + timedelta(minutes=5)
    services.confirm_paper(made, by=w.people.convenor, at=w.now)
    return w.filing.paper_intakes.get(pk=made.pk)


def statutory(w):
    return w.filing.limits.get(rule=limits.STATUTORY_ACCEPTANCE.code, ended_at=None)


HOURS = [
    # came, entered, counts from, last day of the five working days
    ("2018-03-07 17:30", "2018-03-08 09:00", "2018-03-07 17:30", "2018-03-14"),
    ("2018-03-07 17:31", "2018-03-08 09:00", "2018-03-08 08:30", "2018-03-15"),
    ("2018-03-09 18:00", "2018-03-12 09:00", "2018-03-12 08:30", "2018-03-19"),
    ("2018-03-10 10:00", "2018-03-12 09:00", "2018-03-12 08:30", "2018-03-19"),  # a Saturday
    (
        "2018-03-07 18:00",
        "2018-03-07 18:05",
        "2018-03-08 08:30",
        "2018-03-15",
    ),  # confirmed before it opens
]


@pytest.mark.parametrize(("came", "entered", "counts", "last"), HOURS)
def test_what_comes_after_closing_counts_from_the_next_opening(case, at, came, entered, counts, last):  # fmt: skip
    intake = confirmed(case, at(came), at(entered))
    limit = statutory(case)
    assert intake.counted_from == limit.started_at == at(counts)
    assert f"{last_day_of(limit.due_at)}" == last
    assert case.filing.received_at == at(came)  # it came when it came
    assert intake.after_hours is (came != counts)
    assert not Message.objects.filter(subject__contains="补录太晚").exists()


def test_table_paper_and_page_say_so(case, at):
    confirmed(case, at("2018-03-09 18:00"), at("2018-03-12 09:00"))
    rows = explain(statutory(case))
    assert [(f"{r.date:%m-%d}", r.mark, r.number) for r in rows][:5] == [
        ("03-09", "shut", None), ("03-10", "weekend", None), ("03-11", "weekend", None),
        ("03-12", "start", None), ("03-13", "counted", 1),
    ]  # fmt: skip
    assert day_table(statutory(case))[0]["kind"] == "窗口关门后交来"
    receipt = Paper.objects.get(book=case.filing.book, kind="DOC02").content
    assert "窗口已经关门" in receipt["counted_text"]
    assert receipt["received_text"] == "2018年3月9日18时00分"
    page = Browser(case.people.window, case.now).get("paper_intake", case.filing.public_id)
    assert "交来时窗口已经关门" in text(page)


DAYS_LEFT = [
    # Received on Wednesday the 7th: the five working days end on the 14th.
    ("2018-03-13 16:00", False),  # the 14th is left
    ("2018-03-14 09:00", True),  # the last day itself is no working day left
    ("2018-03-14 23:00", True),
    ("2018-03-20 09:00", True),
]


@pytest.mark.parametrize(("entered", "late"), DAYS_LEFT)
def test_an_entry_that_leaves_the_window_no_day_makes_no_silence(case, at, entered, late):
    """行政许可法 32 turns silence into acceptance because the authority could have spoken."""
    intake = confirmed(case, at("2018-03-07 10:00"), at(entered))
    assert intake.counted_late is late
    assert statutory(case).started_at == (case.now if late else at("2018-03-07 10:00"))
    told = Message.objects.filter(to=case.people.supervisor, subject__contains="补录太晚")
    assert told.exists() is late
    case.until(at(entered).replace(hour=0, minute=30) + timedelta(days=1))
    assert case.filing.stage == Stage.RECEIVED


def corrected(w, at, came):
    """A correction that is owed until 24:00 of its last day comes on paper on that day."""
    w.hand_in()
    material = w.filing.materials.intake().first()
    w.do(services.check_material, material, fine=False, reason="缺章", by=w.people.window)
    w.do(services.ask_correction, w.filing, by=w.people.window)
    due = w.filing.limits.get(rule=limits.CORRECTION.code, ended_at=None).due_at
    day = last_day_of(due)
    moment = at(f"{day} {came}")
    return confirmed(w, moment, moment, materials=[material.pk])


def test_a_correction_is_in_time_until_the_counter_closes(case, at):
    corrected(case, at, "17:25")
    assert case.filing.stage == Stage.RECEIVED


def test_after_that_it_is_late_on_paper_though_not_yet_online(case, at):
    with pytest.raises(NotNow, match="窗口已经关门"):
        corrected(case, at, "17:31")
    assert case.filing.stage == Stage.CORRECTING
