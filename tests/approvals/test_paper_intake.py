"""窗口纸质收件: one enters, another confirms; the limits run from the time on the paper, and no default hangs on it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Membership
from approvals import services
from approvals.models import PaperIntake
from approvals.rules import limits
from approvals.stages import MaterialState, PaperState, Stage
from core.deadlines.queries import calendar_at, last_day_of
from core.documents.models import Attachment, Paper
from core.documents.stages import Scan
from core.notify.models import Message
from desk.queries.timeline import timeline
from desk.queries.work import waiting_for
from tests.approvals.browse import Browser, text
from tests.conftest import instant
from tests.standing import standing
from tests.stories.telling import refused
from tests.walk import acts, pdf, walk

pytestmark = pytest.mark.django_db
walked, case = standing(lambda people: walk(people, instant("2018-03-05 09:00"), to=Stage.LISTED))


@pytest.fixture
def later(case):
    """The next morning but one: the paper came the day before."""
    case.morning(2)
    return case


def enter(w, by=None, **other):
    given = {
        "paper_at": w.now - timedelta(days=1),
        "bearer": "李示例丁",
        "materials": [one.pk for one in w.filing.intake_open()],
        "upload": pdf("收件登记.pdf"),
        **other,
    }
    return services.enter_paper(w.filing, by=by or w.people.window, at=w.now, **given)


def confirm(w, intake, by=None):
    return services.confirm_paper(intake, by=by or w.people.convenor, at=w.now)


# — the entry ——————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize("who", ["enterprise", "other_enterprise", "supervisor", "administrator"])
def test_only_the_window_enters(later, who):
    with refused(error=PermissionDenied):
        enter(later, by=getattr(later.people, who))


def test_not_of_the_future_and_not_before_the_list(later):
    with refused("不能晚于现在", ValidationError):
        enter(later, paper_at=later.now + timedelta(minutes=1))
    with refused("不能早于告知书送达", ValidationError):
        enter(later, paper_at=later.filing.served_at - timedelta(minutes=1))


@pytest.mark.parametrize(
    ("wrong", "why"), [({"bearer": " "}, "请写明交件人"), ({"materials": []}, "请勾选交来的材料")]
)
def test_it_names_who_brought_what(later, wrong, why):
    with refused(why, ValidationError):
        enter(later, **wrong)


def test_one_at_a_time_and_only_while_something_is_to_be_handed_in(later):
    enter(later)
    with refused("已有一份纸质收件"):
        enter(later)
    later.hand_in()
    with refused("窗口才收纸质材料"):
        enter(later)


def test_entered_nothing_runs_from_it(later):
    enter(later)
    filing = later.filing
    assert filing.stage == Stage.LISTED
    assert filing.received_at is None
    assert not filing.limits.filter(ended_at=None).exists()
    assert not filing.materials.filter(state=MaterialState.RECEIVED).exists()
    assert not Paper.objects.filter(book=filing.book, kind="DOC02").exists()


# — the second person ——————————————————————————————————————————————————————————————


def test_who_entered_does_not_confirm_under_any_membership(later):
    made = enter(later)
    with refused("登记的人不能自己确认"):
        confirm(later, made, by=later.people.window)
    twin = Membership.objects.create(
        user=later.people.window.user, organisation=later.people.window.organisation, role="convenor",
        valid_from=later.people.window.valid_from,
    )  # fmt: skip
    with refused("登记的人不能自己确认"):
        confirm(later, made, by=twin)
    for who in ("enterprise", "supervisor"):
        with refused(error=PermissionDenied):
            confirm(later, made, by=getattr(later.people, who))


def test_confirmed_the_five_working_days_run_from_the_paper_and_it_is_marked_as_late(later):
    made = enter(later)
    rows = [str(row.title) for row in waiting_for(later.people.convenor, later.now)]
    own = [str(row.title) for row in waiting_for(later.people.window, later.now)]

    filing = confirm(later, made)

    assert filing.stage == Stage.RECEIVED
    assert filing.received_at == made.paper_at
    statutory = filing.limits.get(rule=limits.STATUTORY_ACCEPTANCE.code, ended_at=None)
    assert statutory.started_at == made.paper_at
    expected = calendar_at(later.now).add_working(made.paper_at.date(), 5)
    assert last_day_of(statutory.due_at) == expected
    assert not filing.materials.intake().exclude(state=MaterialState.RECEIVED).exists()
    receipt = Paper.objects.get(book=filing.book, kind="DOC02")
    assert "补录" in receipt.content["late_text"]
    assert "李示例丁" in receipt.content["handler"]["name"]
    entry = next(e for e in timeline(filing, {}, later.people.window) if e["act"] == "纸质收件")
    assert entry["late"]
    assert acts(filing.book).index("enter_paper") < acts(filing.book).index("hand_in_on_paper")
    notes = {row["received_text"] for row in receipt.content["materials"]}
    assert notes == {"2018年3月6日（补录）"}
    with refused("已经办过"):
        confirm(later, made)
    assert "确认纸质收件（第二人）" in rows
    assert "确认纸质收件（第二人）" not in own


def test_refused_it_stays_on_record_and_moves_nothing(later):
    made = enter(later)
    with refused("请写明理由", ValidationError):
        services.refuse_paper(made, reason=" ", by=later.people.convenor, at=later.now)
    services.refuse_paper(made, reason="日期与登记簿不符", by=later.people.convenor, at=later.now)
    assert later.filing.stage == Stage.LISTED
    assert PaperIntake.objects.get().state == PaperState.REFUSED
    assert Message.objects.filter(to=later.people.window, subject__contains="没有确认").exists()
    enter(later)


def test_handed_in_online_meanwhile_the_paper_is_confirmed_no_more(later):
    made = enter(later)
    later.hand_in()
    with refused("阶段已经变了"):
        confirm(later, made)


def test_a_scan_in_which_something_harmful_was_found_is_not_confirmed(later):
    made = enter(later)
    Attachment.objects.filter(pk=made.scan_id).update(scan=Scan.INFECTED)
    with refused("查毒发现恶意代码"):
        confirm(later, made)


# — neither makes nor takes back a default ————————————————————————————————————————————————


def test_a_paper_of_long_ago_makes_no_silence(case):
    case.morning(1)
    came = case.now
    case.morning(8)
    made = enter(case, paper_at=came)

    filing = confirm(case, made)

    assert filing.received_at == came
    statutory = filing.limits.get(rule=limits.STATUTORY_ACCEPTANCE.code, ended_at=None)
    assert statutory.started_at == case.now  # from the confirmation: nobody could have acted before
    case.sweep()
    assert case.filing.stage == Stage.RECEIVED
    assert Message.objects.filter(to=case.people.supervisor, subject__contains="补录太晚").exists()
    assert PaperIntake.objects.get().counted_from == case.now

    counted = case.now
    case.morning(8)
    case.sweep()
    assert case.filing.accepted_by_silence
    assert case.filing.accepted_at == counted  # and not before anybody could have acted


def test_a_correction_that_was_not_in_time_is_not_made_so_by_hand(case):
    case.hand_in()
    material = case.filing.materials.intake().first()
    case.do(services.check_material, material, fine=False, reason="缺章", by=case.people.window)
    case.do(services.ask_correction, case.filing, by=case.people.window)
    due = case.filing.limits.get(rule=limits.CORRECTION.code, ended_at=None).due_at
    case.now = due - timedelta(hours=8)
    with refused("不能早于补正告知", ValidationError):
        enter(case, paper_at=case.filing.stage_since - timedelta(hours=1), materials=[material.pk])
    made = enter(case, paper_at=case.now - timedelta(hours=1), materials=[material.pk])
    case.now = due + timedelta(
        seconds=1
    )  # entered in time, confirmed after the end: silence has decided
    with refused("补录的时间不能推翻"):
        confirm(case, made)


def test_an_entry_of_one_round_of_correction_is_none_of_the_next(case):
    case.hand_in()
    material = case.filing.materials.intake().first()
    made = None
    for _round in range(2):
        case.do(services.check_material, material, fine=False, reason="缺章", by=case.people.window)
        case.do(services.ask_correction, case.filing, by=case.people.window)
        if made is None:
            case.morning(1)
            made = enter(case, paper_at=case.now - timedelta(minutes=30), materials=[material.pk])
            case.do(services.upload_material, material, upload=pdf(), by=case.people.enterprise)
            case.do(services.hand_in_correction, case.filing, by=case.people.enterprise)
            material.refresh_from_db()
            case.morning(1)
    assert case.filing.stage == Stage.CORRECTING
    with refused("阶段已经变了"):
        confirm(case, made)


def test_a_correction_on_paper_in_time_begins_the_period_anew(case):
    case.hand_in()
    material = case.filing.materials.intake().first()
    case.do(services.check_material, material, fine=False, reason="缺章", by=case.people.window)
    case.do(services.ask_correction, case.filing, by=case.people.window)
    case.morning(1)
    made = enter(case, paper_at=case.now - timedelta(minutes=30), materials=[material.pk])
    filing = confirm(case, made)
    assert filing.stage == Stage.RECEIVED
    assert acts(filing.book).count("hand_in_correction_on_paper") == 1


def test_the_database_wants_two_persons_and_no_future(later):
    made = enter(later)
    for wrong in (
        {"state": PaperState.CONFIRMED},
        {"decided_by": made.entered_by, "state": PaperState.REFUSED, "reason": "x"},
        {"paper_at": later.now + timedelta(days=1)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            PaperIntake.objects.filter(pk=made.pk).update(**wrong)


# — the pages ——————————————————————————————————————————————————————————————————————


def test_two_people_of_the_window_do_it_on_pages(later):
    one, two = Browser(later.people.window, later.now), Browser(later.people.convenor, later.now)
    here = later.filing.public_id
    form = {"paper_at": "2018-03-06T10:00", "bearer": "李示例丁"}
    wanted = [one.pk for one in later.filing.intake_open()]
    assert one.post("paper_intake", here, **form, materials=wanted).status_code == 422
    sent = one.post("paper_intake", here, **form, materials=wanted, upload=pdf())
    assert sent.status_code == 302, text(sent)
    made = PaperIntake.objects.get()
    assert "等窗口的另一名人员确认" in text(one.get("paper_intake", here))
    assert "不能自己确认" in text(one.get("decide_paper", here, made.pk))
    assert one.post("decide_paper", here, made.pk, decision="confirm").status_code == 409

    assert two.post("decide_paper", here, made.pk, decision="refuse").status_code == 422
    assert two.post("decide_paper", here, made.pk, decision="confirm").status_code == 302
    page = text(Browser(later.people.enterprise, later.now).get("paper_intake", here))
    assert "已确认（补录）" in page
    assert "录入时间" in page
