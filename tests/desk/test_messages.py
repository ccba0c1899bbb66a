"""Each person's message settings, and the administrator's list of what could not leave: pages and programs."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from core import clock
from core.ledger.models import Entry
from core.notify.models import Message, Preference, Sending
from core.notify.services import tell
from desk.queries.health import checks
from desk.services.inbox import send_again, set_preference
from tests.api.programs import Program

pytestmark = pytest.mark.django_db
NOON = "2018-06-15 12:00"
CHOSEN = {"mail": False, "gateway": True, "digest": False, "quiet": True, "language": "en"}


@pytest.fixture
def given_up(people, at):
    """A letter to the enterprise that its server refused."""
    made = Sending.objects.create(
        to=people.enterprise, way="mail", created_at=at(NOON), failed_at=at(NOON), tries=1,
        error="550 no such person",
    )  # fmt: skip
    tell([people.enterprise], "请签收", about="x", at=at(NOON))
    made.messages.set(people.enterprise.messages.filter(subject="请签收"))
    return made


def test_a_person_chooses_on_the_page_and_reads_it_there(client, people):
    client.force_login(people.enterprise.user)
    address = reverse("desk:message_settings")

    page = client.get(address).content.decode()
    assert page.count("checked") >= 5  # all on, and the language
    assert "依法送达" in page
    answer = client.post(address, {"gateway": "on", "quiet": "on", "language": "en"})
    assert answer.status_code == 302
    mine = Preference.objects.get(user=people.enterprise.user)
    assert {name: getattr(mine, name) for name in CHOSEN} == CHOSEN
    assert client.post(address, {"language": "fr"}).status_code == 422


def test_a_program_chooses_by_the_same_service(client, people, driven):
    with driven(NOON):
        program = Program(client, people.window)
        assert program.get("messages/settings/").json()["mail"] is True
        assert program.post("messages/settings/", CHOSEN).json() == CHOSEN
        assert program.get("messages/settings/").json() == CHOSEN
        assert program.post("messages/settings/", {**CHOSEN, "language": "fr"}).status_code == 422
        assert program.post("messages/settings/", {"mail": True}).status_code == 422


def test_one_chooses_for_oneself_and_nobody_for_nobody(people, at):
    with pytest.raises(PermissionDenied):
        set_preference(by=None, at=at(NOON), **CHOSEN)
    with pytest.raises(ValidationError):
        set_preference(by=people.window, at=at(NOON), **{**CHOSEN, "language": "fr"})


def test_the_administrator_lets_a_refused_letter_be_tried_again(client, people, driven, given_up):
    with driven(NOON):
        for person in (people.window, people.supervisor, people.enterprise, people.convenor):
            client.force_login(person.user)
            assert client.get(reverse("desk:outbox")).status_code == 403
            assert client.post(reverse("desk:send_again", args=[given_up.pk])).status_code == 403
        client.force_login(people.administrator.user)
        page = client.get(reverse("desk:outbox")).content.decode()
        assert "550 no such person" in page
        assert "请签收" in page
        client.post(reverse("desk:send_again", args=[given_up.pk]))
        assert "没有发不出去的消息" in client.get(reverse("desk:outbox")).content.decode()
    given_up.refresh_from_db()
    assert (given_up.failed_at, given_up.tries) == (None, 0)
    assert given_up.next_at is not None
    assert Entry.objects.filter(book__code="county", act="send_again").count() == 1


def test_said_twice_it_is_tried_once_more_and_by_the_administrator_alone(people, at, given_up):
    with pytest.raises(PermissionDenied):
        send_again(given_up, by=people.supervisor, at=at(NOON))
    for _time in range(2):
        send_again(given_up, by=people.administrator, at=at(NOON))

    assert Entry.objects.filter(act="send_again").count() == 1


def test_a_program_of_the_administrator_reads_the_list(client, people, driven, given_up):
    with driven(NOON):
        assert Program(client, people.window).get("undelivered/").status_code == 403
        program = Program(client, people.administrator)
        row = program.get("undelivered/").json()["results"][0]
        assert (row["to"], row["error"]) == (people.enterprise.reference, "550 no such person")
        assert row["subjects"] == ["请签收"]
        assert program.post(f"undelivered/{given_up.pk}/again/").status_code == 200
        assert program.get("undelivered/").json()["results"] == []


def test_the_page_takes_a_fixed_number_of_queries(
    client, people, at, given_up, django_assert_max_num_queries
):
    client.force_login(people.administrator.user)
    counts = []
    for _round in range(2):
        with clock.driven(at(NOON)), django_assert_max_num_queries(30) as seen:
            client.get(reverse("desk:outbox"))
        counts.append(len(seen))
        for _letter in range(5):
            more = Sending.objects.create(
                to=people.window, way="gateway", created_at=at(NOON), failed_at=at(NOON), error="x"
            )
            more.messages.set(given_up.messages.all())

    assert counts[0] == counts[1]


def test_the_health_page_counts_what_could_not_leave(at, given_up):
    def said(when):
        return next(check for check in checks(at(when)) if check.name == "outbox")

    Message.objects.update(sent_at=at(NOON))
    assert (said(NOON).state, said(NOON).said[:1]) == ("warn", "1")
    given_up.failed_at, given_up.next_at, given_up.error = None, at(NOON), "away"
    given_up.save()
    assert said(NOON).state == "ok"  # an hour is given to a server that is away
    assert said("2018-06-15 13:30").state == "warn"
