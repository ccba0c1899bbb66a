"""A county that has published its promised days is held to them beside the statute's; silence approves nothing.

As shipped the promised days are a reference only (P39 no). Here the county publishes them from 1 March 2018 on.
"""

import shutil
from datetime import date, timedelta

import pytest

from accounts.services import system_actor
from approvals import services as filings
from approvals.stages import Approval, Stage
from core.notify.models import Message
from desk.rules.pack import read_pack
from desk.services.county import load_pack
from tests.conftest import SHIPPED
from tests.doors.visit import Visit, text
from tests.walk import walk

pytestmark = pytest.mark.django_db
FLAG = "P39,county_default,承诺审批时限已对外公布,Promised limits are published,"
ITEM = "R04"  # 建设工程规划许可: 20 working days by law, 3 promised


@pytest.fixture
def published(county, tmp_path, at):
    """The county's second rulebook, in which its promised days are published."""
    folder = tmp_path / "pack"
    shutil.copytree(SHIPPED, folder)
    book = folder / "rulebook.csv"
    said = book.read_text("utf-8")
    assert f"{FLAG}no" in said
    book.write_text(said.replace(f"{FLAG}no", f"{FLAG}yes"), "utf-8")
    load_pack(read_pack(folder), by=system_actor(), at=at("2018-02-20"), from_day=date(2018, 3, 1))


def taken_up(people, start):
    w = walk(people, start, to=Stage.PREREVIEWING)
    item = w.filing.items.get(code=ITEM)
    clerk = people.department(item.department.code)
    w.do(filings.take_up_item, item, by=clerk)
    return w, item, clerk


def limits_of(item):
    return {limit.sort: limit for limit in item.limits.all()}


def test_as_shipped_nobody_is_held_to_a_days_number_of_another_place(people, at):
    _w, item, _clerk = taken_up(people, at("2018-03-05 09:00"))

    assert set(limits_of(item)) == {"statutory"}


def test_whoever_filed_before_was_promised_nothing(published, people, at):
    _w, item, _clerk = taken_up(people, at("2018-02-22 09:00"))

    assert set(limits_of(item)) == {"statutory"}


def test_both_run_and_the_promise_ends_first(published, people, at):
    w, item, _clerk = taken_up(people, at("2018-03-05 09:00"))
    found = limits_of(item)

    assert set(found) == {"statutory", "promised"}
    assert (found["statutory"].length, found["promised"].length) == (20, 3)
    assert found["promised"].due_at < found["statutory"].due_at
    assert w.filing.items.get(code=ITEM).approval == Approval.OWED
    page = text(Visit(people.enterprise, w).get(f"/cases/{w.filing.public_id}/limits/"))
    assert "承诺审批时限" in page
    assert "法定审批时限" in page


def test_a_broken_promise_goes_to_the_supervisor_and_approves_nothing(published, people, at):
    w, item, clerk = taken_up(people, at("2018-03-05 09:00"))
    promised = limits_of(item)["promised"]
    w.until(promised.due_at + timedelta(hours=1))

    found = limits_of(item)
    assert found["promised"].escalated_at == promised.due_at
    assert found["statutory"].escalated_at is None
    assert w.filing.items.get(code=ITEM).approval == Approval.OWED
    told = Message.objects.filter(key__contains=f"escalated:approvals.stagelimit:{promised.pk}:")
    assert people.supervisor in [message.to for message in told]
    assert people.head(item.department.code) in [message.to for message in told]
    w.until(limits_of(item)["statutory"].due_at + timedelta(hours=1))
    assert limits_of(item)["statutory"].escalated_at is not None
    assert w.filing.items.get(code=ITEM).approval == Approval.OWED
    w.do(
        filings.record_approval, item, number="示例规建〔2018〕1号",
        issued_on=w.now.date(), by=clerk,
    )  # fmt: skip
    assert not item.limits.filter(ended_at=None).exists()
    assert w.filing.items.get(code=ITEM).approval == Approval.ISSUED


def test_kept_it_ends_with_the_approval_and_nobody_is_told(published, people, at):
    w, item, clerk = taken_up(people, at("2018-03-05 09:00"))
    w.morning()
    w.do(
        filings.record_approval, item, number="示例规建〔2018〕1号",
        issued_on=w.now.date(), by=clerk,
    )  # fmt: skip
    w.until(w.now + timedelta(days=60))

    ended = item.limits.all()
    assert {limit.escalated_at for limit in ended} == {None}
    keys = [f"escalated:approvals.stagelimit:{limit.pk}:{limit.rule}" for limit in ended]
    assert len(keys) == 2
    assert not any(Message.objects.filter(key__contains=key).exists() for key in keys)
