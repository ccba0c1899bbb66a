"""A reply under way at its limit, while sweeps run: for real, in threads, on both databases."""

from datetime import timedelta

from approvals.stages import Stage
from core import clock
from core.deadlines.services import grace, sweep
from core.ledger.queries import verify_all
from prereview import services as sessions
from prereview.models import Opinion
from prereview.stages import Position
from tests.conftest import everybody, instant
from tests.core.threads import at_once, shared_database
from tests.walk import walk


def test_what_arrived_in_time_counts_whoever_gets_the_lock_first(
    transactional_db, tmp_path, monkeypatch
):
    """Each reply arrived on the last instant and came to its turn later; two sweeps run at that moment.

    Before the grace is over a sweep finds nothing to do; after it, it marks the slot as a candidate. Either way the
    reply is the outcome, once, from its arrival.
    """
    people = everybody()
    w = walk(people, instant("2018-04-11 09:00"), to=Stage.PREREVIEWING)
    w.call_meeting()
    w.acknowledge(w.meeting)
    w.open(w.meeting)
    w.close(w.meeting)
    slots = [s for s in w.open_slots(w.meeting) if s.default == "deemed"]
    assert len(slots) >= 3
    due, wait = slots[0].due_at, grace(w.filing.pinned_rulebook)
    assert wait > clock.REQUEST_LASTS + clock.WAITS_FOR_A_LOCK
    people_of = {s.pk: people.department(s.department.code) for s in slots}
    machine = {"now": due}
    monkeypatch.setattr(clock.Asked, "present", lambda _asked: machine["now"])

    def reply(slot):
        machine["now"] = due  # the last instant, still in time
        with clock.arriving():
            machine["now"] = due + clock.REQUEST_LASTS  # read slowly, and its turn came now
            return sessions.give_opinion(
                slot, position=Position.AGREE, by=people_of[slot.pk], at=clock.received()
            )

    with shared_database(tmp_path):
        for number, slot in enumerate(slots[:3]):
            later = due + (wait - timedelta(seconds=1), wait, wait + timedelta(hours=1))[number]
            done = at_once(
                lambda s=slot: reply(s), lambda t=later: sweep(t), lambda t=later: sweep(t)
            )
            assert [one for one in done if isinstance(one, Exception)] == []
        found = at_once(
            lambda: sorted(
                Opinion.objects.filter(slot__in=[s.pk for s in slots[:3]]).values_list(
                    "position", "effective_at"
                )
            ),
            lambda: verify_all()[2],
        )
    assert found == [[(Position.AGREE, due)] * 3, []]
