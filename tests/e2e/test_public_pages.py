"""Every page that is open to all, by axe and by the rules of this house: none is left out because nobody named it.

`make hunt` asks Lighthouse as well for its mark of accessibility: at least 95 of 100 for each page.
"""

import random
import shutil

import pytest
from django.test import Client

from core import clock
from public_notice.services import lodge_objection, reply_objection
from tests.chance import drawn
from tests.e2e.audit import DESK, PHONE
from tests.e2e.conftest import BROWSERS, QUIET
from tests.e2e.marks import installed, marks, opened
from tests.e2e.test_pages import looks
from tests.public_notice.test_shared_cache import ways
from tests.walk import walk

pytestmark = pytest.mark.browser
HERE = 6  # pages in `make test`, others with each seed
AT_LEAST = 40
ENOUGH = 0.95  # of Lighthouse's mark
# Screens in the hall have no frame around them, and the viewer of the interface is another project's.
FRAMELESS = ("/hall/", "/hall/lookup/")
FRAME = ("body > header", "body > footer", "way past the navigation")
NOT_OURS = ("/api/docs/",)


@pytest.fixture
def noticed(site, people, at):
    """A notice with an objection that was answered, as of the clock of the site."""
    w = walk(people, at("2018-05-14 09:00"), to="noticed")
    said = {"name": "王示例", "contact": "13800138000", "text": "担心噪声。"}
    with clock.driven(w.now):
        made = lodge_objection(w.notice, at=w.now, **said)
    w.do(reply_objection, made, finding="not_upheld", reply="已核实。", by=people.window)
    site.stand(w.now)
    return w


def pages_of(w):
    """The addresses that show a page to somebody without a login."""
    client = Client()
    with clock.driven(w.now):
        found = {path: client.get(path) for path in ways(w.filing)}
    return [
        path
        for path, answer in found.items()
        if answer.status_code == 200
        and answer["Content-Type"].startswith("text/html")
        and path not in NOT_OURS
    ]


def faults(site, paths, views):
    reader = site.person()
    wrong = []
    for path in paths:
        found = looks(reader, path.strip("/").replace("/", "-") or "front", path, axe=views)
        bare = FRAME if path in FRAMELESS else ()
        wrong += [one for one in found if not any(part in one for part in bare)]
    return wrong


def test_some_pages_that_are_open_to_all_have_no_fault(site, noticed):
    every = pages_of(noticed)
    assert len(every) >= AT_LEAST
    some = random.Random(drawn("public pages")).sample(every, HERE)
    wrong = faults(site, some, (PHONE,))
    assert not wrong, "\n".join(wrong)
    assert not site.faults()


@pytest.mark.hunt
def test_no_page_that_is_open_to_all_has_a_fault(site, noticed):
    wrong = faults(site, pages_of(noticed), (PHONE, DESK))
    assert not wrong, "\n".join(wrong)
    assert not site.faults()


@pytest.mark.hunt
@pytest.mark.parametrize("view", [PHONE, DESK], ids=["phone", "desk"])
def test_lighthouse_gives_every_page_95_for_accessibility(site, noticed, tmp_path, view):
    if not installed():
        pytest.skip(
            "skipped: Lighthouse is not installed; deploy/lighthouse.sh does it where npm is"
        )
    paths = pages_of(noticed)
    assert len(paths) >= AT_LEAST
    program = next(filter(None, map(shutil.which, BROWSERS)))
    with opened(program, QUIET, tmp_path / "browser") as port:
        found = marks([site.url + path for path in paths], port, view["width"])
    print(found[0]["version"], "lowest", min(one["score"] for one in found), "of", len(found))
    print(
        *(f"{one['score']} {one['url']} {one['failed']}" for one in found if one["failed"]),
        sep="\n",
    )
    assert len(found) == len(paths)
    assert [one for one in found if one["score"] < ENOUGH or one.get("error")] == []
