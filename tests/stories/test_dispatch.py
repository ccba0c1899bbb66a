"""An accepted file goes to every department of its list the same moment; each signs for it, or the window brings it.

Accepted on Friday, 13 April 2018: the one working day to sign for it is Monday, the 16th.
"""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from approvals import services as filings
from approvals.stages import Channel, Stage
from core import clock
from desk.queries.work import waiting_for
from inspection.services.archive_content import kept_by_the_county, members_of
from prereview import services as sessions
from prereview.models import Dispatch, DispatchAttempt, Opinion
from prereview.queries.dispatches import dispatches_of, to_serve, to_sign
from prereview.stages import Position
from tests.api.programs import Program
from tests.conftest import instant
from tests.prereview.page import Page
from tests.standing import standing
from tests.stories.telling import event, evidence, however_swept, refused, sound, told
from tests.walk import acts, png, walk

pytestmark = pytest.mark.django_db
LIMIT = instant("2018-04-17 00:00")
AFTER = timedelta(minutes=5)
LIST = ["QXJ", "XFD", "ZJJ", "ZRJ"]  # of the plain project; the brigade reviews beside another
SLIP = {"channel": Channel.PAPER, "received_by": "孙示例"}


def _received(people):
    w = walk(people, instant("2018-04-12 09:00"), to=Stage.RECEIVED)
    w.until(instant("2018-04-13 09:00"))
    return w


def _accepted(people):
    w = _received(people)
    w.accept(unsigned=LIST)
    return w


walked, accepted = standing(_accepted)


def sent(w, code="QXJ"):
    return w.filing.dispatches.get(department__code=code)


def record(w, code="QXJ"):
    rows = sent(w, code).attempts.values_list("channel", "received", "receiver", "witness", "note")
    return [tuple(row) for row in rows]


def tasks(person, w):
    with clock.driven(w.now):
        return [row for row in waiting_for(person, w.now) if "分送件" in row.title]


# — sent —————————————————————————————————————————————————————————————————————————————


def test_the_file_goes_to_every_department_the_moment_it_is_accepted(accepted, people):
    w = accepted
    rows = list(w.filing.dispatches.values_list("department__code", "sent_at", "due_at"))
    assert rows == [(code, w.filing.accepted_at, LIMIT) for code in LIST]
    assert evidence(w.filing.book, "dispatch") == {"channel": "system", "departments": LIST}
    for code in LIST:
        assert record(w, code) == [(Channel.SYSTEM, False, "", "", "")]
        assert len(told(people.department(code), "已分送")) == 1
    assert told(people.head("QXJ"), "已分送") == told(people.department("QXJ"), "已分送")
    # Who has nothing to do with it is sent nothing, and who filed it hears of the acceptance.
    assert told(people.department("SLJ"), "已分送") == []
    assert told(people.enterprise, "已分送") == []


def test_before_the_acceptance_and_where_it_is_refused_nothing_is_sent(people):
    w = _received(people)
    w.check_materials()
    assert not w.filing.dispatches.exists()
    w.do(filings.refuse, w.filing, reason="不属于承诺制适用范围", by=people.window)
    assert not w.filing.dispatches.exists()


def test_what_is_accepted_by_silence_is_sent_once_however_it_is_swept(people, at):
    w = walk(people, at("2018-04-12 09:00"), to=Stage.RECEIVED)
    deemed = w.filing.limits.get(rule="1").due_at
    however_swept(w, at("2018-04-20 09:00"))
    w.sweep()
    w.sweep()
    assert w.filing.accepted_by_silence
    assert acts(w.filing.book).count("dispatch") == 1
    assert event(w.filing.book, "dispatch") == deemed
    rows = list(w.filing.dispatches.values_list("department__code", "sent_at"))
    assert rows == [(code, deemed) for code in LIST]
    tries = DispatchAttempt.objects.filter(dispatch__filing=w.pk)
    assert set(tries.values_list("served_by__role", flat=True)) == {"system"}


