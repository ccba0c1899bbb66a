"""A day on which the public page could not be read does not count; what was checked is written once and for all."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.test import Client

from core.deadlines.models import RuleValue
from core.deadlines.queries import end_of, explain
from core.ledger.queries import verify
from core.notify.models import Message
from core.steps.reasons import NotNow
from public_notice.models import Hit, LostDay, Notice
from public_notice.services import (
    decide_proposal,
    lodge_objection,
    propose,
    reply_objection,
    watch_notices,
)
from public_notice.services.fetching import Answer, fetch
from public_notice.stages import Finding, NoticeStage, Shown
from tests.walk import acts

pytestmark = pytest.mark.django_db
DARK = Answer(None)


@pytest.fixture(autouse=True)
def watched(settings):
    settings.NOTICE_WATCH, settings.SITE_URL = True, "http://testserver"


@pytest.fixture
def look(at):
    """`look(day, answer)` checks at 9:00 of a day: by the real page, or by what is given instead."""

    def looked(day, answer=None, time="09:00"):
        when = at(f"2018-06-{day:02d} {time}")
        return watch_notices(when, ask=through_the_door if answer is None else lambda _url: answer)

    return looked


def through_the_door(address):
    page = Client().get(address.removeprefix("http://testserver"))
    return Answer(page.status_code, page.content)


def fresh(w):
    return Notice.objects.select_related("filing", "calendar").get(pk=w.notice.pk)


def test_a_page_that_stands_is_whole_and_nothing_moves(noticed, look):
    for day in (1, 4, 5, 6, 7):
        assert look(day) == 1
    assert set(Hit.objects.values_list("shown", flat=True)) == {Shown.WHOLE}
    noticed.past(noticed.notice.due_at)
    assert fresh(noticed).stage == NoticeStage.CLEAN
    assert not LostDay.objects.exists()


def test_a_site_that_goes_dark_is_told_of_once_and_written_for_each_page(noticed, look, notice_one):
    other = notice_one()
    look(1)
    look(4, Answer(500))

    told = Message.objects.filter(subject__startswith="公示页自检")
    assert told.count() == told.values("to").distinct().count() > 1
    for one in (noticed, other):
        assert acts(one.filing.book).count("notice_watched") == 1
    look(4, time="09:30")
    assert told.count() == 2 * told.values("to").distinct().count()


def test_a_dark_day_moves_the_end_by_one_and_both_sides_are_told(noticed, look, people):
    look(1)
    look(4, DARK)
    look(5)
    notice = fresh(noticed)
    lost = LostDay.objects.get()
    assert (lost.day, lost.checks, lost.good) == (date(2018, 6, 4), 1, 0)
    assert lost.found_at == end_of(date(2018, 6, 4))
    assert (notice.ends_on, notice.due_at) == (date(2018, 6, 8), end_of(date(2018, 6, 8)))
    assert explain(notice)
    for who in (people.enterprise, people.window, people.supervisor):
        assert who.messages.filter(subject__contains="顺延").exists()
    noticed.past(end_of(date(2018, 6, 7)))
    assert fresh(noticed).stage == NoticeStage.RUNNING
    for day in (6, 7, 8):
        look(day)
    noticed.past(notice.due_at)
    assert fresh(noticed).closed_at == notice.due_at
    assert verify(notice.book) is None


@pytest.mark.parametrize("swept", [True, False])
def test_the_last_day_dark_is_judged_before_it_closes_however_late(noticed, look, at, swept, words):
    for day in (1, 4, 5, 6):
        look(day)
    look(7, DARK)
    if swept:
        noticed.sweep(end_of(date(2018, 6, 7)) + timedelta(minutes=3))
    # The next morning one may still object, whether or not anything has run since.
    lodge_objection(noticed.notice, at=at("2018-06-08 08:00"), **words)
    assert fresh(noticed).due_at == end_of(date(2018, 6, 8))


def test_a_day_without_any_check_is_no_proof_and_days_off_are_none_of_the_period(noticed, look):
    look(1)
    look(6)  # the machine was down on Monday and Tuesday; 2 and 3 June are a weekend
    assert [str(day) for day in LostDay.objects.values_list("day", flat=True)] == [
        "2018-06-04",
        "2018-06-05",
    ]
    assert fresh(noticed).ends_on == date(2018, 6, 11)


def test_nothing_is_judged_before_the_watch_began_and_half_a_day_is_enough(noticed, look):
    look(5)
    look(5, DARK, time="15:00")
    look(6)
    assert not LostDay.objects.exists()
    assert fresh(noticed).ends_on == date(2018, 6, 7)


def test_it_asks_no_oftener_than_the_rulebook_and_not_where_it_is_off(noticed, look, settings):
    assert [look(1), look(1), look(1, time="09:14"), look(1, time="09:15")] == [1, 0, 0, 1]
    settings.NOTICE_WATCH = False
    assert look(4) == 0


def test_a_page_that_says_something_else_is_an_alarm_at_once(noticed, look, people):
    look(1)
    look(1, Answer(200, "<h1>已更换</h1>".encode()), time="10:00")
    assert Hit.objects.last().shown == Shown.CHANGED
    assert people.supervisor.messages.filter(subject__contains="公示页自检").exists()
    assert "notice_watched" in acts(noticed.notice.book)


def test_what_was_checked_is_never_changed(noticed, look):
    look(1)
    for change in (lambda: Hit.objects.update(shown=Shown.NO_ANSWER), Hit.objects.all().delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_county_counts_a_day_after_all_by_two_persons(noticed, look, people, at):
    look(1)
    look(4, DARK)
    look(5)
    asked = {"kind": "overrule", "reason": "检查程序自身断网，县门户日志显示当日可以访问。"}
    when = at("2018-06-05 10:00")
    with pytest.raises(PermissionDenied):
        propose(noticed.notice, day=date(2018, 6, 4), by=people.supervisor, at=when, **asked)
    made = propose(noticed.notice, day=date(2018, 6, 4), by=people.window, at=when, **asked)
    assert fresh(noticed).ends_on == date(2018, 6, 8)  # nothing yet
    decide_proposal(made, granted=True, by=people.supervisor, at=when)
    assert fresh(noticed).ends_on == date(2018, 6, 7)
    look(6, DARK)  # and a second day that is lost is lost by itself
    look(7)
    assert fresh(noticed).ends_on == date(2018, 6, 8)
    assert LostDay.objects.count() == 2


def test_the_end_is_not_moved_under_anybodys_hands(noticed, look, people, at):
    look(1)
    look(4, DARK)
    for day in (5, 6, 7):
        look(day)
    when = at("2018-06-07 10:00")  # the end without the day would be tonight
    made = propose(
        noticed.notice, kind="overrule", reason="误报。", day=date(2018, 6, 4), by=people.window, at=when,
    )  # fmt: skip
    with pytest.raises(NotNow, match="不再提前"):
        decide_proposal(made, granted=True, by=people.supervisor, at=when)
    assert fresh(noticed).ends_on == date(2018, 6, 8)


def test_a_reply_after_the_announced_end_knows_that_it_moved(noticed, look, people, words, at):
    objection = lodge_objection(noticed.notice, at=noticed.now, **words)
    for day in (1, 4, 5, 6):
        look(day)
    look(7, DARK)
    reply_objection(
        objection, finding=Finding.NOT_UPHELD, reply="标准一致。", by=people.window, at=at("2018-06-08 00:01"),
    )  # fmt: skip
    assert fresh(noticed).stage == NoticeStage.RUNNING


def test_nobody_there_is_an_answer_too(free_port):
    assert fetch(f"http://127.0.0.1:{free_port}/notices/") == Answer(None)
    with pytest.raises(ValueError, match="file"):
        fetch("file:///etc/hostname")


@pytest.fixture
def free_port():
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def test_a_watch_that_has_never_seen_a_page_moves_no_end_and_is_told_of(noticed, look, people):
    for day in (1, 4, 5, 6, 7):
        look(day, DARK)
    noticed.past(end_of(date(2018, 6, 7)))
    assert fresh(noticed).stage == NoticeStage.CLEAN
    assert not LostDay.objects.exists()
    told = people.window.messages.filter(subject__contains="一页也没有打开")
    assert told.count() == 5  # once a day
    assert people.supervisor.messages.filter(subject__contains="一页也没有打开").exists()


def test_a_watch_that_broke_for_good_doubles_the_period_at_most(noticed, look, people):
    look(1)
    noticed.past(end_of(date(2018, 6, 30)))
    notice = fresh(noticed)
    assert LostDay.objects.count() == notice.length == 5
    assert notice.stage == NoticeStage.CLEAN
    assert notice.due_at == end_of(date(2018, 6, 14))
    told = people.window.messages
    assert told.filter(subject__contains="不再自动顺延").count() == 1
    assert told.filter(subject__contains="没有自检记录").count() == 5
    assert not told.filter(subject__contains="打不开，当日不计").exists()


def test_a_watch_that_was_turned_off_judges_no_day_without_a_check(noticed, look, settings):
    look(1)
    settings.NOTICE_WATCH = False
    noticed.past(noticed.notice.due_at)
    assert fresh(noticed).stage == NoticeStage.CLEAN
    assert not LostDay.objects.exists()


def test_a_watch_that_does_not_run_is_told_of_when_the_period_is_over(noticed, people):
    noticed.past(noticed.notice.due_at)
    assert fresh(noticed).stage == NoticeStage.CLEAN
    assert people.supervisor.messages.filter(subject__contains="自检没有运行").count() == 1


def test_an_address_that_cannot_be_asked_for_is_told_of(noticed, at, settings, people):
    settings.SITE_URL = "chengnuo.example"  # without http://
    assert watch_notices(at("2018-06-01 09:00")) == 1
    assert people.window.messages.filter(subject__contains="chengnuo.example").exists()


def test_a_rulebook_from_before_the_rules_watches_nothing_and_takes_objections(
    noticed, look, words, driven
):
    from core.deadlines import queries

    look(1)
    RuleValue.objects.filter(code__in=("P91", "P92", "P93", "P94", "P97")).delete()
    queries._rulebook.cache_clear()
    try:
        assert look(4) == 0
        noticed.now = end_of(date(2018, 6, 4))
        with driven("2018-06-05 09:00"):
            page = Client().get(f"/notices/{noticed.notice.public_id}/object/")
            assert page.status_code == 200
            assert 'name="anonymous"' not in page.content.decode()
        kept = lodge_objection(noticed.notice, at=noticed.now, origin="192.0.2.7", **words)
        assert not kept.held
        assert not LostDay.objects.exists()
    finally:
        queries._rulebook.cache_clear()


@pytest.mark.parametrize(
    ("said", "watched"),
    [
        ({}, False),
        ({"CHENGNUO_SITE_URL": "https://a.example"}, True),
        ({"CHENGNUO_SITE_URL": "http://a.example", "CHENGNUO_DEMO": "1"}, False),
        ({"CHENGNUO_DEMO": "1", "CHENGNUO_NOTICE_WATCH": "1"}, True),
    ],
)
def test_a_demonstration_is_not_watched_unless_it_is_asked_for(
    said, watched, tmp_path, monkeypatch
):
    import environ

    from config.ways_out import ways_out

    for name in ("CHENGNUO_SITE_URL", "CHENGNUO_DEMO", "CHENGNUO_NOTICE_WATCH"):
        monkeypatch.delenv(name, raising=False)
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    found = ways_out(environ.Env(), "http://localhost:8000", tmp_path / "key.of_tests")
    assert found["NOTICE_WATCH"] is watched
