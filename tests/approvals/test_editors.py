"""几人同改一份草稿: a page that was opened before somebody else's change writes over nothing unseen."""

import re

import pytest

from accounts.models import Membership, User
from approvals import services
from approvals.models import DraftEdit
from approvals.services.edits import Stale
from approvals.stages import Stage
from core import clock
from tests.approvals.browse import Browser, text
from tests.conftest import instant
from tests.standing import standing
from tests.walk import walk

pytestmark = pytest.mark.django_db
walked, case = standing(lambda people: walk(people, instant("2018-03-05 09:00"), to=Stage.DRAFT))


@pytest.fixture
def other(case):
    user = User.objects.create(username="colleague", name="孙示例丙")
    return Membership.objects.create(
        user=user, organisation=case.enterprise.organisation, role="enterprise",
        valid_from=case.enterprise.valid_from,
    )  # fmt: skip


def base(page):
    return re.search(r'name="base" value="(\d+)"', text(page))[1]


def project(filing, **changed):
    return {
        "project_name": filing.project_name, "project_code": filing.project_code,
        "site": filing.site_id, "site_detail": filing.site_detail, "scale": filing.scale,
        "investment_wan": "1200", "land_mu": "18.5", "planned_start": "2018-06-03", **changed,
    }  # fmt: skip


def test_a_stale_page_of_the_project_is_refused_and_keeps_what_was_typed(case, other):
    one, two = Browser(case.enterprise, case.now), Browser(other, case.now)
    pages = [b.get("project", case.filing.public_id) for b in (one, two)]
    first = two.post(
        "project",
        case.filing.public_id,
        **project(case.filing, scale="同事写的规模"),
        base=base(pages[1]),
    )
    assert first.status_code == 302

    stale = project(case.filing, scale="我写的规模")
    page = one.post("project", case.filing.public_id, **stale, base=base(pages[0]))

    assert page.status_code == 409
    said = text(page)
    assert "孙示例丙在2018年3月5日" in said  # who, when
    assert "“建设规模和内容”→“同事写的规模”" in said  # which, and what
    assert "我写的规模" in said  # what was typed
    assert case.filing.scale == "同事写的规模"

    again = one.post("project", case.filing.public_id, **stale, base=base(page))
    assert again.status_code == 409  # to press the same button once more is not to have looked
    seen = re.search(r'name="seen" value="(\d+)"', text(again))[1]
    sent = one.post("project", case.filing.public_id, **stale, base=base(again), seen=seen)
    assert sent.status_code == 302
    assert case.filing.scale == "我写的规模"


def test_the_questionnaire_too_and_its_other_part_is_not_in_the_way(case, other):
    one, two = Browser(case.enterprise, case.now), Browser(other, case.now)
    before = base(one.get("questionnaire", case.filing.public_id))
    two.post("project", case.filing.public_id, **project(case.filing, scale="别处改的"))
    answer = {"shown": ["takes_water"], "takes_water": "yes"}
    taken = one.post("questionnaire", case.filing.public_id, **answer, base=before)
    assert taken.status_code == 302

    page = two.post(
        "questionnaire", case.filing.public_id, shown=["takes_water"], takes_water="no", base=before
    )
    assert page.status_code == 409
    assert "赵示例甲" in text(page)
    assert "→“是”" in text(page)
    assert case.filing.answers["takes_water"] == "yes"


def test_ones_own_second_page_is_no_stranger(case):
    one = Browser(case.enterprise, case.now)
    before = base(one.get("project", case.filing.public_id))
    for scale in ("第一次", "第二次"):
        sent = project(case.filing, scale=scale)
        assert one.post("project", case.filing.public_id, **sent, base=before).status_code == 302
    assert case.filing.scale == "第二次"


def test_a_wrong_entry_does_not_make_a_stale_page_fresh(case, other):
    one, two = Browser(case.enterprise, case.now), Browser(other, case.now)
    before = base(one.get("project", case.filing.public_id))
    two.post("project", case.filing.public_id, **project(case.filing, scale="同事写的"))
    page = one.post("project", case.filing.public_id, **project(case.filing, scale=""), base=before)
    assert page.status_code == 422
    assert base(page) == before


def test_nothing_changed_is_no_edit_and_edits_are_written_once(case, other):
    known = DraftEdit.objects.filter(filing=case.filing).count()
    services.save_answers(case.filing, answers=case.filing.answers, by=other, at=case.now)
    assert DraftEdit.objects.filter(filing=case.filing).count() == known


def test_a_program_that_names_what_it_saw_hears_it_as_well(case, other):
    with clock.driven(case.now):
        services.save_project(case.filing, scale="同事写的", by=other, at=case.now)
        with pytest.raises(Stale, match="孙示例丙"):
            services.save_project(
                case.filing, scale="我写的", by=case.enterprise, at=case.now, base=0
            )
        services.save_project(case.filing, scale="我写的", by=case.enterprise, at=case.now)
    assert case.filing.scale == "我写的"
