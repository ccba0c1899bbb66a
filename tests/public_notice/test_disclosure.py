"""依申请公开: from the request to its answer; who is asked in between, what silence comes to, and who may do what."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from core import clock
from core.deadlines.services import sweep_book
from core.documents.models import Paper
from core.ledger.models import Entry
from core.steps.tries import TooManyTries
from public_notice import services
from public_notice.models import Disclosure
from public_notice.queries.disclosures import papers_of
from public_notice.stages import DisclosureStage as S
from public_notice.stages import InquiryResult, Result
from tests.conftest import instant
from tests.public_notice.test_confidential_later import read
from tests.stories.telling import papers, refused, sound, told
from tests.walk import acts

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)
SAID = {
    "name": "张示例", "identity": "140722199001010000", "contact": "13800138000 示例街1号",
    "wanted": "示例项目的承诺书。", "applicant": "person", "form": "electronic",
}  # fmt: skip
# Monday, 10 September 2018; confirmed the next day.
SENT, CONFIRMED = instant("2018-09-10 10:00"), instant("2018-09-11 10:00")


class Told:
    """One request, and its time."""

    def __init__(self, now=SENT):
        self.now = now

    def do(self, service, *args, at=None, **said):
        self.now = at or self.now
        with clock.driven(self.now):
            return service(*args, at=self.now, **said)

    def sent(self, **said):
        self.pk = self.do(services.request_disclosure, **{**SAID, **said}).pk
        return self

    def confirmed(self, people, **said):
        self.sent(**said)
        self.do(services.confirm_disclosure, self.it, by=people.window, at=CONFIRMED)
        return self

    @property
    def it(self):
        return Disclosure.objects.get(pk=self.pk)

    def sweep(self, at):
        self.now = at
        with clock.driven(at):
            sweep_book(self.it.book_id, at)


@pytest.fixture
def told_(people):
    return Told()


@pytest.fixture
def running(told_, people):
    """Confirmed on 11 September; twenty working days end after the National Day holiday on 15 October."""
    return told_.confirmed(people)


def answer(w, people, at=None, result=Result.DISCLOSED, reply="随本件提供。", by=None):
    by = by or people.window
    return w.do(services.answer_disclosure, w.it, result=result, reply=reply, by=by, at=at)


def test_its_limit_runs_from_the_day_both_sides_confirmed(told_, people):
    told_.sent()
    assert told_.it.stage == S.SUBMITTED
    assert told_.it.due_at == instant("2018-09-12 00:00")
    for stranger in (people.enterprise, people.supervisor, people.department("ZJJ")):
        with refused(error=PermissionDenied):
            told_.do(services.confirm_disclosure, told_.it, by=stranger)
    told_.do(services.confirm_disclosure, told_.it, by=people.window, at=CONFIRMED)
    assert told_.it.received_at == CONFIRMED
    assert told_.it.due_at == instant("2018-10-16 00:00")
    assert told(people.window, "收到公开申请")
    assert papers(told_.it.book, "DOC81")
    with refused("不能确认收到"):
        told_.do(services.confirm_disclosure, told_.it, by=people.window)


@pytest.mark.parametrize(("channel", "stage"), [("counter", S.RUNNING), ("signed_mail", S.RUNNING),
                                                ("mail", S.SUBMITTED), ("fax", S.SUBMITTED)])  # fmt: skip
def test_how_it_came_decides_when_it_is_received(told_, people, channel, stage):
    signed = SENT.date() if channel == "signed_mail" else None
    more = {"channel": channel, "signed_on": signed, "by": people.window}
    made = told_.do(services.register_disclosure, **SAID, **more)
    assert made.stage == stage
    assert (made.received_at == SENT) is (stage == S.RUNNING)


def test_what_is_sent_wrong_or_twice(told_, people):
    for field in ("name", "identity", "contact", "wanted"):
        with refused("条例》第二十九条", error=ValidationError):
            told_.do(services.request_disclosure, **{**SAID, field: " "})
    first = told_.sent().it
    assert told_.sent().it == first
    with refused(error=PermissionDenied):
        told_.do(services.register_disclosure, **SAID, channel="counter", by=people.supervisor)
    with refused(error=ValidationError):
        told_.do(services.register_disclosure, **SAID, channel="web", by=people.window)
    for turn in range(10):
        told_.do(services.request_disclosure, **{**SAID, "wanted": f"{turn}"}, origin="192.0.2.1")
    with refused(error=TooManyTries):
        told_.do(services.request_disclosure, **{**SAID, "wanted": "更多"}, origin="192.0.2.1")


def test_answered_with_its_article_and_remedies(running, people):
    for stranger in (people.enterprise, people.supervisor, people.department("ZJJ")):
        with refused(error=PermissionDenied):
            answer(running, people, by=stranger)
    for wrong in ({"reply": " "}, {"result": "not_corrected"}, {"result": "?"}):
        with refused(error=ValidationError):
            answer(running, people, **wrong)
    answer(running, people, result=Result.PROCESS, reply="属于过程性信息。")
    it = running.it
    assert (it.stage, it.result, it.running) == (S.ANSWERED, Result.PROCESS, False)
    paper = Paper.objects.get(book=it.book, kind="DOC85")
    assert paper.content["rows"][0]["text"] == "决定不予公开"
    assert "应当先" in paper.content["remedies"][0]
    assert "60日" in paper.content["remedies"][0]
    with refused("不能答复申请"):
        answer(running, people)
    assert sound()


def test_nothing_of_who_asked_is_in_the_ledger_or_on_a_letter_to_others(running, people):
    running.do(
        services.ask_view, running.it, kind="third_party", whom="示例公司", text="是否同意公开承诺书？",
        by=people.window,
    )  # fmt: skip
    said = " ".join(Entry.objects.filter(book=running.it.book).values_list("payload", flat=True))
    paper = Paper.objects.get(book=running.it.book, kind="DOC84")
    assert paper.title == paper.content["title"] == "征求公开意见书"
    assert paper not in papers_of(running.it, of_applicant=True)
    letter = str(paper.content)
    for secret in (SAID["name"], SAID["identity"], SAID["contact"]):
        assert secret not in said
        assert secret not in letter
    assert SAID["identity"] not in str(
        Paper.objects.get(book=running.it.book, kind="DOC81").content
    )
    assert not Paper.objects.filter(book=running.it.book, public=True).exists()


def test_a_correction_is_asked_once_in_seven_days_and_the_limit_starts_anew(running, people):
    ask = {"text": "请写明项目名称。", "by": people.window}
    with refused("7个工作日"):
        running.do(
            services.ask_correction, running.it, **ask, at=instant("2018-09-21 00:00") + TICK
        )
    running.do(services.ask_correction, running.it, **ask, at=instant("2018-09-21 00:00"))
    assert running.it.stage == S.CORRECTING
    assert not running.it.running
    with refused("不能答复申请"):
        answer(running, people)
    later = instant("2018-09-25 09:00")
    running.do(services.supplement_disclosure, running.it, text="示例项目。", at=later)
    assert running.it.due_at == instant("2018-10-27 00:00")
    with refused("补正只能一次"):
        running.do(services.ask_correction, running.it, **ask)


def test_not_corrected_in_time_it_is_given_up(running, people):
    running.do(services.ask_correction, running.it, text="请写明。", by=people.window)
    due = running.it.inquiries.get().due_at
    with refused("补正期限已过"):
        running.do(services.supplement_disclosure, running.it, text="示例。", at=due + TICK)
    with refused("补正期限已过"):
        running.do(services.withdraw_disclosure, running.it, at=due + TICK)
    running.sweep(due + timedelta(days=1))
    assert (running.it.stage, running.it.result) == (S.ABANDONED, Result.NOT_CORRECTED)
    assert running.it.closed_at == due


def view(w, people, kind, at=None):
    return w.do(services.ask_view, w.it, kind=kind, whom="示例单位", text="是否同意？",
                by=people.window, at=at)  # fmt: skip


def test_the_time_of_who_is_asked_is_not_counted(running, people):
    before = running.it.due_at
    asked = view(running, people, "third_party", at=instant("2018-09-12 09:00"))
    assert running.it.suspended
    with refused("还在等被征询"):
        answer(running, people)
    with refused(error=ValidationError):
        running.do(services.record_view, asked, agrees=True, said=" ", by=people.window)
    running.do(services.record_view, asked, agrees=False, said="涉及商业秘密。", by=people.window,
               at=instant("2018-09-19 09:00"))  # fmt: skip
    assert running.it.due_at > before
    assert not running.it.suspended
    with refused("已经有结果"):
        running.do(services.record_view, asked, agrees=True, said="改了。", by=people.window)


@pytest.mark.parametrize("kind", ["third_party", "organ"])
@pytest.mark.parametrize("swept", [True, False])
def test_silence_of_who_is_asked_is_the_same_whether_or_not_it_is_swept(running, people, kind, swept):  # fmt: skip
    asked = view(running, people, kind, at=instant("2018-09-12 09:00"))
    due = asked.due_at
    if swept:
        running.sweep(due + timedelta(hours=1))
    with refused("征询期限已过|已经有结果"):
        running.do(services.record_view, asked, agrees=True, said="同意。", by=people.window,
                   at=due + timedelta(hours=2))  # fmt: skip
    answer(running, people, at=due + timedelta(hours=10))
    asked.refresh_from_db()
    assert (asked.result, asked.settled_at) == (InquiryResult.SILENT, due)
    assert running.it.stage == S.ANSWERED


def test_more_time_needs_two_people_and_comes_before_the_end(running, people, client):
    ask = {"reason": "需要检索大量档案。", "by": people.window}
    with refused("最多延长20", error=ValidationError):
        running.do(services.ask_longer, running.it, days=21, **ask)
    with refused("还没有人提出"):
        running.do(services.approve_longer, running.it, approved=True, by=people.convenor)
    running.do(services.ask_longer, running.it, days=20, **{**ask, "by": people.convenor})
    with refused("不能自己批准"):
        running.do(services.approve_longer, running.it, approved=True, by=people.convenor)
    client.force_login(people.convenor.user)
    page = reverse("public_notice:disclosure_approve", args=[running.it.pk])
    assert "不能自己批准" in read(client, running.now, page)
    running.do(services.ask_longer, running.it, days=20, **ask)
    said = read(client, running.now, page)
    assert ask["reason"] in said  # who approves reads what is asked, and why
    assert "拟延长天数" in said
    with refused(error=PermissionDenied):
        running.do(services.approve_longer, running.it, approved=True, by=people.window)
    before, yes = running.it.due_at, {"approved": True, "by": people.convenor}
    with refused("期限已过"):
        running.do(services.approve_longer, running.it, **yes, at=before + TICK)
    running.do(services.approve_longer, running.it, **yes, at=before)
    assert running.it.due_at == instant("2018-11-13 00:00")
    told_of = running.it.book.papers.get(kind="DOC83")
    assert told_of.title == told_of.content["title"] == "公开申请延期答复告知书"
    assert told_of in papers_of(running.it, of_applicant=True)
    with refused("已经延长过一次"):
        running.do(services.ask_longer, running.it, days=1, **ask)


def test_silence_of_the_office_is_alarmed_twice_and_answers_nothing(running, people):
    due = running.it.due_at
    running.sweep(due + timedelta(hours=1))
    assert running.it.escalated_at == due
    assert told(people.supervisor, "逾期")
    assert not told(people.administrator, "逾期")
    running.sweep(due + timedelta(days=6))
    assert told(people.administrator, "逾期")
    running.sweep(due + timedelta(days=60))
    assert len(told(people.administrator, "逾期")) == 1
    assert running.it.stage == S.RUNNING
    answer(running, people)
    assert running.it.closed_at > due
    assert acts(running.it.book).count("escalate") == 2
    assert sound()


def test_number_and_code_follow_it_and_guessing_is_slowed(running):
    def look(code, origin="192.0.2.9"):
        return running.do(services.look_up_disclosure, number=running.it.number, code=code, origin=origin)  # fmt: skip

    assert look(running.it.code) == running.it
    for _turn in range(10):
        assert look("AAAAAAAAAA") is None
    with pytest.raises(TooManyTries):
        look(running.it.code)


def test_withdrawn_by_the_applicant(running, people):
    running.do(services.withdraw_disclosure, running.it)
    assert (running.it.stage, running.it.result) == (S.WITHDRAWN, Result.TAKEN_BACK)
    with refused("不能撤回申请"):
        running.do(services.withdraw_disclosure, running.it)
    with refused("不能答复申请"):
        answer(running, people)
