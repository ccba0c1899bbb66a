"""Issue 9: script payloads in every text that is shown, and chromium runs none of them, with or without the policy."""

from urllib.parse import quote

import pytest
from django.test import Client

from approvals.models import Filing
from public_notice.models import Notice
from public_notice.rules.gate import admit
from tests.chance import drawn
from tests.e2e.watched import Watched, kind_shown, mailed
from tests.everywhere import ROUNDS, block, plant
from tests.house.doors import DOORS, address
from tests.papers.test_hostile import strings
from tests.payloads import HOST, corpus, sample
from tests.planted import Planted

pytestmark = pytest.mark.browser
HERE, FEW = 20, 4
TAKEN_ALONG = (
    "/open/v1/notices.json",
    "/open/v1/notices.csv",
    "/open/v1/notices.atom",
    "/notices/export/?form=csv",
)


def pages_of(case):
    """The pages that show what was said: of strangers, and of the window."""
    notice, filing = case.notice, case.way.filing
    public = [
        "/notices/", f"/notices/{notice.public_id}/", f"/notices/{notice.public_id}/object/", "/",
        f"/papers/check/{notice.paper.code}/",
    ]  # fmt: skip
    here = f"/cases/{filing.public_id}/"
    first = notice.objections.filter(hearing_asked=False).first()
    staff = [
        here, f"{here}objections/", f"{here}notice/", f"{here}notice/posting/", f"/objections/{first.pk}/reply/",
        "/disclosure-desk/", *(f"/disclosure-desk/{one.pk}/" for one in case.requests[:3]), "/desk/",
    ]  # fmt: skip
    return public, staff


def careless(site):
    """The watcher sees what it is there for."""
    raw = Watched(site, shielded=False)
    found = raw.shows_raw(
        ["<svg onload=pwned=1>", f"<img src=//{HOST}/i>", "<img src=x onerror=alert(7)>"]
    )
    raw.context.close()
    assert {"ran", "asked", "dialog"} <= {word for one in found for word in one.split()}


def searched(payloads):
    """The addresses that say again what was asked of them."""
    return [f"{path}?q={quote(one)}" for one in payloads for path in ("/notices/",)]


def test_chromium_runs_nothing_of_what_was_typed(site, people, at):
    case = Planted(people, at("2018-05-14 09:00"), sample(drawn("chromium"), HERE))
    site.stand(case.at)
    careless(site)
    public, staff = pages_of(case)
    seen = 0
    for shielded in (True, False):
        stranger = Watched(site, shielded=shielded)
        window = Watched(site, "window", shielded=shielded)
        # Without the policy nothing is stopped that would run; with it, half as many pages say what it stops.
        seen += sum(map(stranger.looks, (public + searched(case.payloads[:2]))[shielded:]))
        seen += sum(map(window.looks, staff[:5] if shielded else staff))
        assert stranger.wrong == window.wrong == []
        stranger.context.close()
        window.context.close()
    assert seen > 12  # it was there to be run
    from_every_column(site, people, case, (public[:2], staff[:3]))


def from_every_column(site, people, case, pages):
    """Twenty payloads in every column of words, of the 500 that `make hunt` puts there; and what is taken along."""
    turn = drawn("columns") % ROUNDS
    plant(turn)
    for username, paths in zip((None, "window"), pages, strict=True):
        one = Watched(site, username, shielded=False)
        assert sum(map(one.looks, paths))
        assert one.wrong == []
    outlets = [
        (answer.getvalue(), kind_shown(answer["Content-Type"]))
        for answer in map(Client().get, TAKEN_ALONG)
    ]
    outlets += mailed(people.window, block(20 * turn, 0), case.at)
    one.strict = False  # the browser's own page of a text has a style
    said = [one.shows(f"/taken/{n}/", *outlet) for n, outlet in enumerate(outlets)]
    assert sum(said) >= len(outlets) - 1
    assert one.wrong == []


@pytest.mark.hunt
def test_chromium_runs_none_of_five_hundred_anywhere(site, people, at):
    """Every payload in every field: objections and requests by the services, the notice as the gate lets it through."""
    case = Planted(people, at("2018-05-14 09:00"), corpus())
    site.stand(case.at)
    filing = case.way.filing
    public, staff = pages_of(case)
    pages = [path for door in DOORS if door.of_things and (path := address(door, filing))]
    watched = [Watched(site, who, shielded=False) for who in (None, "window", "supervisor")]
    watched.append(Watched(site, case.way.enterprise.user.username, shielded=False))
    for one in watched:
        for path in (
            public + staff + [p for p in pages if "export" not in p and not p.startswith("/api")]
        ):
            _opened(one, path)
        assert one.wrong == []
    for request in case.requests:  # the window alone is answered there
        watched[1].looks(f"/disclosure-desk/{request.pk}/")
    assert [one.wrong for one in watched] == [[]] * len(watched)


@pytest.mark.hunt
def test_chromium_runs_none_of_five_hundred_in_any_word_of_a_notice(site, people, at):
    """Each payload in turn is every word of a notice with few objections: a light page, opened 500 times."""
    case = Planted(people, at("2018-05-14 09:00"), corpus()[:FEW])
    site.stand(case.at)
    public, staff = pages_of(case)
    stranger, window = Watched(site, shielded=False), Watched(site, "window", shielded=False)
    for payload in corpus():
        _said_by(case, payload)
        stranger.looks(public[1])
        stranger.looks(searched([payload])[0])
        window.looks(staff[0])
        assert stranger.wrong == window.wrong == [], payload


# A file that is handed over, and a way that leads elsewhere. For a refusal without a word the browser has its own page.
NO_PAGE = ("Download is starting", "ERR_ABORTED")
NO_WORD, ITS_OWN = "ERR_HTTP_RESPONSE_CODE_FAILURE", "chrome-error://chromewebdata/"


def _opened(one, path):
    """Open an address; of what is no page nothing is asked."""
    from playwright.sync_api import Error

    try:
        one.looks(path)
    except Error as error:
        if NO_WORD in str(error):
            one.page.wait_for_url(
                ITS_OWN
            )  # or it would come in between when the next address is opened
        elif not any(word in str(error) for word in NO_PAGE):
            raise


def _said_by(case, payload):
    """Put one payload into every word of the notice and of the case behind it."""
    Filing.objects.filter(pk=case.way.pk).update(
        project_name=payload, site_detail=payload, scale=payload
    )
    content = admit(strings(case.notice.content, lambda _text: payload))
    Notice.objects.filter(pk=case.notice.pk).update(title=payload, content=content)