def test_the_database_wants_one_dispatch_for_a_department(accepted):
    one = sent(accepted)
    with pytest.raises(IntegrityError), transaction.atomic():
        Dispatch.objects.create(
            filing=one.filing, department=one.department, book=one.book, sent_at=one.sent_at
        )


# — signed for ———————————————————————————————————————————————————————————————————————


def test_the_department_signs_once_and_nobody_else_does(accepted, people):
    w = accepted
    for wrong in (people.department("ZJJ"), people.window, people.convenor, people.enterprise):
        with refused(error=PermissionDenied):
            w.do(sessions.acknowledge_dispatch, sent(w), by=wrong)
    assert [row.title for row in tasks(people.department("QXJ"), w)] == ["签收分送件（1件）"]
    assert "改用第二种方式送达" in tasks(people.department("QXJ"), w)[0].silence
    w.do(sessions.acknowledge_dispatch, sent(w), by=people.department("QXJ"))
    signed = sent(w).acknowledged_at
    w.do(sessions.acknowledge_dispatch, sent(w), by=people.head("QXJ"))
    assert sent(w).acknowledged_at == signed == sent(w).ended_at
    assert sent(w).acknowledged_by == people.department("QXJ")
    assert record(w)[1:] == [(Channel.SYSTEM, True, "", "", "")]
    assert acts(w.filing.book).count("acknowledge_dispatch") == 1
    assert tasks(people.department("QXJ"), w) == []
    # Who signed is left alone when the limit passes.
    w.until(LIMIT + AFTER)
    assert "QXJ" not in evidence(w.filing.book, "dispatch_unsigned")["departments"]


def test_signing_for_all_is_one_act_of_the_department(accepted, people):
    w = accepted
    other = walk(people, w.now, to=Stage.RECEIVED, project_code="2018-140722-13-03-000002")
    other.accept(unsigned=LIST)
    w.now = other.now
    both = [sent(w, "ZJJ"), sent(other, "ZJJ")]
    with refused(error=PermissionDenied):
        w.do(sessions.acknowledge_dispatches, both, by=people.window)
    # Another department's files are not its to sign for, whatever it asks.
    strange = [sent(w), *both]
    done = w.do(sessions.acknowledge_dispatches, strange, by=people.department("ZJJ"))
    assert {one.filing_id for one in done} == {w.pk, other.pk}
    assert sent(w, "ZJJ").proven
    assert sent(other, "ZJJ").proven
    assert not sent(w, "QXJ").proven
    assert w.do(sessions.acknowledge_dispatches, both, by=people.department("ZJJ")) == []
    assert sound()


# — not signed for ———————————————————————————————————————————————————————————————————


def test_unsigned_at_its_limit_the_window_has_it_and_is_told_once_of_all(accepted, people):
    w = accepted
    w.do(sessions.acknowledge_dispatch, sent(w, "ZJJ"), by=people.department("ZJJ"))
    w.now = LIMIT
    w.sweep()
    assert tasks(people.window, w) == []  # at the limit itself the signature is still in time
    w.until(LIMIT + AFTER)
    w.sweep()
    assert event(w.filing.book, "dispatch_unsigned") == LIMIT
    assert evidence(w.filing.book, "dispatch_unsigned") == {"departments": ["QXJ", "XFD", "ZRJ"]}
    assert acts(w.filing.book).count("dispatch_unsigned") == 1
    assert sent(w).second_channel_at == LIMIT
    for person in (people.window, people.convenor):
        assert len(told(person, "未签收分送件")) == 1
    (row,) = tasks(people.window, w)
    assert row.title.startswith("用第二种方式送达分送件：")
    assert row.url.endswith(f"/cases/{w.filing.public_id}/#dispatches")
    # It is on the department's own list as before: it may sign as long as nobody has brought it.
    assert len(tasks(people.department("QXJ"), w)) == 1
    # The case itself goes on without it.
    assert w.filing.stage == Stage.ACCEPTED


