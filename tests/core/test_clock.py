"""The one clock: the system's, a demonstration's, or where a story has put it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.utils import timezone

from core import clock


def test_the_clock_is_the_systems_and_aware():
    before = timezone.now()

    assert before <= clock.now() <= timezone.now()
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
