"""移交: who is responsible for a case changes within one office, with a reason, and both are told."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from accounts.models import Membership, User
from approvals import services
from approvals.models import HandOver
from approvals.queries.people import responsible
from approvals.stages import Side, Stage
from core.notify.models import Message
from desk.queries.timeline import timeline
from tests.approvals.browse import Browser, text
from tests.conftest import instant
from tests.standing import standing
from tests.stories.telling import refused
from tests.walk import acts, pdf, walk

pytestmark = pytest.mark.django_db
walked, case = standing(lambda people: walk(people, instant("2018-03-05 09:00"), to=Stage.RECEIVED))


def colleague(of, name="colleague", *, active=True, **valid):
    user = User.objects.create(username=name, name="孙示例丙", is_active=active)
    return Membership.objects.create(
        user=user, organisation=of.organisation, role=of.role,
        **{"valid_from": of.valid_from, **valid},
    )  # fmt: skip


def hand(w, receiver, by, reason="休假"):
    return services.hand_over(w.filing, receiver=receiver, reason=reason, by=by, at=w.now)


@pytest.mark.parametrize("who", ["other_enterprise", "supervisor", "administrator"])
def test_who_is_of_neither_side_hands_nothing_over(case, who):
    with refused(error=PermissionDenied):
        hand(case, colleague(case.people.enterprise), getattr(case.people, who))


def test_without_a_reason_not(case):
    with refused("请写明理由", ValidationError):
        hand(case, colleague(case.people.enterprise), case.people.enterprise, reason=" ")


def test_not_to_another_office(case):
    for by, receiver in (
        (case.people.enterprise, case.people.other_enterprise),
        (case.people.enterprise, case.people.window),
        (case.people.window, case.people.department("ZJJ")),
        (case.people.window, case.people.enterprise),
    ):
        with refused("只能移交给本单位的同事", ValidationError):
            hand(case, receiver, by)


def test_not_to_somebody_who_left(case):
    gone = colleague(case.people.window, valid_to=case.now.date() - timedelta(days=1))
    with refused("已经离任", ValidationError):
        hand(case, gone, case.people.window)
    with refused("已经离任", ValidationError):
        hand(case, colleague(case.people.window, "off", active=False), case.people.window)


def test_not_to_who_has_it(case):
    with refused("已经由他负责", ValidationError):
        hand(case, case.people.enterprise, case.people.enterprise)


def test_not_after_the_end(case):
    services.withdraw(case.filing, reason="不建了", by=case.people.enterprise, at=case.now)
    with refused("已经终结"):
        hand(case, colleague(case.people.window), case.people.window)


def test_within_the_enterprise_and_to_its_agent_while_the_authority_holds(case):
    enterprise, agent = case.people.enterprise, case.people.other_enterprise
    new = colleague(enterprise)

    made = hand(case, new, enterprise)

    assert (made.giver, made.receiver) == (enterprise, new)
    assert responsible(case.filing, Side.ENTERPRISE) == new
    assert acts(case.filing.book)[-1] == "hand_over"
    assert {m.to for m in Message.objects.filter(subject__contains="接手")} == {enterprise, new}
    services.grant_authority(
        case.filing, agent=agent, valid_from=case.now.date(), valid_to=case.now.date(),
        upload=pdf(), by=enterprise, at=case.now,
    )  # fmt: skip
    assert hand(case, agent, enterprise).giver == new


def test_within_the_window_on_the_page_and_the_case_says_who(case):
    new = colleague(case.people.window)
    browser = Browser(case.people.window, case.now)
    page = browser.get("hand_over", case.filing.public_id)
    assert "孙示例丙" in text(page)
    assert case.people.enterprise.user.name not in text(page)
    sent = browser.post("hand_over", case.filing.public_id, receiver=new.pk, reason="岗位调整")
    assert sent.status_code == 302
    assert responsible(case.filing, Side.WINDOW) == new
    page = text(browser.get("people", case.filing.public_id))
    assert "孙示例丙" in page
    assert "岗位调整" in page


def test_why_the_window_hands_over_is_not_for_the_enterprise(case):
    hand(case, colleague(case.people.window), case.people.window, reason="病假")
    for person, seen in ((case.people.enterprise, False), (case.people.convenor, True)):
        page = text(Browser(person, case.now).get("people", case.filing.public_id))
        assert "孙示例丙" in page
        assert ("病假" in page) is seen
        said = [entry["text"] for entry in timeline(case.filing, {}, person)]
        assert ("病假" in said) is seen


def test_what_was_handed_over_stays_written(case):
    made = hand(case, colleague(case.people.window), case.people.window)
    with pytest.raises(DatabaseError), transaction.atomic():
        HandOver.objects.filter(pk=made.pk).update(reason="别的")


def test_who_has_the_case_is_not_offered_it(case):
    browser = Browser(case.people.enterprise, case.now)
    new = colleague(case.people.enterprise)
    page = text(browser.get("hand_over", case.filing.public_id))
    assert f'value="{new.pk}"' in page
    assert f'value="{case.people.enterprise.pk}"' not in page
