"""依申请公开 in the browser and by programs: asked without an account, answered at the desk."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from core.steps.papers import render_waiting
from public_notice import services
from public_notice.models import Disclosure
from public_notice.stages import DisclosureStage as S
from tests.api.programs import Program
from tests.public_notice.test_disclosure import CONFIRMED, SAID, SENT, Told

pytestmark = pytest.mark.django_db


@pytest.fixture
def running(people):
    return Told().confirmed(people)


def at(name, *args):
    return reverse(f"public_notice:{name}", args=args)


def test_from_the_form_to_the_answer(client, people):
    with clock.driven(SENT):
        assert at("disclosures") in client.get(at("front")).content.decode()
        assert client.get(at("disclosures")).status_code == 200
        assert client.post(at("disclosure_apply"), {"name": "张示例"}).status_code == 422
        sent = client.post(at("disclosure_apply"), SAID)
        assert sent.url == at("disclosure_mine")
        one = Disclosure.objects.get()
        page = client.get(sent.url).content.decode()
        assert one.number in page
        assert one.code in page
        assert one.book.code in page
    client.force_login(people.window.user)
    with clock.driven(CONFIRMED):
        assert one.number in client.get(at("disclosure_desk")).content.decode()
        assert SAID["identity"] in client.get(at("disclosure", one.pk)).content.decode()
        for step, said in (
            ("confirm", {}),
            ("view", {"kind": "organ", "whom": "示例局", "text": "？"}),
        ):
            assert client.get(at(f"disclosure_{step}", one.pk)).status_code == 200
            assert client.post(at(f"disclosure_{step}", one.pk), said).status_code == 302
        asked = one.inquiries.get()
        client.post(at("disclosure_view_answer", asked.pk), {"agrees": "yes", "said": "同意。"})
        client.post(at("disclosure_answer", one.pk), {"result": "disclosed", "reply": "随本件提供。"})  # fmt: skip
        one.refresh_from_db()
        assert one.stage == S.ANSWERED
        render_waiting(CONFIRMED)
    client.logout()
    with clock.driven(CONFIRMED):
        assert client.get(at("disclosure_mine")).status_code == 302
        wrong = {"number": one.number, "code": "AAAAAAAAAA"}
        assert client.post(at("disclosure_lookup"), wrong).status_code == 422
        client.post(at("disclosure_lookup"), {"number": one.number, "code": one.code.lower()})
        assert "随本件提供" in client.get(at("disclosure_mine")).content.decode()
        answer, letter = (one.book.papers.get(kind=kind) for kind in ("DOC85", "DOC84"))
        assert client.get(at("disclosure_paper", answer.code)).status_code == 200
        assert client.get(at("disclosure_paper", letter.code)).status_code == 404
        assert client.post(at("disclosure_withdraw")).status_code == 409
        assert client.get(at("disclosure_year", 2018)).status_code == 200
        assert client.get(at("export_disclosure_year", 2018)).status_code == 200
        assert client.get(at("disclosure_year", 2017)).status_code == 404


def test_who_asked_is_the_windows_alone(client, running, people):
    for person, seen in ((people.supervisor, True), (people.enterprise, False)):
        client.force_login(person.user)
        with clock.driven(running.now):
            page = client.get(at("disclosure", running.pk))
        assert (page.status_code == 200) is seen
        for secret in (SAID["name"], SAID["identity"], SAID["contact"]):
            assert secret not in page.content.decode()


def test_corrected_on_the_applicants_page(client, running, people):
    running.do(services.ask_correction, running.it, text="请写明项目名称。", by=people.window)
    with clock.driven(running.now):
        client.post(at("disclosure_lookup"), {"number": running.it.number, "code": running.it.code})
        assert "请写明项目名称" in client.get(at("disclosure_mine")).content.decode()
        assert client.post(at("disclosure_supplement"), {"text": ""}).status_code == 422
        assert client.post(at("disclosure_supplement"), {"text": "示例项目。"}).status_code == 302
    assert running.it.stage == S.RUNNING


def test_the_desk_asks_the_same_number_of_queries_for_one_and_for_many(client, people):
    client.force_login(people.window.user)

    def asked():
        with clock.driven(CONFIRMED), CaptureQueriesContext(connection) as queries:
            assert client.get(at("disclosure_desk")).status_code == 200
        return len(queries)

    Told().confirmed(people)
    asked()
    one = asked()
    for turn in range(4):
        Told().confirmed(people, wanted=f"示例{turn}")
    assert asked() == one


def test_a_program_asks_follows_and_withdraws(client, people):
    program = Program(client)
    with clock.driven(SENT):
        made = program.post("disclosures/request/", SAID)
        assert made.status_code == 201, made.content
        said = {"number": made.json()["number"], "code": made.json()["code"]}
        assert program.post("disclosures/follow/", said).json()["stage"] == "submitted"
        assert program.post("disclosures/withdraw/", {**said, "code": "AAAAAAAAAA"}).status_code == 404  # fmt: skip
        assert program.post("disclosures/withdraw/", said).json()["result"] == "taken_back"
        assert client.get("/api/v1/disclosure-years/").json()[0]["year"] == 2018
