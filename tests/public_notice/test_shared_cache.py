"""Nothing private lies in a cache that many share (T70): every public address, asked as stranger and as each role."""

import random

import pytest
from django.http import HttpResponse
from django.test import Client

from config.middleware import FOR_ALL
from core import clock
from tests.chance import drawn
from tests.house.doors import DOORS, address, of_cases
from tests.public_notice.shared_cache import SharedCache, fresh, may_store

pytestmark = pytest.mark.django_db
IN_SUITE = ("window",)
MANY, SOME = 100, 30  # private addresses there are at least, and of them in `make test`
ALL = (
    "window",
    "convenor",
    "supervisor",
    "administrator",
    "enterprise",
    "other_enterprise",
    "clerk",
    "head",
)


def reader(people, role):
    """A browser of somebody, and by which words a page was made for them."""
    client = Client()
    if role == "public":
        return client, ()
    if role in ("clerk", "head"):
        member = {"clerk": people.department, "head": people.head}[role]("ZJJ")
    else:
        member = getattr(people, role)
    client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
    return client, (member.user.name.encode(), b'name="csrfmiddlewaretoken"', b"/accounts/logout/")


def ways(filing):
    """Every address that is open without a login, of things that there are."""
    found = (address(door, filing) for door in DOORS if door.open and (door.ours or door.plain))
    return sorted(set(filter(None, found)))


def private_ways(filing):
    """Every address that needs a login, of the things of a case: pages, papers, files, and what programs read."""
    found = (address(door, filing) for door in of_cases() if "GET" in door.methods)
    return sorted(set(filter(None, found)))


def stray(people, paths, order):
    """Ask addresses in this order of readers; return what strayed or was kept wrongly, and the cache."""
    cache, wrong = SharedCache(), []
    readers = {role: reader(people, role) for role in order}
    for path in paths:
        for role in order:
            client, _own = readers[role]
            response, first = cache.get(client, path, by=role)
            body = b"".join(response) if response.streaming else response.content
            if first != role and any(mark in body for mark in readers[first][1]):
                wrong.append(f"{path}: {role} was served what was made for {first}")
    for path, kept in cache.kept.items():
        wrong += [f"{path}: kept with a cookie" for one in kept if one.response.cookies]
        wrong += [
            f"{path}: kept as made for {one.by}"
            for one in kept
            if one.by != "public" and one.asked == {} and not path.startswith(FOR_ALL)
        ]
    return wrong, cache


def both_ways(noticed, roles):
    """Ask them one way round, and what was kept of it the other way round, too: what nobody kept cannot stray."""
    with clock.driven(noticed.now):
        wrong, cache = stray(noticed.people, ways(noticed.filing), (*roles, "public"))
        more, _cache = stray(noticed.people, list(cache.kept), ("public", *roles))
    assert wrong + more == []


def test_no_reader_is_served_what_was_made_for_another(noticed):
    both_ways(noticed, IN_SUITE)


@pytest.mark.hunt
def test_nor_of_any_role(noticed):
    both_ways(noticed, ALL)


def nothing_is_kept(noticed, paths, roles):
    """Ask what needs a login as somebody and then as anybody: no answer lies in the cache, whatever it was."""
    with clock.driven(noticed.now):
        wrong, cache = stray(noticed.people, paths, (*roles, "public"))
    assert wrong == []
    kept = {
        path: [one.by for one in found if one.by != "public"] for path, found in cache.kept.items()
    }
    assert {path: by for path, by in kept.items() if by} == {}


def test_nothing_that_needs_a_login_is_kept(noticed):
    paths = private_ways(noticed.filing)
    assert len(paths) >= MANY
    nothing_is_kept(noticed, random.Random(drawn("private")).sample(paths, SOME), IN_SUITE)


@pytest.mark.hunt
def test_nor_for_any_role(noticed):
    nothing_is_kept(noticed, private_ways(noticed.filing), ALL)


@pytest.mark.parametrize(
    ("said", "vary", "stored", "served"),
    [
        ("private, no-store", "Cookie", False, True), ("private, max-age=60", "", False, True),
        ("max-age=60", "Cookie", True, True), ("public, max-age=0", "", True, False),
        ("public, s-maxage=5, max-age=0", "", True, True), ("no-cache", "", True, False), ("", "", True, True),
        ("max-age=60", "*", False, True),
    ],
)  # fmt: skip
def test_the_cache_keeps_what_the_standard_lets_it(said, vary, stored, served):
    response = HttpResponse("x", headers={"Cache-Control": said, "Vary": vary})
    assert (may_store(response), fresh(response)) == (stored, served)


def test_the_cache_would_show_a_page_that_is_badly_marked():
    class Site:
        cookies = {}

        def get(self, path, headers):
            return HttpResponse("private words", headers={"Cache-Control": "max-age=60"})

    cache = SharedCache()
    cache.get(Site(), "/", by="window")
    assert cache.get(Site(), "/", by="public")[1] == "window"
