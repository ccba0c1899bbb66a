"""Issue 9: each of 500 script payloads in every column of words, on every page and in every outlet: chromium runs none.

Page, interface, feed, table, mail and the page of which a paper is printed are opened without the content policy, so
that nothing but what was escaped holds them back. The browser of the tests has no viewer for PDF: of the printed file
itself its parts are looked through (tests/doors/test_payloads.py).
"""

import os
import re
from collections import Counter
from datetime import timedelta

import pytest
from django.test import Client

from core.documents import pdf
from tests.api.world import World
from tests.chance import drawn
from tests.e2e.watched import BROKEN, Watched, kind_shown, mailed
from tests.everywhere import ROUNDS, block, columns, mark_of, plant
from tests.house import table
from tests.house.doors import DOORS, address
from tests.papers.making import AT, NAMES, example, template_of
from tests.papers.test_hostile import strings
from tests.payloads import COUNT

pytestmark = [pytest.mark.browser, pytest.mark.hunt]
AT_MOST = int(os.environ.get("ROUNDS", ROUNDS))
TEXT = (
    "text/",
    "application/json",
    "application/atom+xml",
    "application/xml",
    "application/yaml",
    "application/vnd.oai",
)
# The viewer of the interface is another project's; what is handed out there is words of ours alone.
NOT_OURS = ("/api/docs/", "/api/schema/", "/admin/")
MARK = re.compile(r"\[c(\d+)\]")
ILL = "desk:health"  # says with 503 that the county is ill, which it is
MANY = 50  # faults after which it is no use to go on
BY_NAME = {door.route: door for door in DOORS}


# At which case of the world a state of the table of doors is met.
MET = {"draft": "draft", "received": "listed", "prereviewing": "heard", "noticed": "noticed", "building": "built",
       "accepting": "built", table.PLAIN: "noticed"}  # fmt: skip
COLUMNS = {"public": None, "enterprise": "enterprise", "window": "window", "convenor": "convenor", "clerk": "clerk",
           "head": "head", "supervisor": "supervisor", "administrator": "administrator"}  # fmt: skip


class Readers:
    """Everybody of the county before every address that answers them, by the table of doors."""

    def __init__(self, site, people, world):
        self.site, self.world = site, world
        members = {
            "window": people.window, "convenor": people.convenor, "supervisor": people.supervisor,
            "administrator": people.administrator, "enterprise": people.enterprise,
            "clerk": people.department("ZJJ"), "head": people.head("ZJJ"), None: None,
        }  # fmt: skip
        self.clients = {name: self._enter(one) for name, one in members.items()}
        self.window = Watched(site, shielded=False)
        self.shown, self.kinds, self.marks, self.doors = Counter(), Counter(), set(), set()

    @staticmethod
    def _enter(member):
        client = Client(raise_request_exception=False)
        if member is not None:
            client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def ways(self):
        """For each door the (address, reader) that are answered with 200."""
        found = {}
        for (route, method, state), answers in table.read().items():
            door = BY_NAME.get(route)
            if door is None or method != "GET" or state not in MET or not (door.ours or door.plain):
                continue
            path = (
                f"/{route}" if door.plain else address(door, getattr(self.world, MET[state]).filing)
            )
            if path is None or path.startswith(NOT_OURS):
                continue
            said = dict(zip(table.ROLES, answers, strict=True))
            who = [name for role, name in COLUMNS.items() if said[role] == "200"]
            found.setdefault(door.name, []).extend((path, name) for name in who)
        return {name: ways for name, ways in found.items() if ways}

    def look(self, door, path, name):
        """Open what is answered at an address: a page as it is, anything else as if from the disk."""
        answer = self.clients[name].get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        kind = answer.headers.get("Content-Type", "")
        if answer.status_code >= BROKEN and door != ILL:
            self.window.wrong.append(f"{path} as {name}: {answer.status_code}")
        if answer.status_code == 200 and kind.startswith(TEXT):
            self.doors.add(door)
            self.open(path, body, kind)

    def open(self, path, body, kind, what=""):
        """Show an answer to the browser; note which columns were on it, and gather what it did."""
        what = what or kind.split(";")[0]
        self.window.strict = (
            what == "text/html"
        )  # the browser's own page of a text has a style, the printer's has, too
        said = self.window.shows(path.split("?")[0], body, kind_shown(kind))
        self.kinds[what] += 1
        self.shown[what] += said
        self.marks |= {int(one) for one in MARK.findall(self.window.page.content())}


@pytest.fixture
def readers(site, people, at, settings):
    """The world of every kind of thing, and its readers."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    world = World(people, at)
    site.stand(world.now)
    found = Readers(site, people, world)
    raw = Watched(site, shielded=False)
    assert raw.shows_raw(["<svg onload=pwned=1>"])  # the watcher sees what it is there for
    assert any("onmouseover" in one for one in raw.shows_raw(["<p onmouseover=pwned=1>x"]))
    return found


def test_chromium_runs_none_of_five_hundred_from_any_column(readers, people):
    turn_of, doors = drawn("everywhere"), readers.ways()
    for turn in range(AT_MOST):
        plant(turn)
        for number, (door, ways) in enumerate(doors.items()):
            readers.look(door, *ways[(turn_of + turn * 7 + number) % len(ways)])
        in_mails(readers, people, turn)
        on_papers(readers, turn)
        print("turn", turn, dict(readers.kinds), *readers.window.wrong, sep="\n", flush=True)
        assert len(readers.window.wrong) < MANY
    missing = [
        f"{m._meta.label}.{f.name}" for n, (m, f) in enumerate(columns()) if n not in readers.marks
    ]
    print(
        f"doors {len(readers.doors)} of {len(doors)}, columns {len(columns())}, seen {len(columns()) - len(missing)}"
    )
    print(f"opened {dict(readers.kinds)}, with a payload {dict(readers.shown)}")
    print("on no page:", ", ".join(missing))
    assert readers.window.wrong == []
    assert sum(readers.shown.values()) > sum(readers.kinds.values()) / 2
    assert len(missing) < len(columns()) / 3


def in_mails(readers, people, turn):
    """What would be mailed, opened as the kind of text that it says it is."""
    at = readers.world.now + timedelta(minutes=turn)
    for n, (body, kind) in enumerate(mailed(people.window, block(20 * turn, 0), at)):
        assert kind != "text/html"
        readers.open(f"/mail/{turn}/{n}/", body, f"{kind}; charset=utf-8", "mail")


def on_papers(readers, turn):
    """The page of which each kind of paper is printed, every word of it twenty payloads."""
    for n, name in enumerate(NAMES):
        said = block((20 * turn + 3 * n) % COUNT, 0)
        page = pdf._fill(template_of(name), strings(example(name), lambda _text, s=said: s), AT, {})
        page = re.sub(r"<style.*?</style>", "", page, flags=re.DOTALL)  # its sheet is the printer's
        readers.open(f"/paper/{turn}/{n}/", page, "text/html; charset=utf-8", "paper")


def test_every_column_of_words_has_a_mark_of_its_own():
    found = columns()
    assert len({mark_of(n) for n, _one in enumerate(found)}) == len(found) > 200
