"""查询码: the enterprise is told where it needs it, changes it on its page, and nobody else is told."""

import json

import pytest
from django.urls import reverse

from approvals.stages import Stage
from core import clock
from core.documents.models import Paper
from tests.api.programs import Program
from tests.conftest import instant
from tests.desk.following import ask, words
from tests.standing import standing
from tests.walk import Walk, walk

pytestmark = pytest.mark.django_db
walked, accepted = standing(lambda p: walk(p, instant("2018-03-05 09:00"), to=Stage.ACCEPTED))


def address(w, name="approvals:query_code"):
    return reverse(name, args=[w.filing.public_id])


def others(people):
    """Everybody who sees the case and is not its enterprise."""
    offices = (people.window, people.convenor, people.supervisor, people.administrator)
    return (*offices, people.department("ZJJ"), people.head("ZJJ"))


def test_the_offices_are_not_told_on_any_page_and_have_no_business_with_it(
    client, accepted, people
):
    code = accepted.filing.query_code
    for person in others(people):
        client.force_login(person.user)
        with clock.driven(accepted.now):
            page = client.get(address(accepted, "desk:case"))
            said = Program(client, person).get(f"filings/{accepted.filing.public_id}/")
            assert client.get(address(accepted)).status_code == 403
            assert client.post(address(accepted)).status_code == 403
        assert page.status_code == said.status_code == 200
        assert said.json()["query_code"] is None
        assert code not in page.content.decode() + json.dumps(said.json())
    assert accepted.filing.query_code == code


def test_another_enterprise_does_not_find_the_page(client, accepted, people):
    client.force_login(people.other_enterprise.user)
    with clock.driven(accepted.now):
        assert client.get(address(accepted)).status_code == 404
        assert client.post(address(accepted)).status_code == 404


def test_a_draft_has_nothing_to_be_followed_by_yet(client, people, at):
    w = Walk(people, at("2018-03-05 09:00"))
    w.draft()
    client.force_login(people.enterprise.user)
    with clock.driven(w.now):
        page = client.get(address(w))
        answer = client.post(address(w))
        case = client.get(address(w, "desk:case")).content.decode()
        said = Program(client, people.enterprise).get(f"filings/{w.filing.public_id}/").json()
    assert "申报以后才有申报编号" in page.content.decode()
    assert answer.status_code == 409
    assert said["query_code"] is None
    for shown in (page.content.decode(), answer.content.decode(), case):
        assert w.filing.query_code not in shown


def test_the_enterprise_is_told_with_the_filing_and_on_its_case(client, people, at):
    w = Walk(people, at("2018-03-05 09:00"))
    w.draft()
    client.force_login(people.enterprise.user)
    with clock.driven(w.now):
        done = client.post(address(w, "approvals:submit"), follow=True).content.decode()
        case = client.get(address(w, "desk:case")).content.decode()
        said = Program(client, people.enterprise).get(f"filings/{w.filing.public_id}/").json()
    for page in (done, case):
        assert w.filing.number in page
        assert w.filing.query_code in page
        assert "/progress/" in page
    assert said["query_code"] == w.filing.query_code


def test_the_enterprise_changes_it_on_its_page_and_by_program(client, accepted, people):
    w = accepted
    old = words(w)
    client.force_login(people.enterprise.user)
    with clock.driven(w.now):
        assert old["code"] in client.get(address(w)).content.decode()
        page = client.post(address(w), follow=True).content.decode()
        new = words(w)
        assert new["code"] in page
        assert old["code"] not in page
        assert "查询码已更换" in page
        step = f"filings/{w.filing.public_id}/renew-query-code/"
        answer = Program(client, people.enterprise).post(step)
    assert answer.status_code == 200
    assert len({old["code"], new["code"], w.filing.query_code}) == 3
    assert w.filing.query_code not in answer.content.decode()  # kept under its key for thirty days
    assert [ask(w.now, typed).status_code for typed in (old, new, words(w))] == [404, 404, 200]


def test_the_receipt_says_where_and_no_paper_bears_the_code(accepted):
    receipt = Paper.objects.get(book=accepted.filing.book, kind="DOC02")
    assert receipt.content["progress_url"].endswith("/progress/")
    assert receipt.content["filing_number"] == accepted.filing.number
    for paper in Paper.objects.filter(book=accepted.filing.book):
        assert accepted.filing.query_code not in json.dumps(paper.content)
