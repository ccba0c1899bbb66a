"""容缺 on record: signed by a day, barred by a bad credit record, decided only when complete or on condition.

The list is served on Thursday, 14 June 2018; what may be promised for the proof of funds are three working days (15, 19
and 20 June: the Dragon Boat holiday lies between), for the design contract four.
"""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from approvals import services as filings
from approvals.models import CatalogueItem, CreditBar, Gap
from approvals.queries import gaps as ledger
from approvals.stages import Approval, GapOutcome, GapState, Stage
from core import clock
from prereview.models import AgendaItem
from prereview.services.default_notice import approval_text
from tests.api.programs import Program
from tests.calendars import Person
from tests.conftest import instant
from tests.standing import standing
from tests.stories.telling import in_order, papers, refused, sound, told, undone
from tests.walk import acts, pdf, walk

pytestmark = pytest.mark.django_db
FUNDS = "资金证明（银行存款证明、授信意向书等）"
CONTRACT = "勘察设计合同"  # of C05, whose red line does not hold for this project


def _listed(people):
    w = walk(people, instant("2018-06-14 09:00"), to=Stage.LISTED)
    w.do(filings.acknowledge_checklist, w.filing, by=people.enterprise)
    return w


walked, listed = standing(_listed)


def the(w, name=FUNDS):
    return w.filing.materials.get(name=name)


def gap(w):
    return w.filing.gaps.get()


def promise(w, name=FUNDS, **how):
    how = {"signed": True, "reason": "银行月底出具", "by": w.people.enterprise, **how}
    return w.do(filings.promise_gap, the(w, name), **how)


def supply(w, name=FUNDS):
    w.do(filings.upload_material, the(w, name), upload=pdf(), by=w.people.enterprise)


def outcome(w):
    return ledger.outcome_of(Gap.objects.select_related("material").get(filing=w.filing), w.now)


def counted_alike(w, people):
    """The ledger counts in the database what the rule tells of each row."""
    rows = ledger.with_outcome(ledger.gaps_seen(people.supervisor), w.now)
    assert [row.outcome for row in rows] == [ledger.outcome_of(row, w.now) for row in rows]
    return ledger.counted(rows)


def paper(w, kind):
    return w.filing.book.papers.filter(kind=kind).order_by("-pk").first()


def bar(w, *, until=date(2019, 1, 2), at=None):
    """What inspection writes when it registers the organ's decision; any paper of the book stands for it here."""
    decision = paper(w, "DOC01")
    return filings.bar_tolerance(
        w.filing, ground="弄虚作假", organ="示例县信用主管部门", organ_number="示例信认〔2018〕1号",
        paper=decision, until=until, by=w.people.convenor, at=at or w.now,
    )  # fmt: skip


# — the promise ————————————————————————————————————————————————————————————————————————


def test_it_is_signed_and_its_day_is_no_later_than_the_items_promise(listed, people):
    w = listed
    with refused(error=ValidationError):
        promise(w, signed=False)
    # Not a working day, not today, and not past the third working day: over the holiday that is the 20th.
    for wrong in ("2018-06-16", "2018-06-14", "2018-06-13", "2018-06-21", "2030-01-01"):
        with refused(error=ValidationError):
            promise(w, by_day=date.fromisoformat(wrong))
    promise(w, by_day=date(2018, 6, 19))
    assert (gap(w).length, gap(w).due_at) == (2, instant("2018-06-20 00:00"))
    said = paper(w, "DOC07")
    assert gap(w).paper == said
    assert said.content["gap"]["until_text"] == "2018年6月19日24时"
    assert "没有未修复的失信记录" in said.content["declaration"]
    assert said.content["signed_by"] == people.enterprise.user.name
    assert "不作决定" in said.content["before_text"]


def test_a_standing_record_bars_it_and_what_was_promised_before_stands(listed, people, at):
    w = listed
    promise(w)
    with undone(w):
        bar(w)
        # What was promised stays promised, and is kept like any other;
        supply(w)
        w.hand_in()
        w.accept()
        w.do(filings.check_gap, gap(w), fine=True, by=people.window)
        assert gap(w).state == GapState.CLOSED
    bar(w)
    assert told(people.enterprise, "不能申请容缺")
    # nothing more can be promised, in this case or another of the same enterprise,
    with refused("失信记录.*示例信认〔2018〕1号.*2019年1月2日"):
        promise(w, CONTRACT)
    # and another enterprise is not concerned.
    other = walk(people, w.now, to=Stage.LISTED, by=people.other_enterprise)
    other.do(filings.acknowledge_checklist, other.filing, by=people.other_enterprise)
    promise(other, by=people.other_enterprise)
    assert acts(w.filing.book).count("bar_tolerance") == 1


