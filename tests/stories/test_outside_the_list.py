"""The list binds the government: what it did not name is wanted only on a basis, with the supervisor's signature."""

import re

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from approvals import services
from approvals.models import LaterRequest, Material
from approvals.stages import LaterState, MaterialState, NeededBy, Stage
from core import clock
from core.notify.models import Message
from desk.queries.work import waiting_for
from tests.conftest import instant
from tests.doors.visit import Visit, text
from tests.standing import standing
from tests.stories.telling import refused, sound
from tests.walk import pdf, walk

pytestmark = pytest.mark.django_db
WANTED = {
    "name": "基坑支护专项方案",
    "basis": "示例依据第一条",
    "reason": "勘察时才看到基坑深度超过清单告知时的说明",
}

walked, case = standing(lambda people: walk(people, instant("2018-03-05 09:00"), to=Stage.ACCEPTED))


def asked(w, by=None, **other):
    by = by or w.people.department("ZJJ")
    return services.ask_later(w.filing, **{**WANTED, **other}, by=by, at=w.now)


def papers(w):
    return w.filing.materials.filter(name=WANTED["name"])


# — who, when, what ————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize("who", ["enterprise", "other_enterprise", "supervisor", "administrator"])
def test_only_a_department_of_the_list_or_the_window_asks(case, who):
    with refused(error=PermissionDenied):
        asked(case, by=getattr(case.people, who))


def test_a_department_that_is_not_on_the_list_asks_for_nothing(case):
    with refused(error=PermissionDenied):
        asked(case, by=case.people.department("LYJ"))


@pytest.mark.parametrize("lacking", ["name", "basis", "reason"])
def test_without_a_name_a_basis_or_a_reason_nothing_is_asked(case, lacking):
    with refused("请写明", ValidationError):
        asked(case, **{lacking: "  "})


def test_what_the_list_has_is_not_asked_again(case):
    with refused("清单里已经有"):
        asked(case, name=case.filing.materials.first().name)


def test_twice_is_refused_while_the_first_waits(case):
    asked(case)
    with refused("在等效能监督签字"):
        asked(case, by=case.people.window)


def test_before_the_list_is_served_there_is_nothing_outside_it(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.SUBMITTED)
    with refused("一次性告知书送达以后"):
        asked(w, by=people.window)


def test_after_the_end_nothing_is_asked_and_nothing_signed(case):
    request = asked(case)
    services.withdraw(case.filing, reason="不建了", by=case.people.enterprise, at=case.now)
    with refused("送达以后、办结以前"):
        asked(case, name="另一件")
    with refused("已经终结"):
        services.sign_later(request, by=case.people.supervisor, at=case.now)


@pytest.mark.parametrize("who", ["window", "convenor", "enterprise", "administrator"])
def test_nobody_signs_but_the_supervisor(case, who):
    request = asked(case)
    with refused(error=PermissionDenied):
        services.sign_later(request, by=getattr(case.people, who), at=case.now)
    with refused(error=PermissionDenied):
        services.refuse_later(request, reason="不", by=getattr(case.people, who), at=case.now)