def test_however_it_is_swept_the_same_comes_of_it(accepted, people, at):
    w = accepted
    however_swept(w, at("2018-04-18 09:00"))
    assert set(w.filing.dispatches.values_list("second_channel_at", flat=True)) == {LIMIT}


@pytest.mark.parametrize(
    "wrong",
    [
        {"channel": Channel.SYSTEM, "received_by": "孙示例", "upload": png},
        {"channel": Channel.PHONE, "received_by": "孙示例", "upload": png},
        {"channel": Channel.PHONE, "received_by": "孙示例", "witness": "孙示例", "upload": png},
        {"channel": Channel.PAPER, "received_by": "孙示例"},
        {"channel": Channel.PAPER, "received_by": " ", "upload": png},
        {"channel": Channel.PHONE, "received": False, "witness": "钱示例", "note_text": " "},
    ],
    ids=["no hand", "alone", "who answered", "no slip", "nobody", "no word of what happened"],
)
def test_service_by_hand_that_proves_nothing_is_refused(accepted, people, wrong):
    w = accepted
    hand = {key: value() if callable(value) else value for key, value in wrong.items()}
    with refused(error=ValidationError):
        w.do(sessions.serve_dispatch_by_second_channel, sent(w), by=people.window, **hand)


def test_the_window_brings_it_and_the_record_says_how(accepted, people):
    w = accepted
    w.until(LIMIT + AFTER)
    serve = sessions.serve_dispatch_by_second_channel
    with refused(error=PermissionDenied):
        w.do(serve, sent(w), by=people.department("QXJ"), upload=png(), **SLIP)
    w.do(
        serve, sent(w), channel=Channel.PHONE, received=False, witness="钱示例", note_text="无人接听",
        by=people.window,
    )  # fmt: skip
    assert not sent(w).proven
    w.do(serve, sent(w), by=people.window, upload=png(), **SLIP)
    assert record(w)[1:] == [
        (Channel.PHONE, False, "", "钱示例", "无人接听"),
        (Channel.PAPER, True, "孙示例", "", ""),
    ]
    assert acts(w.filing.book)[-2:] == ["dispatch_failed", "serve_dispatch"]
    with refused("已签收"):
        w.do(serve, sent(w), by=people.window, upload=png(), **SLIP)
    # The department's click afterwards changes nothing of it.
    w.do(sessions.acknowledge_dispatch, sent(w), by=people.department("QXJ"))
    assert (sent(w).channel, sent(w).received_by) == (Channel.PAPER, "孙示例")
    assert tasks(people.department("QXJ"), w) == []
    assert "气象" not in tasks(people.window, w)[0].title


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_keeps_the_record(accepted, change):
    rows = DispatchAttempt.objects.filter(dispatch=sent(accepted))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.update(moment=LIMIT) if change == "update" else rows.delete()


# — nobody is dunned for what is past ————————————————————————————————————————————————


def test_a_case_that_has_ended_asks_for_no_signature(accepted, people):
    w = accepted
    w.do(filings.withdraw, w.filing, reason="另行选址", by=people.enterprise)
    assert tasks(people.department("QXJ"), w) == []
    with refused("不需要再签收"):
        w.do(sessions.acknowledge_dispatch, sent(w), by=people.department("QXJ"))
    with refused("不需要再签收"):
        w.do(
            sessions.serve_dispatch_by_second_channel,
            sent(w),
            by=people.window,
            upload=png(),
            **SLIP,
        )
    w.until(LIMIT + AFTER)
    assert "dispatch_unsigned" not in acts(w.filing.book)
    assert told(people.window, "未签收分送件") == []
    assert (sent(w).ended_at, sent(w).second_channel_at) == (LIMIT, None)
    assert tasks(people.window, w) == []


def test_who_has_spoken_on_the_case_is_asked_for_no_signature(accepted, people):
    w = accepted
    w.until(LIMIT + AFTER)
    w.call_survey()
    w.hold(w.survey, silent=["QXJ"])
    # Signing for the summons and being there is no signature for the file, but an opinion shows that it was had.
    assert len(tasks(people.department("QXJ"), w)) == 1
    assert tasks(people.department("ZJJ"), w) == []
    assert not sent(w, "ZJJ").proven
    assert tasks(people.window, w)[0].title == "用第二种方式送达分送件：气象局"


