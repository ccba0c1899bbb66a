"""Service: what was tried is written down and stays; the county's word says what of it counts, and since when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from approvals.rules.service import notice_from, served
from approvals.stages import Channel, Served, Stage
from core.deadlines import queries
from core.deadlines.models import RuleValue
from desk.queries.work import waiting_for
from prereview import services as sessions
from prereview.models import SummonsAttempt
from prereview.queries import served_in_time, service_word
from prereview.services.facts import facts_of
from prereview.stages import SlotState
from tests.conftest import instant
from tests.prereview.page import Page
from tests.standing import standing
from tests.stories.telling import evidence, refused
from tests.walk import acts, png, walk

MICRO = timedelta(microseconds=1)
SENT, SIGN_BY, LATER = (
    instant("2018-04-16 09:00"), instant("2018-04-18 00:00"), instant("2018-04-18 08:30"),
)  # fmt: skip
STRICT, ARRIVAL = Served.ACKNOWLEDGED, Served.ARRIVAL


@dataclass(frozen=True)
class Try:
    channel: str
    moment: datetime
    received: bool


sent = Try(Channel.SYSTEM, SENT, False)
signed = Try(Channel.SYSTEM, SENT + timedelta(hours=3), True)
signed_at_the_limit = Try(Channel.SYSTEM, SIGN_BY, True)
signed_late = Try(Channel.SYSTEM, SIGN_BY + MICRO, True)
on_paper = Try(Channel.PAPER, LATER, True)
on_paper_soon = Try(Channel.PAPER, SENT + timedelta(hours=5), True)
nobody_there = Try(Channel.PHONE, SENT + timedelta(hours=6), False)
in_the_room = Try(Channel.ROOM, LATER + timedelta(hours=1), True)


@pytest.mark.parametrize(
    ("attempts", "word", "at", "notice"),
    [
        ([], STRICT, None, None),
        ([sent], STRICT, None, None),
        ([sent], ARRIVAL, SENT, SENT),
        ([sent, nobody_there], STRICT, None, None),
        ([nobody_there], ARRIVAL, None, None),  # a call that nobody took arrives nowhere
        ([sent, signed], STRICT, signed.moment, SENT),
        ([signed, sent], STRICT, signed.moment, SENT),  # in whatever order they are read
        ([sent, signed], ARRIVAL, SENT, SENT),
        ([sent, signed_at_the_limit], STRICT, SIGN_BY, SENT),
        ([sent, signed_late], STRICT, signed_late.moment, signed_late.moment),
        ([sent, signed_late], ARRIVAL, SENT, SENT),
        ([sent, on_paper], STRICT, LATER, LATER),
        ([sent, on_paper_soon], STRICT, on_paper_soon.moment, on_paper_soon.moment),
        ([sent, nobody_there, on_paper, in_the_room], STRICT, LATER, LATER),
        ([sent, in_the_room], STRICT, in_the_room.moment, in_the_room.moment),
        ([on_paper, on_paper_soon], STRICT, on_paper_soon.moment, on_paper_soon.moment),
    ],
)
def test_what_counts_as_service_and_from_when_the_notice_runs(attempts, word, at, notice):
    assert served(attempts, word) == at
    assert notice_from(attempts, word, SIGN_BY) == notice


def test_without_a_limit_to_sign_by_the_notice_runs_from_the_service():
    assert notice_from([sent, signed], STRICT, None) == signed.moment


def _called(people):
    w = walk(people, instant("2018-04-11 09:00"), to=Stage.PREREVIEWING)
    w.until(instant("2018-04-16 09:00"))
    w.call_meeting()
    return w


walked, called = standing(_called)
db = pytest.mark.django_db


def summons(w, code="QXJ"):
    return w.meeting.invitations.get(department__code=code)


def record(w):
    rows = summons(w).attempts.values_list("channel", "received", "receiver", "witness", "note")
    return [tuple(row) for row in rows]


@db
def test_a_call_that_reached_nobody_is_kept_and_a_second_attempt_serves(called, people):
    w = called
    by = {"by": people.window}
    assert record(w) == [(Channel.SYSTEM, False, "", "", "")]
    for wrong in (
        {"channel": Channel.SYSTEM, "received_by": "孙示例", "upload": png()},
        {"channel": Channel.PHONE, "received": False, "note_text": "无人接听"},  # alone at the telephone
        {"channel": Channel.PHONE, "received": False, "note_text": "无人接听", "witness": people.window.user.name},
        {"channel": Channel.PHONE, "received_by": "孙示例", "witness": "孙示例", "upload": png()},
        {"channel": Channel.PHONE, "received": False, "witness": "钱示例", "note_text": " "},
        {"channel": Channel.PAPER, "received_by": "孙示例"},
        {"channel": Channel.PAPER, "received_by": " ", "upload": png()},
    ):  # fmt: skip
        with refused(error=ValidationError):
            w.do(sessions.serve_by_second_channel, summons(w), **wrong, **by)
    w.do(
        sessions.serve_by_second_channel, summons(w), channel=Channel.PHONE, received=False,
        witness="钱示例", note_text="两次拨打，无人接听", **by,
    )  # fmt: skip
    assert summons(w).acknowledged_at is None
    assert evidence(w.meeting.book, "service_failed")["witness"] == "钱示例"
    w.do(
        sessions.serve_by_second_channel, summons(w), channel=Channel.PHONE, received_by="孙示例",
        witness="钱示例", upload=png(), **by,
    )  # fmt: skip
    assert record(w)[1:] == [
        (Channel.PHONE, False, "", "钱示例", "两次拨打，无人接听"),
        (Channel.PHONE, True, "孙示例", "钱示例", ""),
    ]
    with refused("已签收"):
        w.do(
            sessions.serve_by_second_channel, summons(w), channel=Channel.PAPER, received_by="孙示例",
            upload=png(), **by,
        )  # fmt: skip
    page = Page(people.convenor, w).says("session", w.meeting.public_id)
    assert "两次拨打，无人接听" in page
    assert "在场：钱示例" in page
    assert acts(w.meeting.book)[-2:] == ["service_failed", "serve_again"]


@db
@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_keeps_the_record_of_service(called, people, change):
    w = called
    w.do(sessions.acknowledge, summons(w), by=people.department("QXJ"))
    assert record(w)[1][:2] == (Channel.SYSTEM, True)
    rows = SummonsAttempt.objects.filter(invitation=summons(w))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.update(moment=SENT) if change == "update" else rows.delete()
    assert len(record(w)) == 2


@db
@pytest.mark.parametrize(
    "wrong",
    [
        {"channel": Channel.SYSTEM, "received": True},
        {"channel": Channel.PAPER, "received": True, "receiver": "孙示例"},
        {"channel": Channel.PHONE, "received": False},
    ],
    ids=["nobody signed", "no slip", "alone at the telephone"],
)
def test_the_database_refuses_a_receipt_without_proof(called, people, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        SummonsAttempt.objects.create(
            invitation=summons(called), moment=SENT, served_by=people.window, **wrong
        )


@db
def test_an_old_edition_without_the_word_means_the_strict_form(called):
    rulebook = called.filing.pinned_rulebook
    assert service_word(rulebook) == STRICT
    rulebook.pk, rulebook.digest = -1, "none"
    assert service_word(rulebook) == STRICT


@db
def test_by_the_word_arrival_silence_after_an_unsigned_summons_is_proven(called, people):
    """The county chose arrival: no signature is needed, and the same facts are read by its edition."""
    w = called
    w.acknowledge(w.meeting, skip=["QXJ"])
    w.open(w.meeting, absent=["QXJ"])
    w.close(w.meeting)
    slot = w.slot("QXJ", "C03")
    assert slot.state == SlotState.HELD
    facts = facts_of(slot, w.now)
    assert (facts.proven, facts.present) == (False, False)
    rulebook = w.filing.pinned_rulebook
    RuleValue.objects.filter(edition=rulebook, code="P16a").update(value=ARRIVAL)
    queries._rulebook.cache_clear()
    try:
        facts = facts_of(w.slot("QXJ", "C03"), w.now)
        assert (facts.proven, facts.notice_kept) == (True, True)
    finally:
        queries._rulebook.cache_clear()


@db
def test_who_signs_after_the_limit_of_the_dispatch_was_on_notice_from_then(called, people):
    """Two working days' notice; signed for on the morning of the meeting: on notice for no day."""
    w = called
    assert summons(w).due_at == SIGN_BY
    w.now = SIGN_BY
    w.do(sessions.acknowledge, summons(w), by=people.department("QXJ"))
    w.now = SIGN_BY + MICRO
    w.do(sessions.acknowledge, summons(w, "ZJJ"), by=people.department("ZJJ"))
    assert served_in_time(summons(w), STRICT)
    assert not served_in_time(summons(w, "ZJJ"), STRICT)


@db
def test_the_second_channel_waits_on_the_desk_until_somebody_is_reached(called, people):
    w = called
    w.acknowledge(w.meeting, skip=["QXJ"])
    w.open(w.meeting, absent=["QXJ"])
    w.close(w.meeting)

    def tasks():
        return [row.title for row in waiting_for(people.window, w.now) if "第二种方式" in row.title]

    # The meeting is over, the default is held for want of proof: the way out is still on the window's desk.
    assert w.slot("QXJ", "C03").state == SlotState.HELD
    assert len(tasks()) == 1
    w.do(
        sessions.serve_by_second_channel, summons(w), channel=Channel.PAPER, received_by="孙示例",
        upload=png(), by=people.window,
    )  # fmt: skip
    assert tasks() == []
