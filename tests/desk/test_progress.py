"""办件进度查询: who holds number and code sees how a case stands; who guesses learns nothing and soon waits."""

import json
import logging
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from approvals import services as filings
from approvals.models import Filing, Gap
from approvals.stages import MaterialState, Stage
from core import clock
from core.documents.models import Attachment, Paper
from prereview.services import give_opinion
from prereview.stages import Position
from public_notice.services import lodge_objection
from tests.conftest import instant
from tests.desk.following import (
    API,
    NOBODYS,
    PAGE,
    WRONG,
    ask,
    ask_by_program,
    followed,
    plain,
    words,
)
from tests.standing import standing
from tests.walk import WAY, walk

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12
walked, received = standing(lambda p: walk(p, instant("2018-06-11 09:00"), to=Stage.RECEIVED))


def guesses(w):
    """Wrong code, wrong number, both wrong, a code of another case, and something that is no number at all."""
    mine = words(w)
    other = Filing.objects.exclude(pk=w.pk).exclude(number="").first()
    return [
        {**mine, "code": WRONG},
        {**mine, "number": NOBODYS},
        {"number": NOBODYS, "code": WRONG},
        {**mine, "code": other.query_code} if other else {**mine, "code": "X"},
        {**mine, "number": "没有编号"},
    ]


# — whoever does not hold both ———————————————————————————————————————————————————————————


def test_whichever_word_is_wrong_the_answer_is_the_same_to_the_byte(received, people):
    walk(people, received.now, to=Stage.SUBMITTED)
    pages = [(ask(received.now, typed), typed) for typed in guesses(received)]
    answers = [ask_by_program(received.now, typed) for typed in guesses(received)[:4]]

    assert {page.status_code for page, _typed in pages} == {404}
    assert len({plain(page, typed) for page, typed in pages}) == 1
    assert "对不上" in pages[0][0].content.decode()
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0]["Content-Type"] == "application/problem+json"
    assert answers[0].json()["type"] == "urn:chengnuo:problem:not-found"
    assert "对不上" in answers[0].json()["reasons"][0]


def test_the_same_words_are_answered_the_same_before_and_after_there_is_such_a_case(
    received, people
):
    typed = {"number": "左承申〔2018〕2号", "code": WRONG}
    before = ask(received.now, typed)
    w = walk(people, received.now, to=Stage.SUBMITTED)
    assert w.filing.number == typed["number"]

    assert plain(ask(w.now, typed), typed) == plain(before, typed)


def test_a_wrong_word_costs_the_same_queries_whichever_it_is(received):
    seen = set()
    for typed in guesses(received):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert ask(received.now, typed).status_code == 404
        seen.add(len(queries))

    assert len(seen) == 1


def test_a_draft_is_nobodys_to_follow(people, at):
    w = walk(people, at("2018-06-11 09:00"), to=Stage.DRAFT)
    for number in ("〔〕", "-", "号"):
        assert ask(w.now, {"number": number, "code": w.filing.query_code}).status_code == 404


@pytest.mark.parametrize(
    "typed", [{}, {"number": "左承申〔2018〕1号"}, {"code": WRONG}, {"number": "x" * 41, "code": WRONG},
              {"number": "\0", "code": "\0"}]
)  # fmt: skip
def test_what_is_not_filled_in_is_said_and_not_counted(received, typed):
    for _n in range(30):
        page, answer = ask(received.now, typed), ask_by_program(received.now, typed)
    assert page.status_code == answer.status_code == 422
    assert "还有内容需要改" in page.content.decode()
    assert answer.json()["errors"]
    followed(received)


def test_ten_wrong_tries_shut_out_an_address_and_the_right_word_with_it(received, caplog):
    now = received.now
    with caplog.at_level(logging.WARNING, "chengnuo.tries"):
        for n in range(10):  # by page and by program: one count
            send = ask if n % 2 else ask_by_program
            assert send(now, {**words(received), "code": WRONG}).status_code == 404
    page, answer = ask(now, words(received)), ask_by_program(now, words(received))

    assert page.status_code == answer.status_code == 429
    assert page["Retry-After"] == answer["Retry-After"] == "900"
    until = f"{now + timedelta(minutes=15):%Y-%m-%d %H:%M:%S}"
    assert until in page.content.decode()
    assert until in answer.json()["reasons"][0]
    assert answer.json()["type"] == "urn:chengnuo:problem:too-many"
    assert received.filing.project_name not in page.content.decode()
    assert [record.name for record in caplog.records].count("chengnuo.tries") == 1
    assert received.filing.query_code not in caplog.text
    assert ask(now, words(received), REMOTE_ADDR="192.0.2.9").status_code == 200
    assert ask(now + timedelta(minutes=14), words(received)).status_code == 429
    assert ask(now + timedelta(minutes=15), words(received)).status_code == 200