# — what it proves ———————————————————————————————————————————————————————————————————


def test_a_default_shows_how_the_file_was_sent_and_signed_for(people, at):
    w = _received(people)
    w.accept(unsigned=["QXJ"])
    w.until(LIMIT + AFTER)
    w.do(sessions.serve_dispatch_by_second_channel, sent(w), by=people.window, upload=png(), **SLIP)
    w.to(Stage.PREREVIEWING)
    w.call_meeting()
    w.hold(w.meeting, silent=["QXJ"])
    w.until(at("2018-05-15 09:00"))
    opinion = Opinion.objects.get(slot=w.slot("QXJ", "C03"))
    assert opinion.position == Position.DEEMED_TIMEOUT
    proof = opinion.proof["dispatch"]
    assert (proof["channel"], proof["acknowledged_by"]) == (Channel.PAPER, "孙示例")
    assert [one["received"] for one in proof["attempts"]] == [False, True]
    assert proof["service_file"] == sent(w).proof.sha256
    page = Page(people.supervisor, w).says("proof", opinion.slot_id)
    assert "分送签收" in page
    assert "孙示例" in page


def test_the_bundle_that_all_departments_fetch_holds_only_the_digest_of_its_slip(people):
    w = _received(people)
    w.accept(unsigned=["QXJ"])
    w.until(LIMIT + AFTER)
    w.do(sessions.serve_dispatch_by_second_channel, sent(w), by=people.window, upload=png(), **SLIP)
    slip = sent(w).proof.sha256

    assert slip not in [member.sha256 for member in members_of(w.filing, w.now)]
    assert slip in [one["sha256"] for one in kept_by_the_county(w.filing)]


# — pages and programs ———————————————————————————————————————————————————————————————


def case_page(person, w, language="zh-hans"):
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    with clock.driven(w.now):
        return client.get(reverse("desk:case", args=[w.filing.public_id])).content.decode()


def test_the_case_shows_each_dispatch_to_those_whom_it_concerns(accepted, people):
    w = accepted
    w.do(sessions.acknowledge_dispatch, sent(w, "ZJJ"), by=people.department("ZJJ"))
    page = case_page(people.window, w)
    assert page.count(reverse("prereview:serve_dispatch", args=[sent(w).pk])) == 1
    assert str(people.department("ZJJ").user) in page.partition('id="dispatches"')[2]
    own = case_page(people.department("QXJ"), w).partition('id="dispatches"')[2]
    assert reverse("prereview:sign_dispatch", args=[sent(w).pk]) in own
    assert reverse("prereview:sign_dispatch", args=[sent(w, "ZRJ").pk]) not in own
    assert "未签收的，改用第二种方式送达。" in own
    assert 'id="dispatches"' not in case_page(people.enterprise, w)
    english = case_page(people.window, w, "en").partition('id="dispatches"')[2]
    assert "File sent" in english
    assert "it is served by a second channel" in english.partition("</section>")[0]


def test_a_department_signs_on_its_pages(accepted, people):
    w = accepted
    page = Page(people.department("QXJ"), w)
    assert "示例小杂粮加工项目" in page.says("sign_dispatches")
    assert reverse("prereview:sign_file", args=[w.filing.public_id]) in case_page(
        people.department("QXJ"), w
    )
    assert "未签收的，改用第二种方式送达" in page.says("sign_file", w.filing.public_id)
    assert Page(people.window, w).get("sign_file", w.filing.public_id).status_code == 404
    assert page.post("sign_dispatch", sent(w, "ZJJ").pk).status_code == 404
    assert page.post("serve_dispatch", sent(w).pk).status_code == 403
    assert page.post("sign_file", w.filing.public_id).status_code == 302
    assert sent(w).proven
    assert page.post("sign_dispatch", sent(w).pk).status_code == 302  # said twice
    assert reverse("prereview:sign_file", args=[w.filing.public_id]) not in case_page(
        people.department("QXJ"), w
    )
    assert Page(people.window, w).get("sign_dispatches").status_code == 403
    land = Page(people.department("ZRJ"), w)
    assert land.post("sign_dispatches").status_code == 422
    assert land.post("sign_dispatches", chosen=[sent(w).pk]).status_code == 422
    assert land.post("sign_dispatches", chosen=[sent(w, "ZRJ").pk]).status_code == 302
    assert sent(w, "ZRJ").acknowledged_by == people.department("ZRJ")
    assert "没有待签收的分送件" in land.says("sign_dispatches")


