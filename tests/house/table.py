"""The table of doors (doors.csv): one row per address, methods and states; a column per person.

A cell is what the door answers: a status, or `login` where the answer is the way to the login. Rows with
equal answers are one row: `PUT PATCH DELETE`, `draft–noticed` (all states from one to the other).
"""

import csv
from itertools import groupby, takewhile
from pathlib import Path
from zlib import crc32

FILE = Path(__file__).with_name("doors.csv")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ROLES = (
    "public", "enterprise", "other enterprise", "window", "convenor", "clerk", "head",
    "clerk elsewhere", "supervisor", "administrator",
)  # fmt: skip
HEAD = ("route", "methods", "states", *ROLES)
# Where the thing of the address stands. `—`: the address names no thing; `nothing`: it names one that is not there.
PLAIN, NOTHING = "—", "nothing"
STAGES = (
    "draft", "received", "prereviewing", "noticed", "start_notified", "building", "accepting", "completed",
)  # fmt: skip
STATES = (PLAIN, NOTHING, *STAGES)
HOW = "Run `make doors`, read the difference in tests/house/doors.csv, and commit it if that is what you meant."


def read():
    """Return {(route, method, state): answers of the roles in their order}."""
    if not FILE.exists():
        return {}
    with FILE.open(encoding="utf-8", newline="") as lines:
        return {
            (row["route"], method, state): tuple(row[role] for role in ROLES)
            for row in csv.DictReader(lines)
            for method in row["methods"].split()
            for state in _states(row["states"])
        }


def write(cells):
    """Write the table, routes in their order of first appearance, equal rows as one."""
    routes = dict.fromkeys(route for route, _method, _state in cells)
    with FILE.open("w", encoding="utf-8", newline="") as lines:
        out = csv.writer(lines, lineterminator="\n")
        out.writerow(HEAD)
        for route in sorted(routes):
            for methods, states, answers in _rows(route, cells):
                out.writerow((route, methods, states, *answers))


def replace(state, found):
    """Put the answers of one state in the place of what stood there."""
    kept = {key: answers for key, answers in read().items() if key[2] != state}
    write({**kept, **found})


def edges(state):
    """Return the rows of a state that `make test` asks: of stages with one answer the first or the last, else all."""
    cells = read()
    here = {key for key in cells if key[2] == state}
    return {key for key in here if state not in STAGES or state == _asked_at(key, cells)}


def _asked_at(key, cells):
    """The end of a run of stages with equal answers at which it is asked: of half the doors the first."""
    door, place = key[:2], STAGES.index(key[2])
    first = crc32(repr(door).encode()) % 2 == 0
    beside = range(place, -1, -1) if first else range(place, len(STAGES))
    run = takewhile(lambda n: cells.get((*door, STAGES[n])) == cells[key], beside)
    return STAGES[[*run][-1]]


def differences(said, found):
    """Return, as lines for a person, where answers differ from the table."""
    lines = []
    for key in sorted({*said, *found}):
        if said.get(key) == found.get(key):
            continue
        route, method, state = key
        if key not in said:
            lines.append(f"{method} /{route} ({state}): there is no row")
        elif key not in found:
            lines.append(f"{method} /{route} ({state}): a row, and no such door")
        else:
            lines += [
                f"{method} /{route} ({state}) as {role}: the table says {was}, the door {now}"
                for role, was, now in zip(ROLES, said[key], found[key], strict=True)
                if was != now
            ]
    return lines


def _rows(route, cells):
    """Return the rows of a route: (methods, states, answers)."""
    said = {m: _of_method(route, m, cells) for m in METHODS}
    for rows, methods in groupby(METHODS, key=said.get):
        together = " ".join(methods)
        for states, answers in rows:
            yield together, states, answers


def _of_method(route, method, cells):
    """Return ((states, answers), …) of one method of a route, equal answers together."""
    found = {}
    for state in STATES:
        if answers := cells.get((route, method, state)):
            found.setdefault(answers, []).append(state)
    return tuple((_spans(states), answers) for answers, states in found.items())


def _spans(states):
    """Write states in order, runs as from–to."""
    places = [STATES.index(state) for state in states]
    runs = [
        [place for _, place in run]
        for _, run in groupby(enumerate(places), key=lambda pair: pair[1] - pair[0])
    ]
    return " ".join(
        STATES[run[0]] if len(run) == 1 else f"{STATES[run[0]]}–{STATES[run[-1]]}" for run in runs
    )


def _states(text):
    for span in text.split():
        first, _, last = span.partition("–")
        start = STATES.index(first)
        yield from STATES[start : STATES.index(last or first) + 1]
