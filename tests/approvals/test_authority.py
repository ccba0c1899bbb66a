"""代办授权: who may give it, to whom, for what; and what an agent may not."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Membership, User
from approvals import services
from approvals.models import Authority, Filing
from approvals.queries.people import agent_named
from approvals.stages import Power, Stage
from core import clock
from core.deadlines.models import RuleValue
from core.notify.models import Message
from inspection.services.archive_content import kept_by_the_county, members_of
from tests.approvals.browse import Browser, text
from tests.conftest import instant
from tests.standing import standing
from tests.stories.telling import refused
from tests.walk import acts, pdf, png, walk

pytestmark = pytest.mark.django_db
walked, case = standing(
    lambda people: walk(people, instant("2018-03-05 09:00"), to=Stage.COMMITTING)
)


def grant(w, *powers, **other):
    today = w.now.date()
    given = {
        "agent": w.people.other_enterprise,
        "valid_from": today,
        "valid_to": today + timedelta(days=10),
        "powers": powers or (Power.FILL,),
        "upload": pdf("授权委托书.pdf"),
        "by": w.people.enterprise,
        **other,
    }
    with clock.driven(w.now):
        return services.grant_authority(w.filing, at=w.now, **given)


def colleague(of, name="colleague", **valid):
    user = User.objects.create(username=name, name="示例同事")
    return Membership.objects.create(
        user=user, organisation=of.organisation, role=of.role,
        **{"valid_from": of.valid_from, **valid},
    )  # fmt: skip


# — who, to whom, for what ——————————————————————————————————————————————————————————


@pytest.mark.parametrize("who", ["other_enterprise", "window", "convenor", "supervisor"])
def test_only_the_enterprise_itself_grants(case, who):
    with refused(error=PermissionDenied):
        grant(case, by=getattr(case.people, who))


def test_an_agent_passes_nothing_on(case):
    grant(case, *Power.values)
    with refused("须由示例新材料有限公司办理", PermissionDenied):
        grant(case, by=case.people.other_enterprise, agent=colleague(case.people.other_enterprise))


@pytest.mark.parametrize("who", ["window", "convenor", "supervisor"])
def test_who_takes_in_and_decides_is_no_agent(case, who):
    with refused("不能自己收", ValidationError):
        grant(case, agent=getattr(case.people, who))


def test_ones_own_people_need_no_authority(case):
    with refused("不用授权", ValidationError):
        grant(case, agent=colleague(case.people.enterprise))


def test_who_has_left_is_no_agent(case):
    gone = colleague(case.people.other_enterprise, valid_to=case.now.date() - timedelta(days=1))
    with refused("已经不在代办单位任职", ValidationError):
        grant(case, agent=gone)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"powers": ()}, "请选择授权代办的事项"),
        ({"upload": None}, "请上传授权委托书"),
        ({"powers": (Power.SIGN,), "upload": None}, "须特别授权"),
    ],
)
def test_what_a_grant_must_have(case, wrong, why):
    given = {"powers": wrong.pop("powers", (Power.FILL,)), **wrong}
    with refused(why, ValidationError), clock.driven(case.now):
        services.grant_authority(
            case.filing, agent=case.people.other_enterprise, valid_from=case.now.date(),
            valid_to=case.now.date(), by=case.people.enterprise, at=case.now,
            **{"upload": pdf(), **given},
        )  # fmt: skip


def test_it_is_neither_backdated_nor_over_before_it_begins(case):
    yesterday = case.now.date() - timedelta(days=1)
    with refused("不能倒签", ValidationError):
        grant(case, valid_from=yesterday)
    with refused("不能早于起始日", ValidationError):
        grant(case, valid_to=yesterday)


def test_two_of_one_agent_do_not_overlap(case):
    grant(case)
    with refused("请先终止", ValidationError):
        grant(case)


def test_the_county_may_leave_the_power_of_attorney_away_but_never_for_signing(case):
    RuleValue.objects.filter(edition=case.filing.rulebook, code="P62").update(value="optional")
    from core.deadlines.queries import _rulebook

    _rulebook.cache_clear()
    try:
        with refused("须特别授权", ValidationError):
            grant(case, Power.SIGN, upload=None)
        assert grant(case, upload=None).scan is None
    finally:
        _rulebook.cache_clear()


def test_the_database_wants_it_too(case):
    made = grant(case)
    for wrong in (
        {"valid_to": made.valid_from - timedelta(days=1)},
        {"may_fill": False},
        {"ended_at": case.now},
        {"may_sign": True, "scan": None},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Authority.objects.filter(pk=made.pk).update(**wrong)


def test_an_agent_is_named_by_two_things_that_are_both_right(case):
    known = case.people.other_enterprise
    day = case.now.date()
    assert agent_named(known.user.username, known.organisation.uscc, day) == known
    for wrong in (("nobody", known.organisation.uscc), (known.user.username, "91140722MA0EXAMPL0")):
        with refused("没有找到这样的代办人", ValidationError):
            agent_named(*wrong, day)


# — what an agent may ————————————————————————————————————————————————————————————————


def test_to_fill_in_is_not_to_sign(case):
    grant(case, Power.FILL, Power.RECEIVE)
    agent = case.people.other_enterprise
    with refused("授权只包括：填报和提交、签收送达", PermissionDenied):
        services.sign_letter(case.filing, upload=png(), by=agent, at=case.now)
    for act, more in (
        (services.withdraw, {"reason": "不办了"}),
        (services.decline_items, {"codes": []}),
    ):
        with refused("另行明确授权", PermissionDenied):
            act(case.filing, by=agent, at=case.now, **more)


def test_with_the_express_power_the_agent_signs(case):
    grant(case, Power.SIGN)
    services.sign_letter(case.filing, upload=png(), by=case.people.other_enterprise, at=case.now)
    assert case.filing.letter().signed_by == case.people.other_enterprise


def test_what_is_served_reaches_an_agent_who_may_receive_and_no_other(case):
    grant(case, Power.FILL)
    services.tell_enterprise(case.filing, "示例", "first", case.now)
    grant(case, Power.RECEIVE, agent=colleague(case.people.other_enterprise))
    services.tell_enterprise(case.filing, "示例", "second", case.now)

    told = {
        (m.key.split(":")[0], m.to.user.username)
        for m in Message.objects.filter(subject__contains="示例", key__regex="^(first|second):")
    }
    assert told == {
        ("first", "enterprise-01"), ("second", "enterprise-01"), ("second", "colleague"),
    }  # fmt: skip


@pytest.mark.parametrize("how", ["the membership is over", "the account is shut"])
def test_an_agent_who_is_no_longer_in_office_is_told_nothing(case, how):
    agent = colleague(case.people.other_enterprise)
    made = grant(case, Power.RECEIVE, agent=agent)
    if how == "the membership is over":
        agent.valid_to = case.now.date() - timedelta(days=1)
        agent.save()
    else:
        User.objects.filter(pk=agent.user_id).update(is_active=False)
    before = Message.objects.filter(to=agent).count()
    services.tell_enterprise(case.filing, "示例", "first", case.now)
    services.end_authority(made, reason="不用了", by=case.people.enterprise, at=case.now)

    assert before
    assert Message.objects.filter(to=agent).count() == before
    assert Message.objects.filter(to=case.people.enterprise, subject__contains="示例").exists()


def test_before_the_first_day_nothing(case):
    tomorrow = case.now.date() + timedelta(days=1)
    grant(case, *Power.values, valid_from=tomorrow)
    with refused("从", PermissionDenied):
        services.sign_letter(
            case.filing, upload=png(), by=case.people.other_enterprise, at=case.now
        )


def test_of_another_case_of_the_same_enterprise_the_agent_sees_nothing(case):
    grant(case, *Power.values)
    with clock.driven(case.now):
        other = services.open_draft(by=case.people.enterprise, at=case.now)
        seen = Filing.objects.visible_to(case.people.other_enterprise)
        assert list(seen) == [case.filing]
        assert other not in seen


def test_the_power_of_attorney_is_not_for_departments(case):
    kept = grant(case).scan
    for person, status in (
        (case.people.window, 200), (case.people.other_enterprise, 200), (case.people.department("ZJJ"), 404),
    ):  # fmt: skip
        assert Browser(person, case.now).get("attachment", kept.pk).status_code == status
    page = text(
        Browser(case.people.department("ZJJ"), case.now).get("people", case.filing.public_id)
    )
    assert "授权委托书.pdf" not in page


def test_the_bundle_that_departments_fetch_holds_only_its_digest(case):
    kept = grant(case).scan
    names = [member.name for member in members_of(case.filing, case.now)]

    assert not [name for name in names if "授权委托书" in name]
    assert kept.sha256 in [one["sha256"] for one in kept_by_the_county(case.filing)]


def test_why_the_window_hands_over_is_not_in_the_bundle(case):
    for by, why in ((case.people.window, "窗口内部"), (case.people.enterprise, "企业内部")):
        services.hand_over(
            case.filing,
            receiver=colleague(by, name=f"next-{by.pk}"),
            reason=why,
            by=by,
            at=case.now,
        )
    said = b"".join(
        b"".join(member.portions())
        for member in members_of(case.filing, case.now)
        if member.name.startswith("台账/")
    ).decode()

    assert "企业内部" in said
    assert "窗口内部" not in said


def test_one_agent_does_not_open_what_was_given_to_another(case):
    kept = grant(case).scan
    other = colleague(case.people.other_enterprise)
    grant(case, agent=other, upload=pdf("另一份委托书.pdf"))
    agent = Browser(other, case.now)

    assert agent.get("attachment", kept.pk).status_code == 404
    page = text(agent.get("people", case.filing.public_id))
    assert "另一份委托书.pdf" in page
    assert "授权委托书.pdf" not in page


def test_what_is_not_in_a_case_is_not_found_by_its_agent_either(case):
    made = grant(case)
    agent = Browser(case.people.other_enterprise, case.now)
    assert agent.get("end_authority", case.filing.public_id, made.pk).status_code == 200
    assert agent.get("end_authority", case.filing.public_id, made.pk + 1).status_code == 404


# — its early end ———————————————————————————————————————————————————————————————————


def test_ended_it_ends_at_once_with_a_reason_and_both_know(case):
    made = grant(case, *Power.values)
    with refused(error=PermissionDenied):
        services.end_authority(made, reason="换人", by=case.people.window, at=case.now)
    with refused("请写明理由", ValidationError):
        services.end_authority(made, reason=" ", by=case.people.enterprise, at=case.now)

    services.end_authority(made, reason="换人办理", by=case.people.enterprise, at=case.now)

    with refused("终止（换人办理）", PermissionDenied):
        services.sign_letter(
            case.filing, upload=png(), by=case.people.other_enterprise, at=case.now
        )
    with refused("已经终止或者届满"):
        services.end_authority(made, reason="再来", by=case.people.enterprise, at=case.now)
    assert acts(case.filing.book)[-2:] == ["grant_authority", "end_authority"]
    told = Message.objects.filter(subject__contains="授权已终止")
    assert {m.to for m in told} == {case.people.enterprise, case.people.other_enterprise}
    assert Authority.objects.filter(pk=made.pk).exists()


def test_the_agent_lays_it_down(case):
    made = grant(case)
    services.end_authority(made, reason="不再代办", by=case.people.other_enterprise, at=case.now)
    with clock.driven(case.now):
        assert not Filing.objects.visible_to(case.people.other_enterprise).exists()


# — the pages ——————————————————————————————————————————————————————————————————————


def test_the_enterprise_grants_on_a_page_and_sees_until_when(case):
    browser, known = Browser(case.people.enterprise, case.now), case.people.other_enterprise
    form = {
        "username": known.user.username, "uscc": known.organisation.uscc,
        "valid_from": case.now.date(), "valid_to": "2018-12-20", "powers": ["fill", "receive"],
    }  # fmt: skip
    page = browser.post("grant_authority", case.filing.public_id, **form)
    assert page.status_code == 422
    assert "授权委托书" in text(page)
    page = browser.post(
        "grant_authority", case.filing.public_id, **{**form, "username": "x"}, upload=pdf()
    )
    assert page.status_code == 422
    assert "没有找到这样的代办人" in text(page)

    assert (
        browser.post("grant_authority", case.filing.public_id, **form, upload=pdf()).status_code
        == 302
    )
    page = text(browser.get("people", case.filing.public_id))
    assert "钱示例乙 · 示例食品有限公司" in page
    assert "2018年12月20日" in page

    made = Authority.objects.get()
    agent = Browser(known, case.now)
    assert agent.get("grant_authority", case.filing.public_id).status_code == 403
    assert (
        agent.post("end_authority", case.filing.public_id, made.pk, reason="不办了").status_code
        == 302
    )
    assert agent.get("people", case.filing.public_id).status_code == 403
