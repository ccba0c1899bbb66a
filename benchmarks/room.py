"""A meeting room that thirty people watch: what a look costs that finds nothing, and when an opinion is visible to all.

In one process: a pulse, against the same room drawn for the first time, and drawn for the others who see the same.
Then the server as it is installed (one process, eight threads): thirty watchers, each with a connection of its own,
feel the pulse as a page does; opinions are given one after the other by a process beside it, and each watcher says how
long it took until its page had it. The bars: a pulse costs at most a fifth of a drawing, and those
of thirty watchers half a core; half of the watchers have an opinion within a second, and nineteen of twenty looks are
over in less than the pause between two.
"""

import time
from collections.abc import Callable
from typing import Any

from benchmarks.county import own_database, ready
from benchmarks.measure import Figures, Variant, arguments, finish, in_turn
from benchmarks.watchers import PAUSE, pulse_of, watched

WATCHERS = 30


def prepare(filings: int = 3) -> Any:
    """Walk some filings into one meeting in which everybody is present and nothing is said yet."""
    from tests.conftest import everybody, instant
    from tests.prereview.meeting import Meeting

    return Meeting(everybody(), instant("2018-03-05 09:00"), filings=filings).call().open().come()


def compare(figures: Figures, meeting: Any, repeat: int, calls: int = 50) -> None:
    """Time a look that finds nothing against a room that is drawn."""
    from django.core.cache import caches
    from django.test import Client
    from django.urls import reverse

    client, name = Client(HTTP_HOST="localhost"), meeting.session.public_id
    client.force_login(
        meeting.people.window.user, backend="django.contrib.auth.backends.ModelBackend"
    )
    board = reverse("prereview:board", args=[name])

    def asked(address: str, before: Callable[[], None], status: int) -> Callable[[], int]:
        def run() -> int:
            for _number in range(calls):
                before()
                assert client.get(address).status_code == status
            return calls

        return run

    with meeting.shown():
        pulse = pulse_of(client.get(board).content.decode())
        variants = [
            Variant("a pulse that finds nothing", asked(pulse, lambda: None, 204)),
            Variant("the room, drawn", asked(board, caches["rooms"].clear, 200)),
            Variant("the room, as another saw it", asked(board, lambda: None, 200)),
        ]
        in_turn(variants, repeat)
        began = time.process_time()
        looked = variants[0].run()
        each = (time.process_time() - began) / looked
    share = each * WATCHERS / PAUSE  # processor time, which a busy machine does not stretch
    figures.lines.append(f"processor time of a pulse: {each * 1000:.2f} ms")
    figures.goal("of one core, for the pulses of thirty watchers", share, most=0.5)
    figures.show(variants, "one look, in one process")
    figures.goal("a pulse, as part of a drawing", variants[0].median / variants[1].median, most=0.2)


if __name__ == "__main__":
    asked = arguments(
        __doc__, watchers={"type": int, "default": WATCHERS}, acts={"type": int, "default": 6}
    )
    ready()
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False)  # as a county is served
    told = Figures("the meeting room")
    with own_database():
        heard = prepare()
        compare(told, heard, asked.repeat)
        watched(told, heard, asked.watchers, asked.acts)
    finish(told, asked.json)
