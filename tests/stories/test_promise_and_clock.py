"""模式一: while a decision waits for a promised paper, the department's time for it does not run."""

import pytest

from approvals import services as filings
from approvals.models import Material
from approvals.stages import Approval, Stage
from tests.walk import pdf, walk

pytestmark = pytest.mark.django_db
FUNDS = "资金证明（银行存款证明、授信意向书等）"


def test_the_paper_on_a_commitment_is_owed_from_the_day_the_promise_is_kept(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.LISTED)
    w.do(filings.acknowledge_checklist, w.filing, by=people.enterprise)
    # C12 is issued on the published commitment; here the proof of funds is asked for it.
    Material.objects.filter(filing=w.pk, name=FUNDS).update(item_codes=["C12"])
    paper = w.filing.materials.get(name=FUNDS)
    w.do(filings.promise_gap, paper, signed=True, reason="银行月底出具", by=people.enterprise)
    w.hand_in()
    w.accept()
    w.do(filings.upload_material, paper, upload=pdf(), by=people.enterprise)
    w.to(Stage.CLEARED)  # supplied in time; the window has not looked yet

    item = w.filing.items.get(code="C12")
    assert not item.limits.exists()
    w.morning(3)
    assert not w.filing.limits.filter(item=item, escalated_at__isnull=False).exists()
    w.do(filings.check_gap, w.filing.gaps.get(), fine=True, by=people.window)
    limit = item.limits.get(rule="P21")
    assert limit.running
    assert limit.started_at > w.filing.cleared_at
    department = people.department(item.department.code)
    w.do(
        filings.record_approval, item, number="示例2018-1", issued_on=w.now.date(), by=department
    )  # fmt: skip
    item.refresh_from_db()
    assert item.approval == Approval.ISSUED