def test_repaired_or_over_it_lets_again(listed, people, at):
    w = listed
    with undone(w):  # what ends by itself bars through its last day
        bar(w, until=date(2018, 6, 14))
        assert ledger.bars_of(w.filing.enterprise, at("2018-06-14 23:59"))
        assert not ledger.bars_of(w.filing.enterprise, at("2018-06-15 00:00"))
        w.now = at("2018-06-15 09:00")
        promise(w)
    bar(w)
    with refused("失信记录"):
        promise(w)
    decision = paper(w, "DOC01")
    lifted = filings.lift_bar(
        decision, filing=w.filing, paper=decision, by=people.convenor, at=w.now
    )
    assert lifted.repaired_at == w.now
    again = {"filing": w.filing, "paper": decision, "by": people.convenor, "at": w.now}
    assert filings.lift_bar(decision, **again) is None  # said twice it stands once
    w.minutes()
    promise(w)
    assert in_order(["bar_tolerance", "lift_bar", "promise_gap"], acts(w.filing.book))
    # The record is kept, with when it was repaired.
    assert CreditBar.objects.get().repaired_at is not None
    assert sound()


# — what is supplied ———————————————————————————————————————————————————————————————————


@pytest.fixture
def tolerated(listed):
    """Accepted against the promise to bring the proof of funds by the 20th."""
    w = listed
    promise(w)
    w.hand_in()
    w.accept()
    return w


def test_wrong_it_is_told_in_writing_and_right_it_is_written_down(tolerated, people):
    w = tolerated
    supply(w)
    w.do(filings.check_gap, gap(w), fine=False, reason="没有银行盖章", by=people.window)
    said = paper(w, "DOC57")
    assert said.content["reason"] == "没有银行盖章"
    assert said.content["wanted"][0]["until_text"] == "2018年6月20日24时"
    assert (gap(w).times_wrong, outcome(w)) == (1, GapOutcome.OPEN)
    supply(w)
    w.do(filings.check_gap, gap(w), fine=True, by=people.window)
    said = paper(w, "DOC58")
    assert said.content["checked_by"] == people.window.user.name
    assert (outcome(w), papers(w.filing.book, "DOC35")) == (GapOutcome.IN_TIME, [])
    counts = counted_alike(w, people)
    assert (counts["in_time"], counts["wrong"], counts["all"]) == (1, 1, 1)


def test_late_and_never_stand_in_the_ledger(tolerated, people, at):
    w = tolerated
    with undone(w):
        w.now = at("2018-06-21 00:01")  # the date decides, before any sweep
        assert outcome(w) == GapOutcome.OVERDUE
        assert counted_alike(w, people)["overdue"] == 1
    w.until(at("2018-06-25 09:00"))
    with undone(w):
        supply(w)
        w.do(filings.check_gap, gap(w), fine=True, by=people.window)
        assert outcome(w) == GapOutcome.LATE
        assert counted_alike(w, people)["late"] == 1
        assert "恢复办理" in "".join(paper(w, "DOC58").content["effects"])
    with undone(w):
        w.do(filings.withdraw, w.filing, reason="不办了", by=people.enterprise)
        assert counted_alike(w, people)["dropped"] == 1
    w.until(at("2018-07-20 09:00"))
    assert (w.filing.stage, outcome(w)) == (Stage.RETURNED, GapOutcome.NEVER)
    assert counted_alike(w, people)["never"] == 1
    assert [len(papers(w.filing.book, kind)) for kind in ("DOC35", "DOC34")] == [1, 1]
    (row,) = ledger.by_enterprise(
        ledger.with_outcome(ledger.gaps_seen(people.supervisor), w.now), w.now
    )
    assert (row["never"], row["barred"]) == (1, False)


