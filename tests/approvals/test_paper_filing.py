"""窗口收纸质申报: one types it, another confirms it against the scan; only then it is filed, as of the paper's time."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Organisation, User
from accounts.rules import with_check_characters
from accounts.stages import Role
from approvals import services
from approvals.models import Filing, PaperIntake, Region
from approvals.rules import limits
from approvals.stages import PaperState, Stage
from core import clock
from core.documents.models import Paper
from core.notify.models import Message
from core.steps.offers import offered
from desk.queries.progress import filing_of
from desk.queries.work import waiting_for
from tests.approvals.browse import Browser, text
from tests.conftest import instant
from tests.stories.telling import refused
from tests.walk import ANSWERS, PROJECT, Walk, acts, pdf

pytestmark = pytest.mark.django_db
CODE = with_check_characters("9114072200PAPER1")
START = instant("2018-03-05 09:00")


class AtTheCounter(Walk):
    """A walk whose filing is typed at the window."""

    def open(self, **other):
        given = {"uscc": CODE, "name": "示例纸质企业", "phone": "0354-0000009", **other}
        filing = self.do(services.open_at_counter, **given, by=self.people.window)
        self.pk = filing.pk
        return filing

    def type(self, **other):
        self.do(services.save_answers, self.filing, answers=ANSWERS, by=self.people.window)
        fields = {**PROJECT, "site": Region.objects.get(code="140722101"), **other}
        fields["planned_start"] = timezone.localdate(self.now) + timedelta(days=90)
        self.do(services.save_project, self.filing, **fields, by=self.people.window)

    def enter(self, by=None, **other):
        given = {
            "paper_at": self.now - timedelta(hours=1),
            "bearer": "李示例丁",
            "upload": pdf("申请书.pdf"),
        }
        return self.do(
            services.enter_application,
            self.filing,
            **{**given, **other},
            by=by or self.people.window,
        )

    def confirm(self, made, by=None):
        return self.do(services.confirm_paper, made, by=by or self.people.convenor)


@pytest.fixture
def desk(people):
    return AtTheCounter(people, START)


@pytest.fixture
def typed(desk):
    desk.open()
    desk.now += timedelta(hours=2)
    desk.type()
    return desk


# — opening —————————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize("who", ["enterprise", "supervisor", "administrator"])
def test_only_the_window_opens(desk, who):
    with refused(error=PermissionDenied), clock.driven(desk.now):
        services.open_at_counter(uscc=CODE, name="示例", by=getattr(desk.people, who), at=desk.now)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"uscc": "91"}, "应为18位"),
        ({"uscc": CODE[:17] + ("1" if CODE[17] != "1" else "2")}, "第18位校验码不符"),
        ({"name": " "}, "请填写企业名称"),
    ],
)
def test_the_code_is_checked_and_a_new_enterprise_has_a_name(desk, given, why):
    with refused(why, ValidationError):
        desk.open(**given)
    assert not Organisation.objects.filter(uscc=CODE).exists()


def test_a_doubtful_code_is_taken_once_it_was_compared_again(desk):
    wrong = CODE[:17] + ("1" if CODE[17] != "1" else "2")
    filing = desk.open(uscc=wrong, uscc_confirmed=True)
    assert "校验码不符" in filing.enterprise.uscc_note


def test_a_known_enterprise_is_found_and_its_name_is_held_against_the_paper(desk):
    known = desk.people.enterprise.organisation
    with refused("登记的企业是“示例新材料有限公司”", ValidationError):
        desk.open(uscc=known.uscc, name="别的示例企业")
    assert desk.open(uscc=known.uscc, name="").enterprise == known


def test_twice_opened_for_one_code_there_is_one_enterprise(desk):
    desk.open()
    desk.open(name="")
    assert Organisation.objects.filter(uscc=CODE).count() == 1
    assert Filing.objects.filter(on_paper=True).count() == 2


def test_a_mistyped_code_is_no_hindrance_to_whose_it_is_and_a_new_telephone_is_kept(desk):
    desk.open(name="录错的示例企业", contact="李示例丁")
    filing = desk.open(name="示例纸质企业", phone="0354-0000010")
    found = filing.enterprise
    assert (found.name, found.phone, found.contact) == (
        "示例纸质企业",
        "0354-0000010",
        "李示例丁",
    )
    desk.type()
    desk.confirm(desk.enter())
    with refused("登记的企业是“示例纸质企业”", ValidationError):
        desk.open(name="别的示例企业")
    assert desk.open(name="", phone="0354-0000011").enterprise.phone == "0354-0000011"
    desk.do(services.confirm_licence, found, by=desk.people.window)
    assert desk.open(name="", phone="0354-0000012").enterprise.phone == "0354-0000011"


# — typing ——————————————————————————————————————————————————————————————————————————


def test_the_enterprise_reads_what_is_typed_and_writes_nothing_into_it(desk):
    known = desk.people.enterprise
    desk.do(services.confirm_licence, known.organisation, by=desk.people.window)
    desk.open(uscc=known.organisation.uscc, name="")
    with clock.driven(desk.now):
        assert desk.filing in Filing.objects.visible_to(known)
        assert desk.filing in Filing.objects.visible_to(desk.people.window)
        assert desk.filing not in Filing.objects.visible_to(desk.people.supervisor)
        for act, more in (
            (services.save_answers, {"answers": ANSWERS}),
            (services.save_project, {}),
        ):
            with refused("窗口正在按贵单位的纸质申请录入", PermissionDenied):
                act(desk.filing, **more, by=known, at=desk.now)
    # What the window types is the window's to file: nothing waits for the enterprise.
    assert "补全并申报" not in [str(row.title) for row in waiting_for(known, desk.now)]
    desk.type()
    with refused("第二人对照扫描件确认"):
        desk.do(services.submit, desk.filing, by=known)


def test_the_window_still_sees_no_draft_of_an_enterprise_and_types_none(people):
    with clock.driven(START):
        own = services.open_draft(by=people.enterprise, at=START)
        assert own not in Filing.objects.visible_to(people.window)
        with refused(error=PermissionDenied):
            services.save_answers(own, answers=ANSWERS, by=people.window, at=START)
        with refused("由企业自己申报"):
            services.enter_application(
                own, paper_at=START, bearer="李示例", upload=pdf(), by=people.window, at=START
            )


def test_half_typed_it_is_not_sent(desk):
    desk.open()
    with refused("还有问题没有回答"):
        desk.enter()


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"bearer": " "}, "请写明交件人"),
        ({"upload": None}, "请上传企业签字盖章"),
        ({"paper_at": START + timedelta(days=9)}, "不能晚于现在"),
        ({"paper_at": instant("2001-01-05 09:00")}, "还没有施行"),
    ],
)
def test_what_an_entry_must_have(typed, wrong, why):
    with refused(why, ValidationError):
        typed.enter(**wrong)


def test_sent_it_is_closed_to_changes_until_it_is_taken_back(typed):
    made = typed.enter()
    with refused("已送第二人确认"):
        typed.type()
    with refused("已有一份纸质收件"):
        typed.enter()
    with refused(error=PermissionDenied):
        typed.do(services.take_back_paper, made, reason="改", by=typed.people.convenor)
    with refused("请写明理由", ValidationError):
        typed.do(services.take_back_paper, made, reason=" ", by=typed.people.window)
    typed.do(services.take_back_paper, made, reason="投资额录错", by=typed.people.window)
    with refused("已经办过"):
        typed.do(services.take_back_paper, made, reason="再来", by=typed.people.window)
    with refused("已经办过"):
        typed.confirm(made)
    typed.type(investment_wan="1300")
    again = typed.enter(upload=None)
    assert again.scan == made.scan


# — the second person ———————————————————————————————————————————————————————————————


def test_who_entered_does_not_confirm_under_any_membership_and_nobody_else_but_the_window(typed):
    made = typed.enter()
    own = typed.people.window
    twin = Membership.objects.create(
        user=own.user, organisation=own.organisation, role=Role.CONVENOR, valid_from=own.valid_from
    )
    for one in (own, twin):
        with refused("登记的人不能自己确认"):
            typed.confirm(made, by=one)
    for who in ("enterprise", "supervisor", "administrator"):
        with refused(error=PermissionDenied):
            typed.confirm(made, by=getattr(typed.people, who))
    assert typed.filing.stage == Stage.DRAFT


def test_who_typed_it_does_not_confirm_what_another_entered(typed):
    made = typed.enter(by=typed.people.convenor)
    titles = [str(row.title) for row in waiting_for(typed.people.window, typed.now)]
    assert "确认纸质收件（第二人）" not in titles
    for decide, more in (
        (services.confirm_paper, {}),
        (services.refuse_paper, {"reason": "录错"}),
    ):
        with refused("录入的人不能自己确认"):
            typed.do(decide, made, **more, by=typed.people.window)
    typist = Browser(typed.people.window, typed.now)
    here = typed.filing.public_id
    there = reverse("approvals:decide_paper", args=[here, made.pk])
    assert f'{there}"' not in text(typist.get("paper_intake", here))
    assert typist.post("decide_paper", here, made.pk, decision="confirm").status_code == 409
    # Nobody else of the window is left: the supervisor hears of it at once.
    assert Message.objects.filter(to=typed.people.supervisor, subject__contains="请另一名").exists()


def test_refused_with_reasons_it_goes_back_to_be_corrected(typed):
    made = typed.enter()
    typed.do(services.refuse_paper, made, reason="投资额与申请书不符", by=typed.people.convenor)
    assert Message.objects.filter(
        to=typed.people.window, subject__contains="投资额与申请书不符"
    ).exists()
    titles = [str(row.title) for row in waiting_for(typed.people.window, typed.now)]
    assert "录完纸质申报，送第二人确认" in titles
    typed.type(investment_wan="1300")
    filing = typed.confirm(typed.enter(upload=None))
    assert filing.investment_wan == 1300
    assert list(filing.paper_intakes.values_list("state", flat=True)) == ["refused", "confirmed"]


def test_confirmed_it_is_filed_as_of_the_paper_with_a_receipt_and_a_code_to_follow_it(typed):
    made = typed.enter()
    titles = [str(row.title) for row in waiting_for(typed.people.convenor, typed.now)]
    own = [str(row.title) for row in waiting_for(typed.people.window, typed.now)]
    filing = typed.confirm(made)

    assert "确认纸质收件（第二人）" in titles
    assert "确认纸质收件（第二人）" not in own
    assert filing.stage == Stage.SUBMITTED
    assert filing.submitted_at == made.paper_at
    assert filing.number
    assert filing.catalogue is not None
    assert acts(filing.book)[-3:] == ["confirm_paper", "submit_on_paper", "issue_paper"]
    receipt = Paper.objects.get(book=filing.book, kind="DOC02").content
    assert receipt["filing_number"] == filing.number
    assert "李示例丁" in receipt["handler"]["name"]
    assert "补录" in receipt["late_text"]
    assert filing.query_code not in str(receipt)
    with clock.driven(typed.now):
        assert filing_of(filing.number, filing.query_code) == filing.pk
    # The first submission counts from the licence: the limit begins with it.
    typed.do(services.confirm_licence, filing.enterprise, by=typed.people.window)
    assert typed.filing.limits.get(rule=limits.CHECKLIST.code).started_at > made.paper_at
    with refused("已经办过"):
        typed.confirm(made)


def known(w):
    """The enterprise is known and its licence was confirmed: limits run from the paper."""
    office = w.people.enterprise.organisation
    office.licence_confirmed_at = START - timedelta(days=30)
    office.save()
    w.open(uscc=office.uscc, name="")
    w.now += timedelta(hours=2)
    w.type()
    return w


def test_it_counts_from_the_paper_after_hours_from_the_next_opening(desk):
    known(desk)
    came = instant("2018-03-05 10:30")
    filing = desk.confirm(desk.enter(paper_at=came))
    assert filing.limits.get(rule=limits.CHECKLIST.code, ended_at=None).started_at == came
    late = AtTheCounter(desk.people, instant("2018-03-06 09:00"))
    known(late)
    filing = late.confirm(late.enter(paper_at=instant("2018-03-05 20:30")))
    limit = filing.limits.get(rule=limits.CHECKLIST.code, ended_at=None)
    assert limit.started_at > instant("2018-03-06 07:00")
    assert limit.came_at == instant("2018-03-05 20:30")
    assert filing.submitted_at == instant("2018-03-05 20:30")


def test_confirmed_too_late_it_counts_from_the_confirmation_and_the_supervisor_hears(desk):
    known(desk)
    made = desk.enter()
    desk.morning(8)
    filing = desk.confirm(made)
    made.refresh_from_db()
    assert made.counted_late
    limit = filing.limits.get(rule=limits.CHECKLIST.code, ended_at=None)
    assert limit.started_at == made.decided_at
    assert limit.escalated_at is None
    assert Message.objects.filter(to=desk.people.supervisor, subject__contains="补录太晚").exists()


def test_with_nobody_left_to_confirm_the_supervisor_is_told(typed):
    Membership.objects.filter(role=Role.CONVENOR).update(valid_to=START.date() - timedelta(days=1))
    others = Membership.objects.filter(role=Role.WINDOW).exclude(pk=typed.people.window.pk)
    others.update(valid_to=START.date() - timedelta(days=1))
    typed.enter()
    assert Message.objects.filter(to=typed.people.supervisor, subject__contains="请另一名").exists()


def test_a_double_is_told_to_both(typed):
    first = typed.confirm(typed.enter())
    again = AtTheCounter(typed.people, typed.now)
    again.open(name="")
    again.type()
    made = again.enter(paper_at=again.now - timedelta(minutes=1))
    assert made.doubles == [first.number]
    two = Browser(typed.people.convenor, again.now)
    page = text(two.get("decide_paper", again.filing.public_id, made.pk))
    assert "同一项目代码已经有申报件" in page
    assert "示例纸质企业" in page
    assert PROJECT["scale"] in page
    own = Browser(typed.people.enterprise, again.now)
    Filing.objects.filter(pk=again.pk).update(enterprise=typed.people.enterprise.organisation)
    again.do(services.confirm_licence, again.filing.enterprise, by=typed.people.window)
    seen = text(own.get("paper_intake", again.filing.public_id))
    assert PROJECT["project_name"] in seen
    assert first.number not in seen  # another enterprise's filing is none of its business


def test_dropped_it_goes_no_further(typed):
    made = typed.enter()
    with refused("待第二人确认"):
        typed.do(services.drop_application, typed.filing, reason="企业取回", by=typed.people.window)
    typed.do(services.refuse_paper, made, reason="企业取回", by=typed.people.convenor)
    with refused(error=PermissionDenied):
        typed.do(
            services.drop_application, typed.filing, reason="企业取回", by=typed.people.supervisor
        )
    typed.do(services.drop_application, typed.filing, reason="企业取回", by=typed.people.window)
    with refused("不是窗口录入的纸质申报"):
        typed.type()
    with refused("不是窗口录入的纸质申报"):
        typed.enter()
    titles = [str(row.title) for row in waiting_for(typed.people.window, typed.now)]
    assert "录完纸质申报，送第二人确认" not in titles


# — service on an enterprise without an account —————————————————————————————————————————


def listed(w):
    filing = w.confirm(w.enter())
    w.do(services.confirm_licence, filing.enterprise, by=w.people.window)
    w.serve()
    return w


def fetch(w, kind, **other):
    paper = Paper.objects.filter(book=w.filing.book, kind=kind).last()
    given = {"paper": paper, "collector": "李示例丁", "upload": pdf("送达回证.pdf"), **other}
    return w.do(services.hand_out_paper, w.filing, **given, by=w.people.window)


def test_it_fetches_the_list_at_the_counter_and_signs_for_it(typed):
    listed(typed)
    assert "通知企业到窗口领取文书并签收" in [
        str(row.title) for row in waiting_for(typed.people.window, typed.now)
    ]
    with refused("请写明领取人", ValidationError):
        fetch(typed, "DOC01", collector=" ")
    made = fetch(typed, "DOC01")
    assert typed.filing.acknowledged_at == made.handed_at
    assert "hand_out_paper" in acts(typed.filing.book)
    with refused("已经领取过"):
        fetch(typed, "DOC01")


def test_of_a_filing_made_online_nothing_is_fetched(people):
    way = Walk(people, START).to(Stage.LISTED)
    paper = Paper.objects.filter(book=way.filing.book, kind="DOC01").get()
    with refused("只有企业在纸上申报的"):
        way.do(
            services.hand_out_paper, way.filing, paper=paper, collector="李示例", upload=pdf(),
            by=people.window,
        )  # fmt: skip


def test_the_time_to_correct_begins_when_the_notice_was_fetched(typed):
    listed(typed)
    fetch(typed, "DOC01")
    wanted = [one.pk for one in typed.filing.intake_open()]
    made = typed.do(
        services.enter_paper, typed.filing, paper_at=typed.now, bearer="李示例丁", materials=wanted,
        upload=pdf(), by=typed.people.window,
    )  # fmt: skip
    typed.confirm(made)
    material = typed.filing.materials.intake().first()
    typed.do(services.check_material, material, fine=False, reason="缺章", by=typed.people.window)
    typed.do(services.ask_correction, typed.filing, by=typed.people.window)
    running = typed.filing.limits.filter(rule=limits.CORRECTION.code)
    assert not running.exists()
    typed.morning(40)
    assert typed.filing.stage == Stage.CORRECTING  # nobody is held to what they never got
    fetch(typed, "DOC02")
    assert not running.exists()
    made = fetch(typed, "DOC04")
    assert running.get().started_at == made.handed_at


def test_given_an_account_later_it_acts_for_itself(typed):
    listed(typed)
    user = User.objects.create(username="later", name="示例后来")
    person = Membership.objects.create(
        user=user, organisation=typed.filing.enterprise, role=Role.ENTERPRISE,
        valid_from=typed.now.date(),
    )  # fmt: skip
    typed.do(services.acknowledge_checklist, typed.filing, by=person)
    assert typed.filing.acknowledged_at


def test_the_code_cannot_be_registered_by_whoever_knows_it(typed, client):
    page = client.post("/register/", {"uscc": CODE, "name": "示例纸质企业"})
    assert "由县管理员开通" in page.content.decode()


def test_the_window_hands_out_the_query_code_only_where_nobody_acts_for_the_enterprise(typed):
    filing = typed.confirm(typed.enter())
    window = Browser(typed.people.window, typed.now)
    assert filing.query_code in text(window.get("query_code", filing.public_id))
    online = Walk(typed.people, typed.now).to(Stage.SUBMITTED)
    assert window.get("query_code", online.filing.public_id).status_code == 403


# — the pages ———————————————————————————————————————————————————————————————————————


def test_two_people_of_the_window_do_it_on_pages(desk):
    one, two = Browser(desk.people.window, desk.now), Browser(desk.people.convenor, desk.now)
    assert Browser(desk.people.enterprise, desk.now).get("counter").status_code == 403
    assert one.post("counter", uscc="12", name="示例").status_code == 422
    assert one.post("counter", uscc=CODE, name="示例纸质企业").status_code == 302
    filing = Filing.objects.get(on_paper=True)
    here, desk.pk = filing.public_id, filing.pk
    assert "示例纸质企业" in text(one.get("counter"))
    assert one.get("questionnaire", here).status_code == 200
    assert one.get("project", here).status_code == 200
    assert "还有问题没有回答" in text(one.get("paper_intake", here))
    desk.type()
    form = {"paper_at": "2018-03-05T08:40", "bearer": "李示例丁"}
    assert one.post("paper_intake", here, **form).status_code == 422
    sent = one.post("paper_intake", here, **form, upload=pdf())
    assert sent.status_code == 302, text(sent)
    made = PaperIntake.objects.get()
    assert made.state == PaperState.ENTERED
    offers = {offer.name: offer for offer in offered(desk.filing, desk.people.window)}
    assert "收回" in offers["project"].reasons[0]
    assert "等窗口的另一名人员确认" in offers["before_the_second"].silence
    assert "application" not in offers
    assert "现在还不能办理" not in text(one.get("paper_intake", here))
    assert one.post("decide_paper", here, made.pk, decision="confirm").status_code == 409
    assert two.post("decide_paper", here, made.pk, decision="confirm").status_code == 302
    assert desk.filing.stage == Stage.SUBMITTED
    paper = Paper.objects.get(book=filing.book)
    assert one.post("hand_out", here, paper.code, collector="李示例丁").status_code == 422
    sent = one.post("hand_out", here, paper.code, collector="李示例丁", upload=pdf())
    assert sent.status_code == 302
    assert "李示例丁于" in text(one.get("paper_intake", here))