def test_the_window_serves_on_its_page_and_the_slip_is_not_for_everybody(accepted, people):
    w = accepted
    window = Page(people.window, w)
    assert window.post("serve_dispatch", sent(w).pk, channel="paper").status_code == 422
    done = window.post("serve_dispatch", sent(w).pk, received="yes", upload=png(), **SLIP)
    assert done.status_code == 302
    assert window.post("serve_dispatch", sent(w).pk, upload=png(), **SLIP).status_code == 409

    def slip(person):
        client = Client()
        client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
        with clock.driven(w.now):
            found = client.get(reverse("approvals:attachment", args=[sent(w).proof_id]))
        found.getvalue()
        return found.status_code

    assert slip(people.window) == slip(people.supervisor) == slip(people.department("QXJ")) == 200
    assert slip(people.department("ZJJ")) == slip(people.enterprise) == 404


def test_programs_read_sign_and_serve(accepted, people, client):
    w = accepted
    with clock.driven(w.now):
        department = Program(client, people.department("QXJ"))
        listed = department.get("dispatches/").json()["results"]
        assert [row["id"] for row in listed] == [sent(w).pk]
        assert listed[0]["limit"]["due_at"].startswith("2018-04-17T00:00")
        assert department.post(f"dispatches/{sent(w, 'ZJJ').pk}/acknowledge/").status_code == 404
        assert department.post(f"dispatches/{sent(w).pk}/serve/", SLIP).status_code == 403
        first = department.post(f"dispatches/{sent(w).pk}/acknowledge/", key="0123456789abcdef")
        again = department.post(f"dispatches/{sent(w).pk}/acknowledge/", key="0123456789abcdef")
        assert first.json() == again.json()
        assert first.json()["attempts"][1]["received"]
        window = Program(client, people.window)
        assert window.post(f"dispatches/{sent(w, 'ZJJ').pk}/serve/", SLIP).status_code == 422
        body = {**SLIP, "upload": png()}
        served = window.post(f"dispatches/{sent(w, 'ZJJ').pk}/serve/", body, files=True)
        assert (served.status_code, served.json()["received_by"]) == (200, "孙示例")
        waiting = window.get("dispatches/", {"filing": w.filing.public_id, "waiting": "true"})
        assert [row["department"]["code"] for row in waiting.json()["results"]] == ["ZRJ", "XFD"]
        whole = window.get(f"filings/{w.filing.public_id}/").json()
        assert [row["department"]["code"] for row in whole["dispatches"]] == LIST
        assert department.get(f"filings/{w.filing.public_id}/").json()["dispatches"] == [
            first.json()
        ]
        assert Program(client, people.enterprise).get("dispatches/").json()["results"] == []


def test_the_lists_ask_as_many_questions_for_two_cases_as_for_one(
    accepted, people, django_assert_num_queries
):
    w = accepted
    w.until(LIMIT + AFTER)

    clerk, filing = people.department("QXJ"), w.filing

    def asked(cases):
        with django_assert_num_queries(4):
            assert len(to_sign(clerk)) == cases
            assert len(to_serve()) == cases * len(LIST)
            assert len(dispatches_of(filing, people.window)) == len(LIST)

    asked(1)
    other = walk(people, w.now, to=Stage.RECEIVED, project_code="2018-140722-13-03-000002")
    other.accept(unsigned=LIST)
    other.morning(3)
    asked(2)
