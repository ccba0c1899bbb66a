"""代办授权到期: an agent acts until the last day; a day later every door says why it is shut, and nothing is lost."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from approvals import services
from approvals.models import Filing
from approvals.stages import Power, Stage
from core import clock
from core.deadlines.queries import calendar_at
from core.notify.models import Message
from desk.queries.timeline import timeline
from desk.queries.work import waiting_for
from desk.services.reminders import remind
from tests.approvals.browse import text
from tests.conftest import instant
from tests.standing import standing
from tests.stories.telling import refused
from tests.walk import pdf, walk

pytestmark = pytest.mark.django_db
GRANTED = instant("2018-03-05 10:00")
LAST = instant("2018-03-16 00:00").date()
ON_THE_LAST_DAY = instant("2018-03-16 23:58")
AFTER_MIDNIGHT = instant("2018-03-17 00:01")


def way(people):
    w = walk(people, instant("2018-03-05 09:00"), to=Stage.DRAFT)
    services.grant_authority(
        w.filing, agent=people.other_enterprise, valid_from=GRANTED.date(), valid_to=LAST,
        powers=(Power.FILL,), upload=pdf("授权委托书.pdf"), by=people.enterprise, at=GRANTED,
    )  # fmt: skip
    return w


walked, case = standing(way)


class Desk:
    """The agent's browser, at an instant."""

    def __init__(self, person):
        self.client = Client()
        self.client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")

    def get(self, at, name, filing, *more):
        with clock.driven(at):
            return self.client.get(reverse(name, args=[filing.public_id, *more]))

    def post(self, at, name, filing, **data):
        with clock.driven(at):
            return self.client.post(reverse(name, args=[filing.public_id]), data)


def project(filing, **changed):
    shown = {
        "project_name": filing.project_name, "project_code": filing.project_code,
        "site": filing.site_id, "site_detail": filing.site_detail, "scale": filing.scale,
        "investment_wan": "1200", "land_mu": "18.5", "planned_start": "2018-06-01",
    }  # fmt: skip
    return {**shown, **changed}


def test_until_the_last_minute_of_the_last_day_the_agent_works(case):
    desk, agent = Desk(case.people.other_enterprise), case.people.other_enterprise

    assert desk.get(ON_THE_LAST_DAY, "desk:case", case.filing).status_code == 200
    saved = desk.post(
        ON_THE_LAST_DAY,
        "approvals:project",
        case.filing,
        **project(case.filing, scale="改过的规模"),
    )

    assert saved.status_code == 302, text(saved)
    assert case.filing.scale == "改过的规模"
    with clock.driven(ON_THE_LAST_DAY):
        rows = [f"{row.title} {row.sub}" for row in waiting_for(agent, ON_THE_LAST_DAY)]
    assert any("补全并申报" in row and "代办：示例新材料有限公司" in row for row in rows)


def test_a_minute_later_every_door_is_shut_and_says_why_and_who_can_open_it(case):
    desk = Desk(case.people.other_enterprise)
    for name in ("desk:case", "approvals:questionnaire", "approvals:project", "approvals:submit"):
        page = desk.get(AFTER_MIDNIGHT, name, case.filing)
        assert page.status_code == 403, name
        assert "2018年3月16日届满" in text(page)
        assert "由示例新材料有限公司重新授权" in text(page)
        assert "县管理员" not in text(page), (
            "who can open the door again is the enterprise, and nobody else"
        )
    listed = desk.client
    with clock.driven(AFTER_MIDNIGHT):
        page = listed.get(reverse("approvals:list"))
        assert case.filing.project_name not in text(page)
        assert waiting_for(case.people.other_enterprise, AFTER_MIDNIGHT) == []


def test_what_was_typed_over_midnight_is_refused_and_not_lost(case):
    desk, before = Desk(case.people.other_enterprise), case.filing.scale
    assert desk.get(ON_THE_LAST_DAY, "approvals:project", case.filing).status_code == 200

    page = desk.post(
        AFTER_MIDNIGHT,
        "approvals:project",
        case.filing,
        **project(case.filing, scale="半夜写好的一段"),
    )

    assert page.status_code == 403
    assert "届满" in text(page)
    assert text(page).count("半夜写好的一段") == 2  # for the eye, and to be sent again
    assert case.filing.scale == before


