"""Steps as a person meets them: what a case offers, what stands against it, and the page of one step."""

from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from accounts.stages import Role
from approvals.models import Filing
from approvals.services import open_draft
from approvals.stages import Stage
from core import clock
from core.steps import offers
from core.steps.offers import Offer, offer, offered
from core.steps.reasons import because
from tests.walk import Walk, acts, walk

pytestmark = pytest.mark.django_db


@because("还缺一件。")
def never(thing):
    return False


@because("已经齐了。")
def always(thing):
    return True


def anyone(thing, by):
    return by is not None


@pytest.fixture
def filing(people, at):
    """A draft with nothing in it."""
    return open_draft(by=people.enterprise, at=at("2018-06-01 09:00"))


@pytest.fixture
def listed():
    """`listed(Offer, …)` makes these the only offers of a filing, for one test."""
    kept = dict(offers.OFFERS)
    offers.OFFERS.clear()

    def put(**facts):
        base = {"name": "x", "label": "办理", "view": "desk:case", "stages": (Stage.DRAFT,)}
        offer("approvals.Filing", Offer(**{**base, "policy": anyone, **facts}))

    yield put
    offers.OFFERS.clear()
    offers.OFFERS.update(kept)


def test_an_offer_leads_to_its_page(filing, people, listed):
    listed(conditions=(always,), silence=lambda thing: f"{thing}：逾期退件")

    found = offered(filing, people.enterprise)

    assert [(o.name, o.label, o.url, o.allowed) for o in found] == [
        ("x", "办理", f"/cases/{filing.public_id}/", True)
    ]
    assert found[0].silence == "未命名项目：逾期退件"


def test_what_stands_against_it_is_said_once(filing, people, listed):
    listed(transition="submit", conditions=(never, never, always))

    found = offered(filing, people.enterprise)[0]

    assert not found.allowed
    assert found.reasons == [*filing.why_not("submit"), "还缺一件。"]


@pytest.mark.parametrize(
    "facts",
    [
        {"stages": (Stage.SUBMITTED,)},
        {"policy": lambda _thing, by: by.role == Role.WINDOW},
        {"shown": lambda thing: thing.stage != Stage.DRAFT},
    ],
    ids=["another stage", "another person", "not shown"],
)
def test_what_is_not_for_this_person_now_is_not_offered(filing, people, listed, facts):
    listed(**facts)

    assert offered(filing, people.enterprise) == []


def test_nothing_is_offered_of_a_thing_without_offers(people, listed):
    assert offered(people.enterprise.organisation, people.enterprise) == []


def test_offers_of_several_desks_come_in_their_order(filing, people, listed):
    for name in "abc":
        listed(name=name)

    assert [o.name for o in offered(filing, people.enterprise)] == ["a", "b", "c"]


@pytest.mark.slow
@pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.RECEIVED, Stage.ACCEPTED, Stage.COMMITTING])
def test_every_offer_of_the_site_has_a_page_that_opens(client, people, at, stage):
    """Whoever is offered a step finds its page; a step that is refused says why there as well."""
    way = Walk(people, at("2018-03-05 09:00"))
    way.draft()
    way.to(stage)
    codes = set(way.filing.items.values_list("department__code", flat=True))
    departments = [people.department(code) for code in sorted(codes)]
    everyone = [people.enterprise, people.window, people.convenor, *departments]
    with clock.driven(way.now):
        for membership in everyone:
            client.force_login(membership.user, backend="django.contrib.auth.backends.ModelBackend")
            for found in offered(way.filing, membership):
                answer = client.get(found.url, follow=True)
                assert answer.status_code == 200, f"{found.name} for {membership}"


# — the page of one step —————————————————————————————————————————————————————————


@pytest.fixture
def accept(client, people, at):
    """The page on which the window accepts a filing, posted at the clock of the walk."""
    way = walk(people, at("2018-03-05 09:00"), to=Stage.RECEIVED)

    def post(by, **data):
        client.force_login(by.user, backend="django.contrib.auth.backends.ModelBackend")
        with clock.driven(way.now):
            return client.post(f"/cases/{way.filing.public_id}/accept/", data)

    return way, post


@pytest.mark.slow
def test_a_step_that_is_not_possible_now_says_so_with_409(accept, people):
    way, post = accept

    answer = post(people.window)

    assert answer.status_code == 409
    assert "申报时须交的材料还没有全部核收" in answer.content.decode()
    assert way.filing.stage == Stage.RECEIVED


@pytest.mark.slow
def test_a_step_of_somebody_else_is_refused_with_403(accept, people):
    way, post = accept
    way.check_materials()

    assert post(people.enterprise).status_code == 403
    assert way.filing.stage == Stage.RECEIVED


@pytest.mark.slow
def test_a_step_goes_back_to_the_case_and_says_what_happened(accept, people, client):
    way, post = accept
    way.check_materials()

    answer = post(people.window)

    assert answer.status_code == 302
    assert urlsplit(answer["Location"]).path == f"/cases/{way.filing.public_id}/"
    assert way.filing.stage == Stage.ACCEPTED
    with clock.driven(way.now):
        assert "受理" in client.get(answer["Location"]).content.decode()


@pytest.mark.slow
def test_a_step_taken_twice_has_one_effect(accept, people):
    way, post = accept
    way.check_materials()

    statuses = [post(people.window).status_code for _time in range(2)]

    assert statuses == [302, 409]
    assert acts(way.filing.book).count("accept") == 1


def test_whoever_acts_for_nobody_has_no_page(client, filing, people):
    from accounts.models import Membership

    Membership.objects.filter(user=people.enterprise.user).update(
        valid_to=timezone.localdate(filing.stage_since)
    )
    client.force_login(people.enterprise.user, backend="django.contrib.auth.backends.ModelBackend")

    assert client.get(f"/cases/{filing.public_id}/submit/").status_code == 403
    assert Filing.objects.get(pk=filing.pk).stage == Stage.DRAFT