@pytest.mark.parametrize("real", [True, False])
def test_a_number_guessed_at_from_many_places_is_shut_whether_anybody_bears_it_or_not(
    received, real
):
    typed = {**words(received), "code": WRONG}
    typed = typed if real else {**typed, "number": NOBODYS}
    for n in range(20):
        answer = ask(received.now, typed, REMOTE_ADDR=f"192.0.2.{n}")
        assert answer.status_code == 404

    right = words(received) if real else typed
    assert ask(received.now, right, REMOTE_ADDR="198.51.100.1").status_code == 429
    later = received.now + timedelta(minutes=15)
    again = ask(later, right, REMOTE_ADDR="198.51.100.1")
    assert again.status_code == (200 if real else 404)


def test_a_page_of_another_site_cannot_ask(received):
    with clock.driven(received.now):
        assert Client(enforce_csrf_checks=True).post(PAGE, words(received)).status_code == 403


# — whoever holds both ———————————————————————————————————————————————————————————————————


def test_it_is_two_clicks_from_the_front_page_and_keeps_nothing(received):
    with clock.driven(received.now):
        client = Client()
        front = client.get("/").content.decode()
        form = client.get(PAGE)
        page = client.post(PAGE, words(received))
    assert (
        front.count(f'href="{PAGE}"') == 3
    )  # in the navigation, in a sentence of its own, in the list of all that is public
    for answer in (form, page):
        assert "no-store" in answer["Cache-Control"]
        assert "noindex" in answer["X-Robots-Tag"]
    assert "sessionid" not in client.cookies
    assert received.filing.query_code not in page.content.decode()
    assert "no-store" in ask_by_program(received.now, words(received))["Cache-Control"]
    # What is in the address is not read.
    with clock.driven(received.now):
        asked = Client().get(PAGE, words(received)).content.decode()
        assert Client().get(f"/api/v1/{API}", words(received)).status_code == 405
    assert received.filing.project_name not in asked


def test_the_words_are_taken_as_anyone_types_them(received):
    mine = words(received)
    loose = {
        "number": mine["number"].replace("〔", " [").replace("〕", "] "),
        "code": f" {mine['code'][:4].lower()}-{mine['code'][4:].lower()} ",
    }
    assert ask(received.now, loose).status_code == 200
    assert ask_by_program(received.now, loose).status_code == 200


def test_what_the_window_sent_back_is_named_with_its_reason_masked(received, people):
    w = received
    returned = w.filing.materials.filter(state=MaterialState.RECEIVED).first()
    why = "联系人13800138000的签字不清"
    w.do(filings.check_material, returned, fine=False, reason=why, by=people.window)
    page, said = followed(w)

    assert said["returned"] == [
        {"material": str(returned), "reason": said["returned"][0]["reason"]}
    ]
    assert "签字不清" in said["returned"][0]["reason"]
    assert "13800138000" not in page + json.dumps(said, ensure_ascii=False)
    assert said["materials"]["returned"] == 1
    handed_in = w.filing.materials.filter(state=MaterialState.RECEIVED).count()
    assert said["materials"]["received"] == handed_in


def test_the_number_of_queries_does_not_grow_with_the_file(received, people):
    w = received
    with CaptureQueriesContext(connection) as before, clock.driven(w.now):
        Client().post(PAGE, words(w))
    for material in w.filing.materials.filter(state=MaterialState.RECEIVED):
        w.do(filings.check_material, material, fine=False, reason="缺页", by=people.window)
    w.do(filings.ask_correction, w.filing, by=people.window)
    with CaptureQueriesContext(connection) as after, clock.driven(w.now):
        page = Client().post(PAGE, words(w))

    assert page.content.decode().count("缺页") > 1
    assert len(after) == len(before) <= MOST_QUERIES


