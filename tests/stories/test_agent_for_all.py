"""代办全部申报件: one document for all filings, those to come too; it runs out amid one, or is taken back."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from approvals import services
from approvals.models import Authority, Filing
from approvals.queries.people import enterprise_side
from approvals.stages import Power, Stage
from core import clock
from core.ledger.models import Book
from core.notify.models import Message
from desk.queries.people_of_case import people_of_case
from desk.services.reminders import remind
from tests.approvals.browse import Browser, text
from tests.conftest import instant
from tests.stories.telling import refused
from tests.walk import acts, pdf, png, walk

pytestmark = pytest.mark.django_db
START = instant("2018-03-05 09:00")


def grant(w, *powers, **other):
    today = w.now.date()
    given = {
        "agent": w.people.other_enterprise,
        "valid_from": today,
        "valid_to": today + timedelta(days=60),
        "powers": powers or (Power.FILL,),
        "upload": pdf("总授权委托书.pdf"),
        "by": w.people.enterprise,
        **other,
    }
    with clock.driven(w.now):
        return services.grant_for_all(at=w.now, **given)


@pytest.fixture
def case(people):
    return walk(people, START, to=Stage.LISTED)


def test_refusals(case):
    for who in ("window", "supervisor"):
        with refused(error=PermissionDenied):
            grant(case, by=getattr(case.people, who))
    with refused("不用授权", ValidationError):
        grant(case, agent=case.people.enterprise)
    with refused("不能代办", ValidationError):
        grant(case, agent=case.people.window)
    with refused("不能倒签", ValidationError):
        grant(case, valid_from=case.now.date() - timedelta(days=1))
    with refused("须特别授权", ValidationError):
        grant(case, Power.SIGN, upload=None)
    made = grant(case)
    with refused("请先终止", ValidationError):
        grant(case)
    for wrong in ({"enterprise": None}, {"filing": case.filing}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Authority.objects.filter(pk=made.pk).update(**wrong)


def test_it_is_for_present_and_future_filings_of_that_enterprise_and_no_other(case):
    grant(case, Power.FILL, Power.RECEIVE)
    agent = case.people.other_enterprise
    with clock.driven(case.now):
        later = services.open_draft(by=case.people.enterprise, at=case.now)
        seen = set(Filing.objects.visible_to(agent))
        assert {case.filing, later} <= seen
        services.save_project(later, project_name="示例二期", by=agent, at=case.now)
        services.acknowledge_checklist(case.filing, by=agent, at=case.now)
        assert agent in enterprise_side(later, case.now.date())
        with refused("授权只包括：填报和提交、签收送达", PermissionDenied):
            services.withdraw(case.filing, reason="不办了", by=agent, at=case.now)
    book = Book.objects.get(code=f"enterprise:{case.people.enterprise.organisation.code}")
    assert acts(book) == ["grant_authority"]


def test_with_one_for_a_single_filing_the_powers_add_up(case):
    grant(case, Power.FILL)
    with clock.driven(case.now):
        services.grant_authority(
            case.filing, agent=case.people.other_enterprise, valid_from=case.now.date(),
            valid_to=case.now.date(), powers=(Power.RECEIVE,), upload=pdf(), by=case.people.enterprise, at=case.now,
        )  # fmt: skip
        held = case.filing.powers_of(case.people.other_enterprise)
    assert held == {Power.FILL, Power.RECEIVE}


def test_it_runs_out_in_the_middle_of_a_case_and_the_door_says_why(people):
    case = walk(people, START, to=Stage.COMMITTING)
    last = case.now.date()
    grant(case, *Power.values, valid_to=last)
    with clock.driven(case.now):
        remind(case.now)
    told = Message.objects.filter(subject__contains="全部申报件）到")
    assert {m.to for m in told} == {people.enterprise, people.other_enterprise}
    case.morning(1)
    agent = Browser(people.other_enterprise, case.now)
    page = agent.get("sign", case.filing.public_id)
    assert page.status_code == 403
    assert "届满" in text(page)
    with refused("届满", PermissionDenied):
        services.sign_letter(case.filing, upload=png(), by=people.other_enterprise, at=case.now)
    with clock.driven(case.now):
        assert not Filing.objects.visible_to(people.other_enterprise).filter(pk=case.pk).exists()
    case.do(services.sign_letter, case.filing, upload=png(), by=people.enterprise)


def test_taken_back_or_laid_down_it_ends_at_once_in_every_filing(case):
    made = grant(case, *Power.values)
    with refused(error=PermissionDenied):
        services.end_authority(made, reason="换人", by=case.people.window, at=case.now)
    with clock.driven(case.now):
        services.end_authority(made, reason="换人办理", by=case.people.enterprise, at=case.now)
    with refused("终止（换人办理）", PermissionDenied):
        services.acknowledge_checklist(case.filing, by=case.people.other_enterprise, at=case.now)
    with refused("已经终止或者届满"):
        services.end_authority(made, reason="再来", by=case.people.enterprise, at=case.now)
    again = grant(case)
    services.end_authority(again, reason="不办了", by=case.people.other_enterprise, at=case.now)
    assert Authority.objects.filter(ended_at=None).count() == 0


def test_it_is_shown_wherever_single_ones_are_and_its_letter_to_the_parties_and_the_window(case):
    made = grant(case)
    department = case.people.department("ZJJ")
    with clock.driven(case.now):
        assert people_of_case(case.filing, case.people.window, case.now)["agents"] == [made]
    for person in (case.people.window, case.people.other_enterprise, case.people.enterprise):
        page = text(Browser(person, case.now).get("people", case.filing.public_id))
        assert "代办全部申报件" in page
        assert "总授权委托书.pdf" in page
        assert Browser(person, case.now).get("attachment", made.scan_id).status_code == 200
    assert Browser(department, case.now).get("attachment", made.scan_id).status_code == 404


def test_given_and_ended_on_a_page(case):
    own, known = Browser(case.people.enterprise, case.now), case.people.other_enterprise
    assert Browser(case.people.window, case.now).get("agents").status_code == 403
    form = {
        "username": known.user.username, "uscc": known.organisation.uscc, "valid_from": case.now.date(),
        "valid_to": "2018-12-20", "powers": ["fill"],
    }  # fmt: skip
    assert own.post("agents", **form).status_code == 422
    page = own.post("agents", **{**form, "username": "x"}, upload=pdf())
    assert page.status_code == 422
    assert "没有找到这样的代办人" in text(page)
    assert own.post("agents", **form, upload=pdf()).status_code == 302
    assert "2018年12月20日" in text(own.get("agents"))
    assert f'value="{case.now.date()}"' in own.get("agents").content.decode()  # it begins today
    made = Authority.objects.get()
    agent = Browser(known, case.now)
    assert "为示例新材料有限公司代办" in text(agent.get("agents"))
    assert own.post("end_agent", made.pk).status_code == 422
    assert agent.post("end_agent", made.pk, reason="不办了").status_code == 302
    assert own.post("end_agent", made.pk, reason="再来").status_code == 409
    assert own.get("end_agent", made.pk + 1).status_code == 404
