"""依申请公开: the day of receipt, who else is asked at the same time, and what is kept from those who only watch."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from core import clock
from core.deadlines.counting import name_of
from core.deadlines.models import Suspension
from public_notice import services
from public_notice.stages import InquiryResult
from tests.api.programs import Program
from tests.conftest import instant
from tests.house.source import ROOT
from tests.public_notice.test_disclosure import SAID, SENT, Told
from tests.stories.telling import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def running(people):
    return Told().confirmed(people)


def ask(w, people, kind, when, whom="示例单位"):
    return w.do(services.ask_view, w.it, kind=kind, whom=whom, text="是否同意？",
                by=people.window, at=instant(when))  # fmt: skip


def stops(w):
    table, row, _since = name_of(w.it)
    found = Suspension.objects.filter(table=table, row=row).order_by("pk")
    return list(found.values_list("since", "until"))


def test_the_clock_goes_on_with_the_last_of_several_whatever_their_order(running, people):
    early, late = "2018-09-12 09:00", "2018-09-17 09:00"
    one = ask(running, people, "third_party", early)
    two = ask(running, people, "organ", late)
    # Asked first and answered late: its own limit is made the longer one.
    type(one).objects.filter(pk=one.pk).update(due_at=two.due_at + timedelta(days=3))
    one.refresh_from_db()
    running.do(services.answer_disclosure, running.it, result="disclosed", reply="随本件提供。",
               by=people.window, at=one.due_at + timedelta(hours=9))  # fmt: skip

    assert stops(running) == [(one.asked_at, one.due_at)]


def test_a_view_that_comes_after_anothers_silence_ends_the_wait(running, people):
    silent = ask(running, people, "third_party", "2018-09-12 09:00")
    other = ask(running, people, "third_party", "2018-09-17 09:00", whom="另一示例单位")
    came = silent.due_at + timedelta(hours=9)
    running.do(services.record_view, other, agrees=True, said="同意。", by=people.window, at=came)

    silent.refresh_from_db()
    assert (silent.result, silent.settled_at) == (InquiryResult.SILENT, silent.due_at)
    assert stops(running) == [(silent.asked_at, came)]


def test_each_party_is_asked_once_for_each_time_would_stop_the_clock_anew(running, people):
    asked = ask(running, people, "third_party", "2018-09-12 09:00")
    with refused("每一方只征求一次"):
        ask(running, people, "third_party", "2018-09-13 09:00")
    running.do(services.record_view, asked, agrees=False, said="不同意。", by=people.window,
               at=instant("2018-09-14 09:00"))  # fmt: skip
    with refused("每一方只征求一次"):
        ask(running, people, "third_party", "2018-09-17 09:00", whom=" 示例单位 ")
    ask(running, people, "organ", "2018-09-17 10:00")


def test_between_a_silence_and_the_next_question_the_clock_runs(running, people):
    silent = ask(running, people, "third_party", "2018-09-12 09:00")
    again = silent.due_at + timedelta(days=2)
    running.do(services.ask_view, running.it, kind="organ", whom="示例局", text="？",
               by=people.window, at=again)  # fmt: skip

    assert stops(running) == [(silent.asked_at, silent.due_at), (again, None)]


def test_after_a_silence_a_correction_is_judged_as_if_it_had_been_swept(running, people):
    silent = ask(running, people, "third_party", "2018-09-12 09:00")
    type(silent).objects.filter(pk=silent.pk).update(due_at=instant("2018-09-14 00:00"))
    asked = running.do(services.ask_correction, running.it, text="请写明。", by=people.window,
                       at=instant("2018-09-17 09:00"))  # fmt: skip

    assert asked.stage == "correcting"


def test_who_asked_is_in_nothing_that_was_asked_of_them(client, running, people):
    running.do(services.ask_correction, running.it, text="请写明项目名称。", by=people.window)
    client.force_login(people.supervisor.user)
    with clock.driven(running.now):
        page = client.get(reverse("public_notice:disclosure", args=[running.pk]))
        told = Program(client, people.supervisor).get("disclosure-inquiries/")

    assert "请写明项目名称" in page.content.decode()
    assert "请写明项目名称" in told.content.decode()
    assert SAID["name"] not in page.content.decode() + told.content.decode()


def register(people, at=SENT, **said):
    return Told().do(services.register_disclosure, **SAID, by=people.window, at=at, **said)


def test_signed_mail_is_received_on_the_day_it_was_signed_for(people):
    signed = date(2018, 9, 6)  # a Thursday; entered on Monday, the 10th
    made = register(people, channel="signed_mail", signed_on=signed)
    same = register(people, channel="counter", at=instant("2018-09-06 10:00"))

    assert made.received_at.astimezone(SENT.tzinfo).date() == signed
    assert made.due_at == same.due_at
    confirmed = made.book.entries.get(act="confirm_request")
    assert confirmed.event_at == made.received_at


@pytest.mark.parametrize(
    ("channel", "signed"),
    [("signed_mail", None), ("signed_mail", date(2018, 9, 11)), ("signed_mail", date(1990, 1, 1)),
     ("counter", date(2018, 9, 6))],
)  # fmt: skip
def test_a_day_of_signing_that_cannot_be_is_refused(people, channel, signed):
    with refused("签收", error=ValidationError):
        register(people, channel=channel, signed_on=signed)


def test_what_is_said_of_a_limit_is_the_rulebooks_number(client, running, people):
    """No sentence has a number of days of its own: the county may have another tomorrow."""
    said = [*ROOT.glob("templates/public_notice/disclosure*.html"), *ROOT.glob("public_notice/**/*disclosure*.py"),
            *ROOT.glob("public_notice/services/disclosures/*.py")]  # fmt: skip
    assert [path.name for path in said if re.search(r"\d个?工作日", path.read_text("utf-8"))] == []

    client.force_login(people.window.user)
    with clock.driven(running.now):
        told = client.get(reverse("public_notice:disclosures")).content.decode()
        asks = client.get(reverse("public_notice:disclosure_view", args=[running.pk]))
    assert "收到之日起20个工作日内答复" in told
    assert "窗口在7个工作日内" in told
    assert "第三方15个工作日未提出意见" in asks.content.decode()


def test_a_program_says_the_day_of_signing_and_is_told_why_not(client, people):
    with clock.driven(SENT):
        program = Program(client, people.window)
        body = {**SAID, "channel": "signed_mail"}
        assert program.post("disclosures/", body).status_code == 422
        made = program.post("disclosures/", {**body, "signed_on": "2018-09-06"})
    assert made.status_code == 201, made.content
    assert made.json()["received_at"].startswith("2018-09-06")
