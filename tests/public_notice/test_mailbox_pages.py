"""意见箱 in pages and by programs: written without an account, assigned and answered at the desk, judged by code."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from desk.services.replay.mailbox import answer_questionnaires, write_letters
from public_notice.models import BoxLetter
from public_notice.stages import LetterStage as S
from tests.api.programs import Program
from tests.public_notice.test_mailbox import SENT, Written

pytestmark = pytest.mark.django_db
SAID = {
    "kind": "delay", "text": "示例项目的材料催了两次。", "name": "张示例", "contact": "示例电话", "about": "ZJJ",
    "publish": "on",
}  # fmt: skip


def at(name, *args):
    return reverse(f"public_notice:{name}", args=args)


def test_from_the_form_to_the_second_look(client, people):
    with clock.driven(SENT):
        assert at("mailbox") in client.get(at("front")).content.decode()
        assert client.get(at("mailbox_mine")).status_code == 302
        assert client.post(at("mailbox_judge")).status_code == 302
        assert client.post(at("mailbox_write"), {"text": ""}).status_code == 422
        shown = client.post(at("mailbox_write"), {**SAID, "step": "preview"}).content.decode()
        assert "张某" in shown
        assert not BoxLetter.objects.exists()
        sent = client.post(at("mailbox_write"), {**SAID, "step": "send"})
        one = BoxLetter.objects.get()
        page = client.get(sent.url).content.decode()
        assert all(word in page for word in (one.number, one.code, one.book.code))
    client.force_login(people.supervisor.user)
    with clock.driven(SENT):
        assert "转办意见箱来信" in client.get(reverse("desk:home")).content.decode()
        assert SAID["contact"] in client.get(at("letter", one.pk)).content.decode()
        assert client.post(at("letter_assign", one.pk), {"department": "ZJJ"}).status_code == 422
        assert client.post(at("letter_assign", one.pk), {"department": "SLJ"}).status_code == 302
    client.force_login(people.department("ZJJ").user)
    with clock.driven(SENT):
        assert client.get(at("letter", one.pk)).status_code == 404
    client.force_login(people.department("SLJ").user)
    with clock.driven(SENT):
        assert "答复意见箱来信" in client.get(reverse("desk:home")).content.decode()
        page = client.get(at("letter", one.pk)).content.decode()
        assert not any(secret in page for secret in (SAID["name"], SAID["contact"]))
        assert client.get(at("letter_assign", one.pk)).status_code == 403
        for name in ("letter_reply", "letter_return"):
            assert client.get(at(name, one.pk)).status_code == 200
        assert client.post(at("letter_reply", one.pk), {"text": "已办。"}).status_code == 302
        assert client.post(at("letter_reply", one.pk), {"text": "已办。"}).status_code == 409
    client.logout()
    with clock.driven(SENT):
        wrong = {"number": one.number, "code": "AAAAAAAAAA"}
        assert client.post(at("mailbox_lookup"), wrong).status_code == 422
        client.post(at("mailbox_lookup"), {"number": one.number, "code": one.code.lower()})
        assert "已办。" in client.get(at("mailbox_mine")).content.decode()
        assert client.post(at("mailbox_judge"), {"satisfied": "no"}).status_code == 422
        said = {"satisfied": "no", "text": "没有说清楚。"}
        assert client.post(at("mailbox_judge"), said).status_code == 302
        assert client.post(at("mailbox_judge"), said).status_code == 409
        public = client.get(at("mailbox")).content.decode()
        assert "张某" in public
        assert SAID["name"] not in public
        assert client.get(at("export_mailbox_year", 2018)).status_code == 200
        assert client.get(at("export_mailbox_year", 2017)).status_code == 404
    one.refresh_from_db()
    assert (one.stage, one.round) == (S.RECEIVED, 2)


def test_a_nameless_letter_sent_twice_by_one_browser_stands_once(client, people):
    nameless = {"kind": "thanks", "text": "谢谢窗口。", "step": "send"}
    with clock.driven(SENT):
        assert client.post(at("mailbox_write"), nameless).status_code == 302
        assert client.post(at("mailbox_write"), nameless).status_code == 302
    assert BoxLetter.objects.count() == 1


def test_a_work_order_is_registered_at_the_counter(client, people):
    client.force_login(people.window.user)
    said = {"kind": "delay", "text": "示例", "work_order": "示例0001", "received_on": "2018-09-07"}
    with clock.driven(SENT):
        assert client.get(at("letter_register")).status_code == 200
        assert client.post(at("letter_register"), {**said, "work_order": ""}).status_code == 422
        assert client.post(at("letter_register"), said).status_code == 302
        assert client.post(at("letter_register"), said).status_code == 422
        assert BoxLetter.objects.get().number in client.get(at("mailbox_desk")).content.decode()
        assert client.get(at("export_letters")).status_code == 200


def test_the_desk_and_the_public_page_ask_as_much_for_one_as_for_many(client, people):
    client.force_login(people.supervisor.user)

    def asked(page):
        with clock.driven(SENT), CaptureQueriesContext(connection) as queries:
            assert client.get(at(page)).status_code == 200
        return len(queries)

    def answered(text):
        w = Written().sent(text=text).assign(people)
        w.reply(people.department("SLJ"))

    answered("示例")
    pages = ("mailbox_desk", "mailbox")
    for page in pages:
        asked(page)
    one = [asked(page) for page in pages]
    for turn in range(3):
        answered(f"示例{turn}")
        Written().sent(text=f"另{turn}")
    assert [asked(page) for page in pages] == one


def test_a_program_writes_follows_and_judges(client, people):
    program = Program(client)
    said = {"kind": "advice", "text": "示例建议。"}
    with clock.driven(SENT):
        made = program.post("mailbox/write/", said)
        assert made.status_code == 201, made.content
        mine = {"number": made.json()["number"], "code": made.json()["code"]}
        assert program.post("mailbox/follow/", mine).json()["stage"] == "received"
        assert program.post("mailbox/follow/", {**mine, "code": "A"}).status_code == 404
        early = program.post("mailbox/judge/", {**mine, "satisfied": True})
        assert early.status_code == 409
        w = Written()
        w.pk = BoxLetter.objects.get().pk
        w.assign(people).reply(people.department("SLJ"))
        assert (
            program.post("mailbox/judge/", {**mine, "satisfied": True}).json()["stage"] == "closed"
        )
        assert client.get("/api/v1/mailbox-years/").json()[0]["lines"][-1]["answered"] == 1
        assert client.get("/api/v1/mailbox-public/").json() == []


def test_the_demonstration_says_that_it_is_one(people):
    with clock.driven(SENT):
        write_letters(SENT)
        assert answer_questionnaires(SENT) == 0  # there is no case yet
    found = list(BoxLetter.objects.order_by("received_at"))
    assert [one.stage for one in found] == [S.CLOSED, S.RECEIVED, S.ASSIGNED, S.RECEIVED]
    assert all("示例" in one.text for one in found)
    assert found[1].round == 2
