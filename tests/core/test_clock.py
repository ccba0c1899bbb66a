"""The one clock: the system's, a demonstration's, or where a story has put it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from core import clock

HOUR = timedelta(hours=1)


def test_the_clock_is_the_systems_and_aware():
    assert abs(clock.now() - timezone.now()) < timedelta(seconds=2)
    assert timezone.is_aware(clock.now())
    assert clock.shift() == timedelta()


def test_a_driven_clock_stands(at):
    with clock.driven(at("2018-06-15 09:30")):
        assert clock.now() == clock.now() == at("2018-06-15 09:30")
    assert clock.now() > at("2026-01-01 00:00")


def test_driving_nests_and_ends_with_its_block_whatever_happens(at):
    def fail():
        with clock.driven(at("2018-06-16 09:30")):
            raise ValueError(clock.now())

    with clock.driven(at("2018-06-15 09:30")):
        with pytest.raises(ValueError, match="2018-06-16"):
            fail()
        assert clock.now() == at("2018-06-15 09:30")


def test_driving_is_for_one_thread_only(at):
    """A replay in one thread does not move the clock of those who are served in another."""
    with clock.driven(at("2018-06-15 09:30")), ThreadPoolExecutor(1) as pool:
        assert pool.submit(clock.now).result() > at("2026-01-01 00:00")


@pytest.fixture
def demonstration(settings, tmp_path):
    settings.DEMO, settings.VAR_DIR = True, tmp_path
    return tmp_path


def test_a_demonstration_keeps_its_shift(demonstration):
    clock.keep_shift(timedelta(days=-400))

    assert clock.shift() == timedelta(days=-400)
    assert timezone.now() - clock.now() >= timedelta(days=399, hours=23)


@pytest.mark.parametrize("text", [None, "", "three days"])
def test_a_shift_that_is_none_is_none(demonstration, text):
    if text is not None:
        (demonstration / "demo_clock_shift").write_text(text)

    assert clock.shift() == timedelta()


def test_where_real_people_work_nothing_shifts_the_clock(demonstration, settings):
    clock.keep_shift(timedelta(days=-400))
    settings.DEMO = False

    assert clock.shift() == timedelta()


@pytest.fixture
def an_hour_ahead(monkeypatch):
    """A host whose clock is wrong, and which has not yet asked anybody; returns the right time."""
    right = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: right() + HOUR)
    monkeypatch.setattr(clock, "_asked", [clock.Asked()])
    return right


@pytest.mark.django_db
def test_where_hosts_share_a_server_its_clock_counts_and_a_wrong_one_is_reported(
    an_hour_ahead, caplog
):
    clock.compare(connection)

    shared = connection.vendor == "postgresql"
    assert abs(clock.now() - an_hour_ahead() - (timedelta() if shared else HOUR)) < timedelta(
        seconds=2
    )
    assert clock.now() <= clock.now()
    assert [record.levelname for record in caplog.records] == (["ERROR"] if shared else [])


@pytest.mark.django_db
def test_the_server_is_asked_once_a_minute(an_hour_ahead, django_assert_num_queries):
    clock.compare(connection)

    with django_assert_num_queries(0):
        clock.compare(connection)
    last = clock._asked[0]
    clock._asked[0] = replace(last, counted=last.counted - clock.ASK_AGAIN)
    with django_assert_num_queries(int(connection.vendor == "postgresql")):
        clock.compare(connection)
