"""The receipt of a request is its arrival: however long it is read, and whatever the sweep does meanwhile."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from config.middleware import ArrivalMiddleware
from core import clock
from desk.rules.pack.rulebook import check_rulebook
from desk.rules.pack.tables import Row
from tests.conftest import instant

DUE = instant("2018-06-21 00:00")
MICRO = timedelta(microseconds=1)


@pytest.fixture
def world(monkeypatch):
    """A clock of the machine that a test sets."""
    here = {"now": DUE}
    monkeypatch.setattr(clock.Asked, "present", lambda _asked: here["now"])
    return here


@pytest.mark.parametrize(
    ("lasted", "counts_from_arrival"),
    [
        (timedelta(), True),
        (timedelta(seconds=1), True),
        (clock.REQUEST_LASTS, True),
        (clock.REQUEST_LASTS + MICRO, False),  # nobody keeps an instant by sending slowly
        (-MICRO, False),  # the machine's clock was set back
    ],
)
def test_what_a_request_brings_was_received_when_it_arrived(world, lasted, counts_from_arrival):
    seen = []

    def answer(_request):
        world["now"] = DUE + lasted
        seen.append(clock.received())
        return HttpResponse()

    ArrivalMiddleware(answer)(RequestFactory().post("/"))
    assert seen == [DUE if counts_from_arrival else DUE + lasted]
    assert clock.received() == world["now"]  # outside of a request, the present


def test_a_driven_clock_is_the_receipt_too(world):
    with clock.arriving(), clock.driven(DUE + timedelta(days=1)):
        assert clock.received() == DUE + timedelta(days=1)


@pytest.mark.parametrize(("seconds", "fits"), [("110", False), ("111", True), ("120", True)])
def test_the_grace_of_the_sweep_outlasts_a_request(seconds, fits):
    row = _row(id="P24", value=seconds, unit="second")
    faults = []
    check_rulebook([row], faults)
    assert ([f.column for f in faults if f.line == 7] == []) is fits


@pytest.mark.parametrize(
    ("value", "fits"), [("acknowledged", True), ("arrival", True), ("sent", False), ("yes", False)]
)
def test_what_counts_as_service_is_one_of_two_words(value, fits):
    faults = []
    check_rulebook([_row(id="P16a", value=value, unit="word")], faults)
    assert ([f.column for f in faults if f.line == 7] == []) is fits


def _row(**cells):
    blank = dict.fromkeys(("group", "bound", "within", "configurable"), "")
    row = Row({**blank, **cells})
    row.line = 7
    return row
