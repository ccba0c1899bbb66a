"""A race of four processes over one slot: its department's reply, two sweeps, and the convenor's conclusion, at once.

One of the sweeps goes row by row, the other in sets.

    python -m tests.proofs.race SEED ROUNDS SHORT

ROUNDS with every guard on; then SHORT rounds each without the lock, without the constraint, and without both, where
doubles must be found. Prints one line of JSON.
"""

import random
import sys
import time
from collections import Counter
from functools import partial

from tests.proofs.program import PROCESSES, alone, begin, end

# Who races, and the longest pause before the act, in seconds and by chance: nobody is always the first.
RACERS = (("reply", 0.002), ("sweep", 0.006), ("sweep in sets", 0.006), ("conclusion", 0.006))
CONCLUDES = 8  # the convenor joins in every eighth round: a conclusion costs more than all else
MODES = ("guarded", "no lock", "no constraint", "neither")


def racers():
    """The four racers; each is shown a case, gets ready, and then acts and says what came of it."""
    from core import clock
    from core.deadlines.services import sweep_book, sweep_books
    from prereview import services
    from prereview.models import AgendaItem, Slot
    from tests.conftest import everybody, instant
    from tests.proofs.cases import SILENT, TOOK_SO_LONG

    people, late = everybody(), instant(TOOK_SO_LONG)
    clerks = {code: people.department(code) for code, _item in SILENT}
    decision = services.Decision("again", reasons="补充材料后再议")

    def reply(number, case):
        slot = Slot.objects.get(pk=case.slot)
        give = partial(services.give_opinion, slot, position="agree", by=clerks[case.department])
        return lambda: give(at=slot.due_at) and "replied", slot.due_at

    def sweep(act):
        return lambda _number, case: (lambda: f"swept {act(case)}", late)

    def conclude(number, case):
        if number % CONCLUDES:
            return lambda: "stays away", late
        agenda = AgendaItem.objects.select_related("session", "filing").get(pk=case.agenda)
        say = partial(services.conclude, agenda, decision=decision, by=people.convenor, at=late)
        return lambda: say() and "concluded", late

    row_by_row = sweep(lambda case: sweep_book(case.book, late))
    in_sets = sweep(lambda case: sweep_books([case.book], late))

    def standing_at(ready):
        def act(number, case):
            deed, at = ready(number, case)

            def done():
                with clock.driven(at):
                    return deed()

            return done

        return act

    return [standing_at(ready) for ready in (reply, row_by_row, in_sets, conclude)]


def run(mine, cases, barrier, seed, unlocked, said):
    """One racer: every round from the same moment as the others."""
    from core.steps.reasons import NotNow

    if unlocked:
        from tests.proofs.guards import unlock

        unlock()
    ready, (name, pause) = racers()[mine], RACERS[mine]
    rng, found = random.Random(f"{seed}{mine}"), Counter()
    for number, case in enumerate(cases):
        act = ready(number, case)
        barrier.wait(60)
        time.sleep(rng.random() * pause)
        try:
            found[act()] += 1
        except NotNow:
            found[f"{name} refused"] += 1
        except Exception as error:  # noqa: BLE001 - what broke is counted
            found[f"{type(error).__name__}: {error}"[:90]] += 1
    said.put(found)


def race(cases, seed, *, unlocked):
    """Let four processes run through the cases; return what each of their acts came to."""
    alone()
    barrier, said = PROCESSES.Barrier(4), PROCESSES.SimpleQueue()
    racers = [
        PROCESSES.Process(target=run, args=(number, cases, barrier, seed, unlocked, said))
        for number in range(4)
    ]
    for racer in racers:
        racer.start()
    found = Counter()
    for _racer in racers:
        found += said.get()
    for racer in racers:
        racer.join(60)
    return found


def look_at(cases, said):
    """What the rounds came to, and everything that is wrong with it."""
    from tests.proofs.checks import Look, broken_chains, holes

    look = Look(cases)
    came_to = Counter(look.outcome(case) for case in cases)
    came_to["concluded"] = sum(bool(look.concluded[case.agenda]) for case in cases)
    return {
        "rounds": len(cases),
        "came to": came_to,
        "said": said,
        "doubles": [f"{case.slot}: {what}" for case in cases for what in look.doubles(case)],
        "mixed": [f"{case.slot}: {what}" for case in cases for what in look.mixed(case)],
        "chains": broken_chains(cases[-100:]),
        "holes": holes(),
    }


def main(seed, rounds, short):
    """All modes, one after the other, on one database; the constraint, once dropped, stays off."""
    begin()
    from tests.proofs.cases import prepare
    from tests.proofs.guards import unbind

    cases = prepare(rounds + 3 * short)
    found = {}
    for mode in MODES:
        count = rounds if mode == "guarded" else short
        mine, cases = cases[:count], cases[count:]
        if mode == "no constraint":
            unbind()
        began = time.monotonic()
        said = race(mine, seed, unlocked=mode in ("no lock", "neither"))
        found[mode] = {"seconds": round(time.monotonic() - began, 1), **look_at(mine, said)}
    end(**found)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