def test_the_database_wants_the_signature_too(case):
    request = asked(case)
    for wrong in (
        {"state": LaterState.SIGNED},
        {"basis": ""},
        {"decided_by": case.people.supervisor},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            LaterRequest.objects.filter(pk=request.pk).update(**wrong)


# — what becomes of it ———————————————————————————————————————————————————————————————————


def test_unsigned_nobody_owes_it(case):
    asked(case)

    assert not papers(case).exists()
    rows = [str(row.title) for row in waiting_for(case.people.supervisor, case.now)]
    assert any(WANTED["name"] in row for row in rows)


def test_signed_it_is_wanted_and_says_what_it_is_and_holds_nothing_up(case):
    w = case
    services.sign_later(asked(w), by=w.people.supervisor, at=w.now)
    paper = papers(w).get()

    assert (paper.state, paper.needed_by, paper.tolerable) == (
        MaterialState.WANTED,
        NeededBy.PAPER,
        False,
    )
    assert Message.objects.filter(to=w.people.enterprise, subject__contains=WANTED["name"]).exists()
    page = text(Visit(w.enterprise, w).get(f"/cases/{w.filing.public_id}/materials/?open=paper"))
    assert "清单以外的要求" in page
    assert WANTED["basis"] in page
    assert not [one for one in w.filing.gate_missing() if WANTED["name"] in one["subject"]]
    services.upload_material(paper, upload=pdf(), by=w.people.enterprise, at=w.now)
    services.check_material(
        Material.objects.get(pk=paper.pk), fine=True, by=w.people.window, at=w.now
    )
    assert papers(w).get().state == MaterialState.ACCEPTED
    sound()


def test_returned_it_holds_no_correction_up(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.RECEIVED)
    services.sign_later(asked(w), by=w.people.supervisor, at=w.now)
    services.upload_material(papers(w).get(), upload=pdf(), by=w.people.enterprise, at=w.now)
    services.check_material(
        papers(w).get(), fine=False, reason="缺签字页", by=w.people.window, at=w.now
    )
    with refused("没有标为"):
        services.ask_correction(w.filing, by=w.people.window, at=w.now)
    wrong = w.filing.materials.intake().filter(state=MaterialState.RECEIVED).first()
    services.check_material(wrong, fine=False, reason="缺盖章", by=w.people.window, at=w.now)
    services.ask_correction(w.filing, by=w.people.window, at=w.now)
    services.upload_material(wrong, upload=pdf(), by=w.people.enterprise, at=w.now)
    filing = services.hand_in_correction(w.filing, by=w.people.enterprise, at=w.now)

    assert filing.stage == Stage.RECEIVED


def test_an_item_that_is_struck_does_not_take_it_along(case):
    w = case
    services.sign_later(asked(w), by=w.people.supervisor, at=w.now)
    item = w.filing.items.first()
    type(item).objects.filter(pk=item.pk).update(applies=None)
    services.strike_item(
        w.filing.items.get(pk=item.pk), reason="不适用", by=w.people.window, at=w.now
    )

    assert papers(w).get().state == MaterialState.WANTED


def test_a_decision_stands(case):
    w = case
    request = services.refuse_later(
        asked(w), reason="清单已经涵盖", by=w.people.supervisor, at=w.now
    )
    assert request.state == LaterState.REFUSED
    assert not papers(w).exists()

    with refused("已经决定"):
        services.sign_later(request, by=w.people.supervisor, at=w.now)
    again = asked(w)
    with refused(error=ValidationError):
        services.refuse_later(again, reason=" ", by=w.people.supervisor, at=w.now)


def test_the_public_sees_how_often(case):
    w = case
    services.sign_later(asked(w), by=w.people.supervisor, at=w.now)
    services.refuse_later(asked(w, name="另一件"), reason="不必", by=w.people.supervisor, at=w.now)
    asked(w, name="第三件")
    with clock.driven(w.now):
        page = text(Client().get("/"))

    told = page.partition("清单以外再要材料的")[2].partition("</dl>")[0]
    assert re.findall(r"<d[td][^>]*>([^<]+)", told) == [
        "部门提出", "3", "效能监督签字", "1", "效能监督不同意", "1",
    ]  # fmt: skip
    assert WANTED["name"] not in page


def test_by_the_pages(case):
    w, here = case, f"/cases/{case.filing.public_id}/later/"
    clerk = Visit(w.people.department("ZJJ"), w)
    assert "提请效能监督签字" in text(clerk.get(here))
    assert clerk.case("later/", {**WANTED, "basis": ""}).status_code == 422
    assert clerk.case("later/", WANTED).status_code == 302
    request = LaterRequest.objects.get()

    assert "提请效能监督签字" not in text(Visit(w.enterprise, w).get(here))
    assert Visit(w.enterprise, w).case("later/", WANTED).status_code == 403
    supervisor = Visit(w.people.supervisor, w)
    assert supervisor.case(f"later/{request.pk}/", {"decision": "refuse"}).status_code == 422
    assert supervisor.case(f"later/{request.pk}/", {"decision": "sign"}).status_code == 302
    assert supervisor.case(f"later/{request.pk}/", {"decision": "sign"}).status_code == 409
    assert papers(w).exists()