def test_the_ledger_is_the_offices_and_each_enterprises_own(
    tolerated, people, django_assert_max_num_queries
):
    w = tolerated
    for member in (people.department("ZJJ"), people.head("ZJJ")):
        assert Person(member, w.now).get("/gaps/").status_code == 403
        assert Person(member, w.now).get("/gaps/export/").status_code == 403
        assert Person(member, w.now).get("/api/v1/gaps/").status_code == 403
        assert Person(member, w.now).get("/api/v1/gap-ledger/").status_code == 403
    stranger = Person(people.other_enterprise, w.now)
    assert FUNDS not in stranger.get("/gaps/").content.decode()
    assert stranger.get("/api/v1/gaps/").json()["results"] == []
    for member in (people.window, people.supervisor, people.enterprise):
        person = Person(member, w.now)
        page = person.get("/gaps/").content.decode()
        assert FUNDS in page
        assert "待补齐" in page
        sheet = b"".join(person.get("/gaps/export/", form="csv").streaming_content).decode()
        assert FUNDS in sheet
        (row,) = person.get("/api/v1/gaps/", outcome="open").json()["results"]
        assert (row["material"], row["outcome"], row["times_wrong"]) == (FUNDS, "open", 0)
        assert person.get("/api/v1/gaps/", outcome="never").json()["results"] == []
        (row,) = person.get("/api/v1/gap-ledger/").json()
        assert (row["open"], row["all"]) == (1, 1)
    person = Person(people.supervisor, w.now)
    person.get("/gaps/")
    with django_assert_max_num_queries(12):
        person.get("/gaps/")


# — model 1 and model 2 ———————————————————————————————————————————————————————————————


def approve(w, code, **more):
    item = w.filing.items.get(code=code)
    said = {"number": "示例文〔2018〕1号", "issued_on": w.now.date(), "by": w.people.window}
    return w.do(filings.record_approval, item, **{**said, **more})


def test_model_1_nothing_is_decided_before_the_paper_is_there(tolerated, people):
    w = tolerated
    with refused("材料.*还没有补齐.*模式一"):
        approve(w, "R06")
    page = Person(people.window, w.now).get(f"/cases/{w.filing.public_id}/items/R06/approval/")
    assert "模式一" in page.content.decode()
    # Nor do the limits of the approval begin, which nobody could keep.
    item = w.filing.items.get(code="R06")
    with refused("还没有补齐.*模式一"):
        w.do(filings.take_up_item, item, by=people.department(item.department.code))
    approve(w, "C05")  # an item that the missing paper is not of
    supply(w)
    w.do(filings.check_gap, gap(w), fine=True, by=people.window)
    item = approve(w, "R06")
    assert (item.approval, item.conditional, item.approval_label) == ("issued", False, "已取得")


@pytest.fixture
def conditional(listed):
    """C05 may be decided while its design contract is promised for the 21st."""
    w = listed
    CatalogueItem.objects.filter(code__in=("C05", "R06")).update(tolerance_model="2")
    promise(w, CONTRACT)
    w.hand_in()
    w.accept()
    assert paper(w, "DOC06").content["consequences"][-1].count("解除条件") == 1
    return w


def test_model_2_is_decided_on_condition_and_never_looks_like_decided(conditional, people):
    w = conditional
    item = approve(w, "C05")
    assert (item.approval, item.conditional) == (Approval.ISSUED, True)
    # A notice of default that names it says on what it rests.
    assert approval_text(item) == "容缺通过（附解除条件，材料未补齐），开工前须补齐"
    case = f"/cases/{w.filing.public_id}/"
    for path in (case, f"{case}gate/"):
        page = Person(people.window, w.now).get(path).content.decode()
        assert "容缺通过（附解除条件，材料未补齐）" in page
    told_programs = Person(people.window, w.now).get(f"/api/v1/filings/{w.filing.public_id}/")
    (shown,) = [row for row in told_programs.json()["items"] if row["code"] == "C05"]
    assert (shown["conditional"], shown["tolerance_model"]) == (True, "2")
    assert "容缺通过" in shown["approval_label"]
    assert told_programs.json()["gaps_open"] == 1
    # The start waits for the paper all the same.
    assert CONTRACT in [row["subject"] for row in w.filing.gate_missing()]
    # The paper makes it whole,
    with undone(w):
        supply(w, CONTRACT)
        w.do(filings.check_gap, gap(w), fine=True, by=people.window)
        item.refresh_from_db()
        assert (item.conditional, item.approval_label) == (False, "已取得")
        assert approval_text(item) == "已取得"
        assert "不再附条件" in "".join(paper(w, "DOC58").content["effects"])
    # and without it the decision lapses with the case.
    w.until(instant("2018-07-31 09:00"))
    item.refresh_from_db()
    assert w.filing.stage == Stage.RETURNED
    assert (item.approval, item.conditional) == (Approval.LAPSED, False)
    assert "已失效" in approval_text(item)
    assert item.approval_number  # nothing is wiped out
    assert in_order(["record_approval", "approval_lapsed", "send_back"], acts(w.filing.book))
    assert sound()


