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
from tests.e2e.watched import Watched, kind_shown, mailed
from tests.everywhere import ROUNDS, block, columns, mark_of, plant
from tests.house.doors import DOORS, address
from tests.papers.making import AT, NAMES, example, template_of
from tests.papers.test_hostile import strings

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
FEW = 20  # papers of the world that are shown with all they say


class Readers:
    """Everybody of the county before every address: who is answered where, and with what kind of thing."""

    def __init__(self, site, people, world):
        self.site, self.world = site, world
        members = {
            "window": people.window, "convenor": people.convenor, "supervisor": people.supervisor,
            "administrator": people.administrator, "enterprise": people.enterprise,
            "clerk": people.department("ZJJ"), "head": people.head("ZJJ"),
        }  # fmt: skip
        self.names = {None: None, **{name: one.user.username for name, one in members.items()}}
        self.windows = {
            name: Watched(site, user, shielded=False) for name, user in self.names.items()
        }
        self.shown, self.kinds, self.marks = Counter(), Counter(), set()

    def answered(self):
        """For each door the (address, reader, kind) that answer with words; before anything is planted."""
        found = []
        ways = (
            self.world.noticed,
            self.world.heard,
            self.world.built,
            self.world.listed,
            self.world.draft,
        )
        for door in DOORS:
            if not (door.ours or door.plain) or "GET" not in door.methods:
                continue
            paths = (address(door, way.filing) for way in (ways[:1] if door.plain else ways))
            wanted = (path for path in paths if path and not path.startswith(NOT_OURS))
            # The first case at which somebody is answered.
            found.append(next(filter(None, ([*self._who_reads(path)] for path in wanted)), []))
        return [one for one in found if one]

    def _who_reads(self, path):
        for name, user in self.names.items():
            answer = self._client(user).get(path)
            kind = answer.headers.get("Content-Type", "")
            answer.close()
            if answer.status_code == 200 and kind.startswith(TEXT):
                yield path, name, kind

    def _client(self, user):
        made = self.__dict__.setdefault("clients", {})
        if user not in made:
            made[user] = Client()
            if user:
                cookie = self.site._entered(user)
                made[user].cookies[cookie["name"]] = cookie["value"]
        return made[user]

    def look(self, path, name, kind):
        """Open an address as its reader: a page as it is, anything else as if it had been opened from the disk."""
        window = self.windows[name]
        if kind.startswith("text/html"):
            said = window.looks(path)
        else:
            answer = self._client(self.names[name]).get(path)
            assert answer.status_code == 200, (path, name)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            said = window.shows(path, body, kind_shown(kind))
        self.note(window, path, kind, said)

    def note(self, window, path, kind, said):
        """Count what was opened and which columns were on it; fail with what it did."""
        assert window.wrong == [], (path, window.wrong)
        kind = kind.split(";")[0]
        self.kinds[kind] += 1
        self.shown[kind] += said
        self.marks |= {int(one) for one in MARK.findall(window.page.content())}


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
    doors = readers.answered()
    turn_of = drawn("everywhere")
    for turn in range(AT_MOST):
        plant(turn)
        for number, ways in enumerate(doors):
            readers.look(*ways[(turn_of + turn * 7 + number) % len(ways)])
        in_mails(readers, people, turn)
        on_papers(readers, turn)
    missing = [
        f"{m._meta.label}.{f.name}" for n, (m, f) in enumerate(columns()) if n not in readers.marks
    ]
    print(f"doors {len(doors)}, opened {dict(readers.kinds)}, with a payload {dict(readers.shown)}")
    print(
        f"columns {len(columns())}, seen {len(columns()) - len(missing)}, shown nowhere: {', '.join(missing)}"
    )
    assert sum(readers.shown.values()) > sum(readers.kinds.values()) / 2
    assert len(missing) < len(columns()) / 3


def in_mails(readers, people, turn):
    """What would be mailed, opened as the kind of text that it says it is."""
    window, at = readers.windows[None], readers.world.now + timedelta(minutes=turn)
    for n, (body, kind) in enumerate(mailed(people.window, block(20 * turn, 0), at)):
        assert kind != "text/html"
        said = window.shows(f"/mail/{turn}/{n}/", body, f"{kind}; charset=utf-8")
        readers.note(window, "mail", "mail", said)


def on_papers(readers, turn):
    """The page of which each kind of paper is printed, every word of it twenty payloads."""
    window = readers.windows[None]
    window.strict = False
    for n, name in enumerate(NAMES):
        content = strings(example(name), lambda _text, n=n: block((20 * turn + 3 * n) % 500, 0))
        page = pdf._fill(template_of(name), content, AT, {})
        page = re.sub(r"<style.*?</style>", "", page, flags=re.DOTALL)  # its sheet is the printer's
        said = window.shows(f"/paper/{turn}/{n}/", page, "text/html; charset=utf-8")
        readers.note(window, name, "paper", said)
    window.strict = True


def test_every_column_of_words_has_a_mark_of_its_own():
    found = columns()
    assert len({mark_of(n) for n, _one in enumerate(found)}) == len(found) > 200
