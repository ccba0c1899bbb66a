"""Letter, scan, gate and start notification in the browser."""

import pytest

from approvals.models import Change
from approvals.stages import Approval, ItemClass, Stage
from tests.approvals.browse import Browser, text
from tests.walk import pdf, png, walk

pytestmark = pytest.mark.django_db
NOW = "2018-03-05 09:00"


@pytest.fixture
def committing(people, at):
    w = walk(people, at(NOW), to=Stage.COMMITTING)
    return w, Browser(people.enterprise, w.now), Browser(people.window, w.now), w.filing.public_id


def test_letter_shows_its_clauses_and_what_waits(committing):
    w, enterprise, window, pk = committing
    page = text(enterprise.get("commitment", pk))
    clause = w.filing.letter().clauses.first()
    assert clause.text in page
    assert "签署承诺书" in page
    assert "未签署的，催办一次，另给期限。" in page
    assert "承诺书的盖章扫描件还没有上传" in text(window.get("commitment", pk))


def test_declining_makes_a_new_letter(committing):
    w, enterprise, _window, pk = committing
    code = w.filing.items.filter(item_class=ItemClass.COMMITMENT).first().code
    retained = w.filing.items.filter(item_class=ItemClass.RETAINED).first().code
    assert enterprise.post("decline", pk, codes=[retained]).status_code == 422
    assert enterprise.post("decline", pk, codes=[code]).status_code == 302
    assert w.filing.letter().version == 2
    assert "未作承诺的事项" in text(enterprise.get("commitment", pk))


def test_signed_rejected_signed_again_verified(committing):
    w, enterprise, window, pk = committing
    assert window.post("verify", pk).status_code == 409
    missing = enterprise.post("sign", pk, scan=png())
    assert missing.status_code == 422
    assert "请重新选择文件" in text(missing)
    assert enterprise.post("sign", pk, scan=png(), same="on").status_code == 302
    assert not w.filing.limits.filter(rule__in=("P6", "P20"), ended_at=None).exists()
    assert "已经上传" in text(enterprise.get("decline", pk))
    page = text(window.get("verify", pk))
    assert "扫描件.png" in page
    assert "核验无误，承诺成立" in page
    assert window.post("reject_scan", pk, reason="没有公章").status_code == 302
    assert w.filing.limits.filter(rule="P6", ended_at=None).exists()
    enterprise.post("sign", pk, scan=png(), same="on")
    assert window.post("verify", pk).status_code == 302
    assert w.filing.stage == Stage.COMMITTED


def test_a_signed_letter_does_not_lapse_while_the_window_looks(committing):
    w, enterprise, _window, pk = committing
    enterprise.post("sign", pk, scan=png(), same="on")
    w.morning(40)
    assert w.filing.stage == Stage.COMMITTING


def test_gate_names_what_is_missing_and_whose_move_it_is(people, at):
    w = walk(people, at(NOW), to=Stage.CLEARED)
    window, pk = Browser(people.window, w.now), w.filing.public_id
    owed = w.filing.items.filter(start_gate="prior_approval").first()
    page = text(window.get("gate", pk))
    assert "发出开工告知书还差" in page
    refused = window.post("start", pk)
    assert refused.status_code == 409
    assert "开工条件尚未齐备" in text(refused)

    stranger = next(
        i.department.code for i in w.filing.items.all() if i.department_id != owed.department_id
    )
    number = {"number": "左建许〔2018〕1号", "issued_on": "2018-03-05"}
    other = Browser(people.department(stranger), w.now)
    assert other.post("approval", pk, owed.code, **number).status_code == 403
    mine = Browser(people.department(owed.department.code), w.now)
    assert "登记批准文号" in text(mine.get("gate", pk))
    late = mine.post("approval", pk, owed.code, number="x", issued_on="2030-01-01")
    assert late.status_code == 422
    assert "不能晚于今天" in text(late)
    assert mine.post("approval", pk, owed.code, **number, upload=pdf()).status_code == 302
    owed.refresh_from_db()
    assert (owed.approval, owed.approval_number) == (Approval.ISSUED, number["number"])
    assert number["number"] in text(mine.get("gate", pk))


def test_start_is_notified_once_the_gate_is_open(people, at):
    w = walk(people, at(NOW), to=Stage.CLEARED)
    w.approve()
    change = Change.objects.create(filing=w.filing, text="调整出入口", due_on=w.now.date())
    window, pk = Browser(people.window, w.now), w.filing.public_id
    assert window.post("start", pk).status_code == 409
    assert "调整出入口" in text(window.get("gate", pk))
    assert window.post("finish_change", pk, change.pk, note="").status_code == 422
    assert window.post("finish_change", pk, change.pk, note="已看图纸").status_code == 302
    assert "已经核对完成" in text(window.get("finish_change", pk, change.pk))
    assert window.post("start", pk).status_code == 302
    assert w.filing.stage == Stage.START_NOTIFIED
    assert "开工告知书已于" in text(window.get("gate", pk))
