"""The same key, the same effect, once: sent again, at the same moment, after a crash; and never another request."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import Membership
from approvals.models import Filing
from core import clock
from core.ledger.models import Entry
from core.steps.idempotency import KEPT, forget_answers
from core.steps.models import Answered
from public_notice.models import Disclosure
from tests.api.programs import Program
from tests.core.threads import alone, at_once, shared_database

NOW = "2018-06-15 09:30"


def test_a_step_without_a_key_is_not_taken(client, people, driven):
    with driven(NOW):
        answer = Program(client, people.enterprise).post("filings/", key="")
        short = Program(client, people.enterprise).post("filings/", key="short")

    assert answer.status_code == short.status_code == 400
    assert answer.json()["type"] == "urn:chengnuo:problem:key-missing"
    assert not Filing.objects.exists()


def test_sent_again_it_is_answered_again_and_does_nothing(client, people, driven):
    key = str(uuid.uuid4())
    with driven(NOW):
        program = Program(client, people.enterprise)
        first = program.post("filings/", key=key)
        entries = Entry.objects.count()
        again = program.post("filings/", key=key)

    assert (
        (first.status_code, first.json())
        == (again.status_code, again.json())
        == (201, first.json())
    )
    assert first["Idempotent-Replayed"] == "false"
    assert again["Idempotent-Replayed"] == "true"
    assert Filing.objects.count() == 1
    assert Entry.objects.count() == entries


def test_what_was_answered_stands_though_the_case_went_on(client, people, driven):
    key = str(uuid.uuid4())
    with driven(NOW):
        program = Program(client, people.enterprise)
        filing = program.post("filings/", key=key).json()
        program.post(f"filings/{filing['id']}/project/", _project())

        assert program.post("filings/", key=key).json()["project_name"] == ""


def _project():
    return {
        "project_name": "示例项目", "site": "140722101", "scale": "新建车间", "investment_wan": "100",
        "planned_start": "2018-12-01",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("address", "body"),
    [("filings/{id}/project/", {"scale": "别的"}), ("filings/{id}/submit/", None)],
    ids=["another body", "another address"],
)
def test_another_request_under_a_used_key_is_refused(client, people, driven, address, body):
    key = str(uuid.uuid4())
    with driven(NOW):
        program = Program(client, people.enterprise)
        filing = program.post("filings/").json()
        program.post(f"filings/{filing['id']}/project/", _project(), key=key)
        sent = {**_project(), **body} if body else {}
        answer = program.post(address.format(**filing), sent, key=key)

    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:chengnuo:problem:key-reused"
    assert Filing.objects.get().scale == "新建车间"


SAID = {
    "applicant": "person", "name": "王示例", "identity": "示例证件", "contact": "示例村12号", "wanted": "公示的附图",
    "form": "electronic",
}  # fmt: skip


def test_what_anybody_asked_under_a_key_is_told_to_no_other_request(client, county, driven):
    """The receipt holds the query code; and nobody is left in the belief to have asked when they have not."""
    key = str(uuid.uuid4())
    with driven(NOW):
        program = Program(client)
        first = program.post("disclosures/request/", SAID, key=key)
        again = program.post("disclosures/request/", SAID, key=key)
        other = program.post("disclosures/request/", {**SAID, "name": "李示例"}, key=key)
        nothing = program.post("disclosures/request/", {}, key=key)

    assert (first.status_code, first.json()) == (201, again.json())
    assert again["Idempotent-Replayed"] == "true"
    assert {other.status_code, nothing.status_code} == {422}
    assert other.json()["type"] == "urn:chengnuo:problem:key-reused"
    assert first.json()["code"] not in other.content.decode() + nothing.content.decode()
    assert Disclosure.objects.count() == 1


def test_the_keys_of_two_people_are_strangers(client, people, driven):
    key = str(uuid.uuid4())
    with driven(NOW):
        mine = Program(client, people.enterprise).post("filings/", key=key)
        theirs = Program(client, people.other_enterprise).post("filings/", key=key)

    assert mine.json()["id"] != theirs.json()["id"]


def test_one_person_in_another_office_needs_another_key(client, people, driven):
    second = Membership.objects.create(
        user=people.enterprise.user, organisation=people.window.organisation, role="window",
        valid_from="2018-01-01",
    )  # fmt: skip
    key = str(uuid.uuid4())
    with driven(NOW):
        Program(client, people.enterprise).post("messages/read/", key=key)
        answer = Program(client, second).post("messages/read/", key=key)

    assert answer.status_code == 422


def test_a_file_counts_by_its_content(client, people, at):
    from approvals.stages import Stage
    from tests.walk import pdf, png, walk

    way = walk(people, at("2018-03-05 09:00"), to=Stage.LISTED)
    material = way.filing.intake_open().first()
    key, address = str(uuid.uuid4()), f"materials/{material.pk}/upload/"
    with clock.driven(way.now):
        program = Program(client, people.enterprise)
        first = program.post(address, {"upload": pdf()}, key=key, files=True)
        again = program.post(address, {"upload": pdf()}, key=key, files=True)
        other = program.post(address, {"upload": png("材料.png")}, key=key, files=True)

    assert first.status_code == 200
    assert again["Idempotent-Replayed"] == "true"
    assert other.status_code == 422
    assert way.filing.book.attachments.count() == 1


def test_a_refused_act_had_no_effect_and_its_key_is_free(client, people, driven):
    key = str(uuid.uuid4())
    with driven(NOW):
        program = Program(client, people.enterprise)
        filing = program.post("filings/").json()
        address = f"filings/{filing['id']}/project/"
        wrong = program.post(address, {**_project(), "investment_wan": "-1"}, key=key)
        assert wrong.status_code == 422
        assert not Answered.objects.filter(key=key).exists()

        assert program.post(address, _project(), key=key).status_code == 200


def test_an_act_that_broke_half_way_left_nothing_and_can_be_sent_again(people, driven, monkeypatch):
    key = str(uuid.uuid4())
    browser = Client(raise_request_exception=False)
    with driven(NOW):
        program = Program(browser, people.enterprise)
        with monkeypatch.context() as broken:
            # The power goes after the act and before its answer is kept.
            broken.setattr(Answered, "save", lambda _row: 1 / 0)
            first = program.post("filings/", key=key)
        assert first.status_code == 500
        assert first["Content-Type"] == "application/problem+json"
        assert not Filing.objects.exists()
        assert not Answered.objects.exists()

        assert program.post("filings/", key=key).status_code == 201
    assert Filing.objects.count() == 1


def test_after_thirty_days_a_key_is_forgotten(client, people, at):
    key, then = str(uuid.uuid4()), at(NOW)
    with clock.driven(then):
        program = Program(client, people.enterprise, days=100)
        first = program.post("filings/", key=key).json()
    last = then + KEPT - timedelta(microseconds=1)
    with clock.driven(last):
        assert program.post("filings/", key=key).json() == first
        assert forget_answers(last) == 0
    with clock.driven(then + KEPT):
        assert program.post("filings/", key=key).json() != first  # even where no sweep has come
    assert forget_answers(then + 2 * KEPT) == 1
    assert forget_answers(then + 2 * KEPT) == 0


@pytest.mark.parametrize("days", [0, 31], ids=["new", "forgotten"])
def test_several_at_the_same_moment_have_one_effect(transactional_db, people, tmp_path, at, days):
    """Also where the key has been used before, so long ago that it counts as new."""
    key, then, now = str(uuid.uuid4()), at(NOW), at(NOW) + timedelta(days=days)
    with clock.driven(then):
        secret = Program(Client(), people.enterprise, days=100).secret

    def send(when):
        with clock.driven(when):
            return Program(Client(), secret=secret).post("filings/", key=key)

    with shared_database(tmp_path):
        before = [alone(lambda: send(then)).json()["id"]] if days else []
        answers = at_once(*[lambda: send(now)] * 4)
        assert [answer.status_code for answer in answers] == [201] * 4
        assert len({answer.content for answer in answers}) == 1
        replayed = sorted(answer["Idempotent-Replayed"] for answer in answers)
        assert replayed == ["false", "true", "true", "true"]
        assert alone(Filing.objects.count) == 1 + len(before)
        assert answers[0].json()["id"] not in before
