"""People who watch a meeting room: the server as it is installed, and connections that feel its pulse as pages do."""

import http.client
import os
import re
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socket import socket
from typing import Any

from benchmarks.measure import Figures

PAUSE = 0.6  # seconds between two looks of a page: templates/prereview/screen_board.html
TICKET = re.compile(r'hx-get="(/pulse/[^"]+)"')


def pulse_of(page: str) -> str:
    """Return where the pulse of a room is felt, from the page that shows it."""
    found = TICKET.search(page)
    assert found is not None, page[:500]
    return found[1].replace("&amp;", "&")


@dataclass
class Watcher:
    """A page that stands open: it feels the pulse, and asks for the room when that has moved."""

    port: int
    cookie: str
    board: str
    seen: dict[str, float] = field(default_factory=dict)  # what was visible, and when
    looks: list[float] = field(default_factory=list)
    stands: threading.Event = field(default_factory=threading.Event)  # the page is open
    failed: int = 0

    def watch(self, over: threading.Event, offset: float) -> None:
        """Look until it is over."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=180)
        pulse = self.drawn(line)
        self.stands.set()
        time.sleep(offset)
        while not over.is_set():
            began = time.perf_counter()
            line.request("GET", pulse, headers={"Cookie": self.cookie})
            answer = line.getresponse()
            answer.read()
            self.looks.append(time.perf_counter() - began)
            self.failed += answer.status != 204
            if answer.getheader("HX-Trigger"):
                pulse = self.drawn(line)
            over.wait(max(0.0, PAUSE - (time.perf_counter() - began)))
        line.close()

    def drawn(self, line: http.client.HTTPConnection) -> str:
        """Draw the room anew, note what it shows, and return where its pulse is felt."""
        line.request("GET", self.board, headers={"Cookie": self.cookie})
        page = line.getresponse().read().decode()
        now = time.perf_counter()
        for said in re.findall(r"第\d+条条件", page):
            self.seen.setdefault(said, now)
        return pulse_of(page)


@contextmanager
def served(port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Serve the database as it is installed: gunicorn with its own settings, and no ticker's work to do."""
    from django.conf import settings
    from django.db import connection

    url = os.environ.get("DATABASE_URL", "")
    name = connection.settings_dict["NAME"]
    url = re.sub(r"/[^/?]*(\?|$)", rf"/{name}\1", url) if url else f"sqlite:///{name}"
    env = {
        **os.environ, "DATABASE_URL": url, "PORT": str(port), "CHENGNUO_DEMO": "0",
        "CHENGNUO_SECRET_KEY": settings.SECRET_KEY,
    }  # fmt: skip
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        "deploy/gunicorn.py",
        "config.wsgi:application",
    ]
    server = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)  # noqa: S603 - our own server
    try:
        for _try in range(300):
            with socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield server
    finally:
        server.terminate()
        server.wait(timeout=30)


def _cookies(meeting: Any, watchers: int) -> list[str]:
    """Log as many in, people of the departments in turn."""
    from django.test import Client

    clerks, found = list(meeting.departments().values()), []
    for number in range(watchers):
        client, who = Client(), clerks[number % len(clerks)].user
        client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
        found.append(f"sessionid={client.cookies['sessionid'].value}")
    return found


def _given(meeting: Any, acts: int) -> dict[str, float]:
    """Give opinions one after the other; return when each was committed."""
    from prereview import services

    found = {}
    for number, slot in enumerate(meeting.slots(agenda__order=1)[:acts]):
        said = f"第{number}条条件"
        meeting.do(
            services.give_opinion, slot, position="conditions", conditions=[said],
            by=meeting.people.department(slot.department.code),
        )  # fmt: skip
        found[said] = time.perf_counter()
        time.sleep(1.5)
    return found


def watched(figures: Figures, meeting: Any, watchers: int, acts: int) -> None:
    """Let a room be watched while opinions are given, and say when everybody had them."""
    from django.urls import reverse

    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = reverse("prereview:now", args=[meeting.session.public_id])
    people = [Watcher(port, cookie, address) for cookie in _cookies(meeting, watchers)]
    over, before = threading.Event(), resource.getrusage(resource.RUSAGE_CHILDREN)
    with served(port):
        began = time.perf_counter()
        threads = [
            threading.Thread(target=one.watch, args=(over, PAUSE * n / watchers))
            for n, one in enumerate(people)
        ]
        for thread in threads:
            thread.start()
        assert all(one.stands.wait(timeout=180) for one in people)
        time.sleep(2)
        given = _given(meeting, acts)
        over.set()
        for thread in threads:
            thread.join()
        lasted = time.perf_counter() - began
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    _say(figures, people, given, lasted, busy)


def _say(
    figures: Figures, people: list[Watcher], given: dict[str, float], lasted: float, busy: float
) -> None:
    late = sorted(one.seen[said] - at for one in people for said, at in given.items())
    looks = sorted(look for one in people for look in one.looks)
    assert len(late) == len(people) * len(given)  # nobody missed anything
    assert sum(one.failed for one in people) == 0
    most, slow = late[int(len(late) * 0.95)], looks[int(len(looks) * 0.95)]
    half = statistics.median(late)
    figures.lines += [
        f"— {len(people)} watchers, {len(given)} opinions, {len(looks) / lasted:.0f} looks a second",
        f"visible after: half {half:.2f} s, 95 of 100 {most:.2f} s, the last {late[-1]:.2f} s",
        f"a look: half {statistics.median(looks) * 1000:.0f} ms, 95 of 100 {slow * 1000:.0f} ms",
        f"the server's processor time: {busy / lasted:.2f} of one core, its start included",
    ]
    figures.values["visible after"] = late
    figures.goal("seconds until half of the watchers see it", half, most=1)
    figures.goal("95 of 100 looks, as part of the pause", slow / PAUSE, most=1)
