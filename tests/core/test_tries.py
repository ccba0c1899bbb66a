"""Guessing is slowed: by where it comes from, by what is guessed at, and only as long as it is said."""

import logging
from datetime import timedelta

import pytest
from django.test import RequestFactory

from core.steps.tries import TooManyTries, Tries, origin_of

GUARD = Tries("test", from_one=3, at_one=5, wait=timedelta(minutes=15))
HERE, THERE, ELSEWHERE = "192.0.2.1", "192.0.2.2", "192.0.2.3"


@pytest.fixture
def now(at):
    return at("2018-06-15 09:30")


def fail(count, origin, thing, at):
    for _n in range(count):
        GUARD.admit(origin, thing, at=at)
        GUARD.failed(origin, thing, at=at)


def test_who_fails_too_often_waits_and_others_do_not(now):
    fail(3, HERE, "one", now)

    with pytest.raises(TooManyTries) as refusal:
        GUARD.admit(HERE, "another", at=now)
    assert refusal.value.until == now + timedelta(minutes=15)
    assert refusal.value.wait == 900
    assert "2018-06-15 09:45:00" in refusal.value.said
    GUARD.admit(THERE, "one", at=now)


def test_what_is_failed_at_too_often_is_shut_to_everybody(now):
    fail(3, HERE, "one", now)
    fail(2, THERE, "one", now)

    with pytest.raises(TooManyTries):
        GUARD.admit(ELSEWHERE, "one", at=now)
    GUARD.admit(ELSEWHERE, "another", at=now)


def test_one_address_alone_never_shuts_a_thing_to_its_holder(now):
    for round_ in range(20):
        fail(3, HERE, "one", now + round_ * GUARD.wait)

    GUARD.admit(THERE, "one", at=now + 19 * GUARD.wait)


def test_it_ends_when_it_was_said_to_end(now):
    fail(3, HERE, "one", now)

    with pytest.raises(TooManyTries) as refusal:
        GUARD.admit(HERE, "one", at=now + timedelta(minutes=14, seconds=59, milliseconds=500))
    assert refusal.value.wait == 1
    GUARD.admit(HERE, "one", at=now + timedelta(minutes=15))
    fail(2, HERE, "one", now + timedelta(minutes=15))  # counted from the beginning again
    GUARD.admit(HERE, "one", at=now + timedelta(minutes=16))


def test_what_is_long_ago_does_not_count(now):
    fail(2, HERE, "one", now)
    fail(2, HERE, "one", now + timedelta(minutes=15))

    GUARD.admit(HERE, "one", at=now + timedelta(minutes=15))


def test_the_administrator_finds_each_series_once_in_the_log(now, caplog):
    with caplog.at_level(logging.WARNING, "chengnuo.tries"):
        fail(3, HERE, "one", now)

    (line,) = caplog.messages
    assert "3 wrong in a row" in line
    assert HERE in line


@pytest.mark.parametrize(
    ("served", "seen", "told", "origin"),
    [
        (False, "192.0.2.1", "", "192.0.2.1"),
        (False, "192.0.2.1", "198.51.100.7", "192.0.2.1"),  # no proxy: anybody writes a header
        (True, "127.0.0.1", "198.51.100.7", "198.51.100.7"),
        (True, "127.0.0.1", "203.0.113.9, 198.51.100.7", "198.51.100.7"),  # the proxy's own word is the last
        (True, "192.0.2.1", "", "192.0.2.1"),
        (True, "127.0.0.1", "nonsense\n", "unknown"),
        (False, "", "", "unknown"),  # a socket has no address
        (False, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        (False, "2001:db8:1:2:aaaa::1", "", "2001:db8:1:2::/64"),
        (False, "2001:db8:1:3::1", "", "2001:db8:1:3::/64"),
    ],
)  # fmt: skip
def test_where_a_request_comes_from(settings, served, seen, told, origin):
    settings.HTTPS = served
    request = RequestFactory().get("/", REMOTE_ADDR=seen)
    if told:
        request.META["HTTP_X_FORWARDED_FOR"] = told

    assert origin_of(request) == origin


def test_a_hall_may_fail_for_all_its_visitors_and_at_one_thing_no_oftener(now, settings):
    settings.HALL_ADDRESSES = [HERE]
    for visitor in range(30):
        fail(3, HERE, f"of {visitor}", now)
    with pytest.raises(TooManyTries):
        GUARD.admit(HERE, "of another", at=now)

    fail(3, THERE, "one", now)
    with pytest.raises(TooManyTries):
        GUARD.admit(THERE, "of another", at=now)


def test_from_a_hall_nobody_may_guess_longer_at_one_thing(now, settings):
    settings.HALL_ADDRESSES = [HERE]
    fail(5, HERE, "one", now)

    with pytest.raises(TooManyTries):
        GUARD.admit(HERE, "one", at=now)
    GUARD.admit(HERE, "another", at=now)
