"""What is done twice or after the end: a signed letter is not exchanged, a change is checked once."""

from datetime import date

import pytest

from approvals import services as filings
from approvals.stages import Stage
from prereview.stages import Conclusion
from tests.stories.telling import evidence, refused
from tests.walk import acts, png, walk

pytestmark = pytest.mark.django_db


def changed(people, at):
    """The pre-review passed with one change to make."""
    w = walk(people, at("2018-03-05 09:00"), to=Stage.PREREVIEWING)
    w.call_meeting()
    w.hold(w.meeting)
    w.morning()
    w.conclude(Conclusion.CHANGES, changes=["调整总平面"], changes_due=date(2018, 6, 1))
    return w


def test_the_scan_the_window_looks_at_is_not_exchanged(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.COMMITTING)
    w.sign()
    scan = w.filing.letter().scan
    with refused("已经上传"):
        w.sign()
    assert w.filing.letter().scan == scan
    w.do(filings.verify_letter, w.filing, by=people.window)
    assert evidence(w.filing.book, "verify_letter")["scan"] == scan.sha256


def test_a_scan_that_was_sent_back_is_signed_anew(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.COMMITTING)
    w.sign()
    w.do(filings.reject_scan, w.filing, reason="缺公章", by=people.window)
    w.do(filings.sign_letter, w.filing, upload=png(), by=people.enterprise)
    assert acts(w.filing.book).count("sign_letter") == 2


def test_a_change_is_checked_once_and_not_after_the_end(people, at):
    w = changed(people, at)
    change = w.filing.changes.get()
    w.do(filings.finish_change, change, note="已改", by=people.window)
    with refused("已经核对"):
        w.do(filings.finish_change, change, note="又改", by=people.window)
    assert w.filing.changes.get().note == "已改"


def test_after_the_end_no_change_is_checked(people, at):
    w = changed(people, at)
    w.do(filings.withdraw, w.filing, reason="另选址", by=people.enterprise)
    with refused("已经终结"):
        w.do(filings.finish_change, w.filing.changes.get(), note="已改", by=people.window)