def test_renewed_the_same_words_are_sent_again_and_taken(case):
    desk, people = Desk(case.people.other_enterprise), case.people
    typed = project(case.filing, scale="半夜写好的一段")
    assert desk.post(AFTER_MIDNIGHT, "approvals:project", case.filing, **typed).status_code == 403
    services.grant_authority(
        case.filing, agent=people.other_enterprise, valid_from=AFTER_MIDNIGHT.date(),
        valid_to=AFTER_MIDNIGHT.date() + timedelta(days=30), upload=pdf(), by=people.enterprise,
        at=AFTER_MIDNIGHT,
    )  # fmt: skip

    later = AFTER_MIDNIGHT + timedelta(hours=9)
    assert desk.post(later, "approvals:project", case.filing, **typed).status_code == 302
    assert case.filing.scale == "半夜写好的一段"


def test_the_service_judges_the_day_of_the_act_and_not_of_the_clock(case):
    agent = case.people.other_enterprise
    with clock.driven(ON_THE_LAST_DAY), refused("已于2018年3月16日届满", PermissionDenied):
        services.submit(case.filing, by=agent, at=AFTER_MIDNIGHT)
    with clock.driven(AFTER_MIDNIGHT):
        filing = services.submit(case.filing, by=agent, at=ON_THE_LAST_DAY)
    assert filing.stage == Stage.SUBMITTED


def test_a_program_hears_the_same(case):
    client = Client()
    user = case.people.other_enterprise.user
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    with clock.driven(AFTER_MIDNIGHT):
        address = f"/api/v1/filings/{case.filing.public_id}/"
        answers = [
            client.get(address),
            client.post(
                f"{address}submit/", content_type="application/json",
                headers={"Idempotency-Key": "agent-after-midnight-1"},
            ),
        ]  # fmt: skip
    for answer in answers:
        assert answer.status_code == 403
        assert "届满" in answer.json()["reasons"][0]


def test_both_are_reminded_before_the_end_and_once(case):
    calendar = calendar_at(GRANTED)
    early = calendar.add_working(GRANTED.date(), 1)
    near = calendar.add_working(early, 5)
    for day in (early, near, near):
        with clock.driven(instant(f"{day} 09:00")):
            remind(instant(f"{day} 09:00"))
    said = Message.objects.filter(subject__contains="次日起不能再代办")
    assert {one.to for one in said} == {case.people.enterprise, case.people.other_enterprise}
    assert all(one.created_at.date() == near for one in said)
    assert all("no longer" in one.subject_en or "cannot act" in one.subject_en for one in said)


def test_the_history_says_for_whom_the_agent_acted(case):
    agent = case.people.other_enterprise
    services.submit(case.filing, by=agent, at=ON_THE_LAST_DAY)

    entries = timeline(case.filing, {}, case.people.enterprise)

    assert entries[0]["act"] == "申报"
    assert entries[0]["organisation"] == "示例食品有限公司（代办：示例新材料有限公司）"
    page = Desk(case.people.enterprise).get(ON_THE_LAST_DAY, "desk:case", case.filing)
    assert "钱示例乙" in text(page)
    assert "到2018年3月16日为止" in text(page)


def test_the_enterprise_reads_on_its_case_that_the_authority_is_over_and_may_renew_it(case):
    people = case.people
    own = Desk(people.enterprise)
    assert "届满" not in text(own.get(ON_THE_LAST_DAY, "desk:case", case.filing))
    said = text(own.get(AFTER_MIDNIGHT, "desk:case", case.filing))
    assert "授权已于2018年3月16日届满，不能再代办" in said
    assert "重新授权" in said

    services.grant_authority(
        case.filing, agent=people.other_enterprise, valid_from=AFTER_MIDNIGHT.date(),
        valid_to=AFTER_MIDNIGHT.date() + timedelta(days=30), upload=pdf(), by=people.enterprise,
        at=AFTER_MIDNIGHT,
    )  # fmt: skip
    later = AFTER_MIDNIGHT + timedelta(hours=9)
    assert "届满" not in text(own.get(later, "desk:case", case.filing))
    with clock.driven(later):
        one = case.filing.authorities.last()
        services.end_authority(one, reason="另请他人", by=people.enterprise, at=later)
    assert "终止，不能再代办" in text(own.get(later, "desk:case", case.filing))


def test_a_stranger_still_finds_nothing(case):
    Filing.objects.get(pk=case.pk).authorities.all().delete()  # never named: not a word of the case
    page = Desk(case.people.other_enterprise).get(AFTER_MIDNIGHT, "desk:case", case.filing)
    assert page.status_code == 404