def test_behind_a_red_line_of_the_project_it_stays_model_1(listed, people):
    w = listed
    CatalogueItem.objects.filter(code="R06").update(tolerance_model="2")
    promise(w)
    assert w.filing.items.get(code="R06").tolerated_as == "1"
    with refused("模式一"):
        approve(w, "R06")


def test_passed_with_a_gap_is_not_called_passed(conditional, people):
    """From the conclusion to the published commitment: page, minutes, notice, interface."""
    w = conditional
    # The paper comes in time and waits for the window, so that the way goes on.
    supply(w, CONTRACT)
    w.to(Stage.NOTICED)
    item = AgendaItem.objects.get(filing=w.filing, session__kind="meeting")
    assert item.with_gaps == 1
    assert item.conclusion_label == "容缺通过（尚缺1件材料）"
    (minutes,) = paper(w, "DOC13").content["agenda"]
    assert minutes["conclusion"] == "容缺通过（尚缺1件材料）"
    case = Person(people.window, w.now).get(f"/cases/{w.filing.public_id}/").content.decode()
    assert "<b>容缺通过（尚缺1件材料）</b>" in case
    assert told(people.enterprise, "容缺通过")
    public = Person(people.enterprise, w.now)
    for path in (f"/notices/{w.notice.public_id}/", f"/api/v1/notices/{w.notice.public_id}/"):
        assert "尚有1件材料待补齐" in public.get(path).content.decode(), path
    assert "尚有1件材料待补齐" in paper(w, "DOC17").content["gaps_text"]
    code = {"number": w.filing.number, "code": w.filing.query_code}
    for page in (
        Person(people.window, w.now).get(f"/cases/{w.filing.public_id}/"),
        public.post("/progress/", **code),
    ):
        assert "容缺：尚缺1件材料" in page.content.decode()
    w.wait_out()
    shown = public.get(f"/api/v1/notices/{w.notice.public_id}/").json()
    assert "容缺" in shown["standing"]
    # The commitment stands on condition; complete, without one.
    committed = w.filing.items.get(code="C05")
    assert (committed.approval, committed.conditional) == (Approval.REPLACED, True)
    assert "容缺通过" in committed.approval_label
    w.do(filings.check_gap, gap(w), fine=True, by=people.window)
    committed.refresh_from_db()
    assert (committed.conditional, committed.approval_label) == (False, "被承诺替代")


def test_model_1_a_commitment_waits_for_the_paper_too(listed, people):
    w = listed
    promise(w, CONTRACT)
    w.hand_in()
    w.accept()
    supply(w, CONTRACT)
    w.to(Stage.CLEARED)
    committed = w.filing.items.get(code="C05")
    assert committed.approval == Approval.OWED
    w.do(filings.check_gap, gap(w), fine=True, by=people.window)
    committed.refresh_from_db()
    assert committed.approval == Approval.REPLACED


# — on the page ————————————————————————————————————————————————————————————————————————


def test_on_the_page_it_is_signed_and_who_is_barred_reads_why(listed, people):
    w = listed
    page = f"/cases/{w.filing.public_id}/materials/"
    person = Person(people.enterprise, w.now)
    shown = person.get(page).content.decode()
    assert 'max="2018-06-20"' in shown
    assert "没有未修复的失信记录" in shown
    asked = {"act": "promise", "material": the(w).pk, "reason": "银行月底出具"}
    refusal = person.post(page, **asked, by_day="2018-06-19")
    assert refusal.status_code == 422
    assert "请确认声明并签署承诺" in refusal.content.decode()
    wrong = person.post(page, **asked, signed="yes", by_day="19/06")
    assert wrong.status_code == 422
    with undone(w):
        bar(w)
        assert "示例信认〔2018〕1号" in person.get(page).content.decode()
        assert person.post(page, **asked, signed="yes").status_code == 409
        assert "示例信认〔2018〕1号" in person.get("/gaps/").content.decode()
    assert person.post(page, **asked, signed="yes", by_day="2018-06-19").status_code == 302
    assert gap(w).due_at == instant("2018-06-20 00:00")
    assert "容缺承诺书" in person.get(page).content.decode()


def test_a_program_signs_too(client, listed, people):
    w = listed
    said = {"reason": "银行月底出具", "by_day": "2018-06-19"}
    with clock.driven(w.now):
        program = Program(client, people.enterprise)
        address = f"materials/{the(w).pk}/promise/"
        assert program.post(address, said).status_code == 422
        assert program.post(address, {**said, "signed": False}).status_code == 422
        made = program.post(address, {**said, "signed": True})
    assert made.status_code == 200, made.content.decode()
    assert gap(w).length == 2
