"""The desk, the case page and supervision: who sees what, and a number of queries that does not grow."""

import pytest
from django.urls import reverse

from approvals import services as filings
from approvals.stages import Stage
from core import clock
from tests.walk import walk

pytestmark = pytest.mark.django_db
MOST_QUERIES_OF_A_CASE = 25


def queries_of(client, address, count):
    """The questions of a page in a process that has shown it before: the rulebook is read once."""
    client.get(address)
    with count() as seen:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(seen)


@pytest.fixture
def count(django_assert_max_num_queries):
    return lambda: django_assert_max_num_queries(1000)


@pytest.mark.parametrize("stage", [Stage.LISTED, Stage.PREREVIEWING, Stage.NOTICED, Stage.CLEARED])
def test_a_case_takes_at_most_twenty_five_queries(client, people, at, count, stage):
    w = walk(people, at("2018-05-14 09:00"), to=stage)
    if stage == Stage.PREREVIEWING:
        w.call_meeting()
    address = reverse("desk:case", args=[w.filing.public_id])
    persons = (
        people.window,
        people.convenor,
        people.enterprise,
        people.supervisor,
        people.department("ZJJ"),
    )
    with clock.driven(w.now):
        for person in persons:
            client.force_login(person.user)
            assert queries_of(client, address, count) <= MOST_QUERIES_OF_A_CASE, person


def test_the_desk_takes_as_many_queries_for_three_cases_as_for_one(client, people, at, count):
    persons = (people.window, people.convenor, people.enterprise, people.supervisor)

    def seen(now):
        found = {}
        with clock.driven(now):
            for person in persons:
                client.force_login(person.user)
                found[person.role] = [
                    queries_of(client, reverse(name), count)
                    for name in ("desk:home", "approvals:list")
                ]
        return found

    first = walk(people, at("2018-05-14 09:00"), to=Stage.RECEIVED)
    before = seen(first.now)
    for number in (2, 3):
        walk(
            people, first.now, to=Stage.RECEIVED,
            project_name=f"示例项目{number}", project_code=f"2018-140722-13-03-00000{number}",
        )  # fmt: skip

    assert seen(first.now) == before


def test_supervision_is_for_those_who_watch(client, people, at):
    with clock.driven(at("2018-05-14 09:00")):
        answers = {}
        for person in (
            people.enterprise,
            people.department("ZJJ"),
            people.window,
            people.supervisor,
            people.convenor,
        ):
            client.force_login(person.user)
            answers[person.role] = client.get(reverse("desk:supervision")).status_code

    assert answers == {
        "enterprise": 403,
        "clerk": 403,
        "window": 403,
        "supervisor": 200,
        "convenor": 200,
    }


def test_a_limit_that_passed_stands_on_the_supervisors_desk_with_its_reason(client, people, at):
    w = walk(people, at("2018-05-14 09:00"), to=Stage.RECEIVED)
    w.until(at("2018-05-18 09:00"))

    with clock.driven(w.now):
        client.force_login(people.supervisor.user)
        page = client.get(reverse("desk:supervision")).content.decode()
        desk = client.get(reverse("desk:home")).content.decode()

    assert "受理决定（县承诺）" in page
    assert str(w.filing) in desk


def test_another_enterprise_finds_no_case(client, people, at):
    w = walk(people, at("2018-05-14 09:00"), to=Stage.RECEIVED)

    with clock.driven(w.now):
        client.force_login(people.other_enterprise.user)
        theirs = client.get(reverse("desk:case", args=[w.filing.public_id]))
        nobodys = client.get(reverse("desk:case", args=["000000000000"]))

    assert (theirs.status_code, nobodys.status_code) == (404, 404)


def test_messages_are_read_by_a_post_and_only_ones_own(client, people, at):
    w = walk(people, at("2018-05-14 09:00"), to=Stage.LISTED)
    mine = people.enterprise.messages.filter(read_at=None)
    others = people.window.messages.filter(read_at=None).count()
    assert mine.exists()

    with clock.driven(w.now):
        client.force_login(people.enterprise.user)
        assert client.get(reverse("desk:read_all")).status_code == 405
        client.post(reverse("desk:read_all"))

    assert not mine.exists()
    assert people.window.messages.filter(read_at=None).count() == others


def test_a_case_that_was_withdrawn_waits_on_nobodys_desk(client, people, at):
    w = walk(people, at("2018-05-14 09:00"), to=Stage.PREREVIEWING)
    w.call_meeting()
    w.acknowledge(w.meeting)
    w.open(w.meeting)
    w.close(w.meeting)
    clerk = people.department("ZJJ")
    address = reverse("prereview:opinions", args=[w.filing.public_id])

    def desk():
        with clock.driven(w.now):
            client.force_login(clerk.user)
            return client.get(reverse("desk:home")).content.decode()

    assert address in desk()
    w.do(filings.withdraw, w.filing, reason="不办了", by=people.enterprise)
    assert address not in desk()


def test_the_enterprise_sees_that_it_happened_and_not_what_was_said_inside(client, people, at):
    w = walk(people, at("2018-05-14 09:00"), to=Stage.SUBMITTED)
    w.do(filings.decide_eligible, w.filing, by=people.window, note="内部核对意见")

    seen = {}
    with clock.driven(w.now):
        for person in (people.enterprise, people.supervisor):
            client.force_login(person.user)
            seen[person.role] = client.get(
                reverse("desk:case", args=[w.filing.public_id])
            ).content.decode()

    assert "决定适用承诺制" in seen["enterprise"]
    assert "内部核对意见" not in seen["enterprise"]
    assert "内部核对意见" in seen["supervisor"]
