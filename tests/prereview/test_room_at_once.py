"""Everybody in the room answers in the same second, some of them twice; the convenor concludes while one types."""

from functools import partial

import pytest
from django.core.exceptions import ValidationError

from core import clock
from core.ledger.queries import verify_all
from core.steps.reasons import NotNow
from prereview import services
from prereview.models import AgendaItem, MinutesDraft, Opinion, Slot
from prereview.queries.room import books_of, pulse
from prereview.services import Decision
from prereview.stages import Conclusion, Position, SlotState
from tests.conftest import everybody, instant
from tests.core.threads import alone, at_once, shared_database
from tests.prereview.meeting import Meeting

AT_ONCE = 15
FIRST = 100  # rounds of the review that no filing reaches


def asked_anew(meeting, number):
    """So many slots as people answer, on the agenda of the room, in a round of their own."""
    agenda, made = meeting.item(), []
    pattern = meeting.slots(agenda=agenda, round=agenda.round)
    for nth in range(AT_ONCE):
        slot = Slot.objects.get(pk=pattern[nth % len(pattern)].pk)
        slot.pk, slot._state.adding = None, True
        slot.round = FIRST + number * AT_ONCE + nth
        slot.save()
        made.append(slot.pk)
    return made


def answer(pk, clerks, at, position=Position.AGREE):
    slot = Slot.objects.select_related("department").get(pk=pk)
    with clock.driven(at):
        return services.give_opinion(
            slot, position=position, reason="退让不足", clause="城乡规划法第四十条",
            by=clerks[slot.department.code], at=at,
        )  # fmt: skip


def once_each(meeting, number):
    """One round: every slot is answered once, five of them twice; nothing is lost and nothing doubled."""
    pks = alone(partial(asked_anew, meeting, number))
    clerks, session = meeting.departments(), meeting.session
    books = books_of(session, session.agenda.select_related("filing"))
    before = alone(partial(pulse, books))
    twice = pks[:5]
    results = at_once(*(partial(answer, pk, clerks, meeting.now) for pk in [*pks, *twice]))

    wrong = [
        found for found in results if isinstance(found, Exception) and not isinstance(found, NotNow)
    ]
    assert wrong == []
    assert sum(isinstance(found, NotNow) for found in results) == len(twice)

    def seen():
        opinions = Opinion.objects.filter(stands_in__in=pks).count()
        return (
            opinions,
            Slot.objects.filter(pk__in=pks, state=SlotState.SETTLED).count(),
            pulse(books),
        )

    assert alone(seen) == (AT_ONCE, AT_ONCE, before + AT_ONCE)


def a_room(filings=1):
    return Meeting(everybody(), instant("2018-03-05 09:00"), filings=filings).call().open().come()


@pytest.mark.parametrize(
    "rounds", [pytest.param(5, marks=pytest.mark.slow), pytest.param(200, marks=pytest.mark.hunt)]
)
def test_fifteen_people_answer_in_the_same_second(transactional_db, tmp_path, rounds):
    meeting = a_room()
    with shared_database(tmp_path):
        for number in range(rounds):
            once_each(meeting, number)
        assert alone(verify_all)[2] == []


@pytest.mark.slow
def test_minutes_are_proposed_while_the_last_opinion_is_sent(transactional_db, tmp_path):
    """Either the minutes wait for it, or it came first and stands in them; twice confirmed they are one paper."""
    meeting = a_room()
    people, last = meeting.people, meeting.slots()[-1]
    meeting.agree(but=[last]).close()
    item, clerks, at = meeting.item(), meeting.departments(), meeting.now

    def with_clock(service, *things, **said):
        with clock.driven(at):
            return service(*things, at=at, **said)

    propose = partial(
        with_clock, services.propose_minutes, item, decision=Decision(Conclusion.PASS), by=people.convenor
    )  # fmt: skip
    confirm = partial(with_clock, services.confirm_minutes, item, by=people.window)
    with shared_database(tmp_path):
        given, proposed = at_once(partial(answer, last.pk, clerks, at), propose)
        assert isinstance(given, Slot), given
        if isinstance(proposed, NotNow):
            proposed = alone(propose)
        assert isinstance(proposed, MinutesDraft), proposed
        found = at_once(confirm, confirm)
        assert sorted(type(one).__name__ for one in found) == ["AgendaItem", "NotNow"], found

        def said():
            agenda = AgendaItem.objects.get(pk=item.pk)
            return len(agenda.minutes.content["agenda"][0]["statements"]), agenda.slots.count()

        statements, slots = alone(said)
        assert statements == slots
        assert alone(verify_all)[2] == []


DECISIONS = (
    Decision(Conclusion.PASS),
    Decision(
        Conclusion.CHANGES, changes=["补充退让"], changes_due=instant("2018-06-15 00:00").date()
    ),
    Decision(Conclusion.AGAIN, "须补充论证"),
    Decision(Conclusion.FAIL, "退让不足"),
)


@pytest.mark.slow
def test_nothing_is_concluded_without_the_word_that_is_being_sent(transactional_db, tmp_path):
    """Whatever the conclusion: it waits for the last word, or has it; no disagreement is passed over unseen."""
    people = everybody()
    meeting = Meeting(people, instant("2018-03-05 09:00"), filings=4).call().open(recorder=False)
    for code in meeting.departments():
        meeting.do(services.check_in, meeting.summons(code), by=people.convenor)
    lasts = [meeting.slots(agenda=meeting.item(n), item__code="R04")[-1] for n in range(1, 5)]
    meeting.agree(but=lasts).close()
    clerks, at = meeting.departments(), meeting.now

    def concluded(item, decision):
        with clock.driven(at):
            return services.conclude(item, decision=decision, by=people.convenor, at=at)

    with shared_database(tmp_path):
        for last, decision in zip(lasts, DECISIONS, strict=True):
            item = alone(
                partial(AgendaItem.objects.select_related("session").get, pk=last.agenda_id)
            )
            conclude = partial(concluded, item, decision)
            said = partial(answer, last.pk, clerks, at, Position.DISAGREE)
            given, found = at_once(said, conclude)
            assert isinstance(given, Slot), given
            if isinstance(found, NotNow):
                (found,) = at_once(conclude)
            passes = decision.conclusion in (Conclusion.PASS, Conclusion.CHANGES)
            assert isinstance(found, ValidationError if passes else AgendaItem), found
            words = alone(partial(_words_of, last.agenda_id))
            assert words == [] if passes else "退让不足" in words
        assert alone(verify_all)[2] == []


def _words_of(agenda):
    """What the minutes of an item say that the departments said; nothing where there are none."""
    minutes = AgendaItem.objects.get(pk=agenda).minutes
    return (
        [row.get("text") for row in minutes.content["agenda"][0]["statements"]] if minutes else []
    )