def test_it_answers_at_every_stage_with_few_queries_and_nothing_of_anybody(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.SUBMITTED)
    for stage, _step in WAY[1:]:
        w.to(stage)
        page, said = followed(w)
        with CaptureQueriesContext(connection) as queries:
            ask(w.now, words(w))
        assert said["stage"] == stage
        assert (said["ended"] is None) == (said["waiting"] is not None)
        assert len(queries) <= MOST_QUERIES, stage
        nothing_of(w, page, said)


def test_nobody_elses_data_is_on_it(people, at):
    w = walk(people, at("2018-05-14 09:00"), to=Stage.PREREVIEWING)
    w.call_meeting()
    w.acknowledge(w.meeting)
    w.open(w.meeting)
    w.close(w.meeting)
    asked = w.open_slots(w.meeting)
    w.do(
        give_opinion, asked[0], position=Position.CONDITIONS, reason="须补做示例论证", conditions=["示例附加条件"],
        by=people.department(asked[0].department.code),
    )  # fmt: skip
    page, said = followed(w)
    assert said["waiting"]["whose"] == "窗口和各部门"
    assert said["limits"][0][
        "silence"
    ]  # until when an opinion is owed, and what silence does; not by whom
    nothing_of(w, page, said)

    w = walk(people, at("2018-05-14 09:00"), to=Stage.NOTICED)
    said_against = {"name": "王示例丁", "contact": "13900139000", "text": "示例夜间噪声扰民"}
    with clock.driven(w.now):
        lodge_objection(w.notice, at=w.now, interest="相邻示例住户", **said_against)
    page, said = followed(w)
    for secret in (*said_against.values(), "相邻示例住户", "左承异"):
        assert secret not in page
        assert secret not in json.dumps(said, ensure_ascii=False)
    nothing_of(w, page, said)


def nothing_of(w, page, said):
    """No person but the named actors, no opinion, no file, no address of a paper, no key of the case."""
    shown = page + json.dumps(said, ensure_ascii=False)
    filing = w.filing
    secrets = {
        *User.objects.exclude(name="").values_list("name", flat=True),
        *User.objects.exclude(phone="").values_list("phone", flat=True),
        *Attachment.objects.values_list("name", "sha256").distinct().values_list("sha256", flat=True),
        *Paper.objects.filter(book=filing.book, public=False).values_list("code", flat=True),
        "示例附加条件", "须补做示例论证", filing.public_id, filing.query_code,
        filing.enterprise.uscc, filing.enterprise.name, "附加条件", "/attachments/", ".pdf", "台账",
    } - {"", "系统", "社会公众"}  # fmt: skip
    assert {secret for secret in secrets if secret in shown} == set()
    for paper in said["papers"]:
        public = Paper.objects.get(number=paper["number"]).public
        assert (paper["check_url"] is not None) == public


def test_a_suspended_case_says_so_and_names_the_gap(people, at):
    w = walk(people, at("2018-06-14 09:00"), to=Stage.LISTED)
    w.do(filings.acknowledge_checklist, w.filing, by=people.enterprise)
    funds = w.filing.materials.filter(tolerable=True).first()
    w.do(filings.promise_gap, funds, signed=True, reason="银行月底出具", by=people.enterprise)
    w.hand_in()
    w.accept()
    page, said = followed(w)
    (gap,) = said["gaps"]
    assert gap["material"] == funds.name
    assert gap["limit"]["due_at"]
    assert said["materials"]["gaps"] == 1
    assert "银行月底出具" not in page

    w.past(Gap.objects.get(filing=w.pk).due_at)
    page, said = followed(w)
    assert said["suspended_since"]
    assert said["waiting"] == {
        "whose": "企业",
        "what": "补齐容缺材料；补齐并经窗口核验后恢复办理",
    }
    assert "起中止办理" in page
    assert any(step["state"] == "stopped" for step in said["steps"])


def test_a_demonstration_case_says_that_it_is_one(received):
    assert '<span class="tag">示例数据</span>' not in followed(received)[0]
    Filing.objects.filter(pk=received.pk).update(demonstration=True)
    page, said = followed(received)
    assert '<span class="tag">示例数据</span>' in page
    assert said["demonstration"] is True


def test_it_is_answered_in_english_too(received):
    with clock.driven(received.now):
        client = Client()
        client.post(reverse("set_language"), {"language": "en"})
        page = client.post(PAGE, words(received)).content.decode()
    assert "Waiting for:" in page
    assert "Receipt with list of materials" in page
