"""意见箱: from the letter to its reply and the writer's word; who may do what, what silence means, what is public."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Membership, Organisation, User
from core import clock
from core.deadlines.services import sweep_book
from core.ledger.models import Entry
from core.steps.tries import TooManyTries
from public_notice import services
from public_notice.api.mailbox_shown import BoxLetterShown
from public_notice.models import BoxLetter, MailboxKind
from public_notice.queries import mailbox as queries
from public_notice.rules.mailbox import Counted, figures
from public_notice.stages import LetterStage as S
from tests.conftest import instant
from tests.stories.telling import refused, sound, told
from tests.walk import acts

pytestmark = pytest.mark.django_db
# Monday, 10 September 2018; two days before the National Day holiday are worked (调休), so fifteen end before it.
SENT, DUE = instant("2018-09-10 10:00"), instant("2018-10-01 00:00")
SAID = {
    "text": "示例项目的材料催了两次，13800138000。", "name": "张示例", "contact": "13800138000", "publish": True,
}  # fmt: skip


class Written:
    """One letter, and its time."""

    def __init__(self, now=SENT):
        self.now = now

    def do(self, service, *args, at=None, **said):
        self.now = at or self.now
        with clock.driven(self.now):
            return service(*args, at=self.now, **said)

    def sent(self, kind="delay", about="ZJJ", **said):
        about = Organisation.objects.get(code=about) if about else None
        kind = MailboxKind.objects.get(code=kind)
        self.pk = self.do(services.write_letter, kind=kind, about=about, **{**SAID, **said}).pk
        return self

    @property
    def it(self):
        return BoxLetter.objects.get(pk=self.pk)

    def assign(self, people, code="SLJ", **said):
        to = Organisation.objects.get(code=code)
        self.do(services.assign_letter, self.it, department=to, by=people.supervisor, **said)
        return self

    def reply(self, by, text="已核实并催办。", at=None):
        return self.do(services.reply_letter, self.it, text=text, by=by, at=at)

    def judge(self, satisfied, text="", at=None):
        return self.do(services.judge_letter, self.it, satisfied=satisfied, text=text, at=at)

    def sweep(self, at):
        self.now = at
        with clock.driven(at):
            sweep_book(self.it.book_id, at)


@pytest.fixture
def letter(people):
    return Written().sent()


@pytest.fixture
def answered(letter, people):
    letter.assign(people).reply(people.department("SLJ"))
    return letter


def another(people, role="supervisor"):
    like = people.supervisor
    return Membership.objects.create(
        user=User.objects.create(username="second", name="李示例"), organisation=like.organisation,
        role=role, valid_from=date(2017, 1, 1),
    )  # fmt: skip


def test_whom_it_is_about_does_not_answer_it(letter, people):
    assert letter.it.due_at == DUE
    assert told(people.supervisor, "收到意见箱来信")
    with refused("正是来信反映的单位", error=ValidationError):
        letter.assign(people, "ZJJ")
    for stranger in (people.window, people.department("SLJ"), people.enterprise):
        with refused(error=PermissionDenied):
            letter.do(services.assign_letter, letter.it, department=stranger.organisation, by=stranger)  # fmt: skip
    letter.assign(people)
    assert letter.it.due_at == DUE
    for stranger in (people.department("ZJJ"), people.supervisor, people.enterprise):
        with refused(error=PermissionDenied):
            letter.reply(stranger)
    with refused("不能转办来信"):
        letter.assign(people)
    letter.do(services.return_letter, letter.it, reason="不属本单位。", by=people.department("SLJ"))
    assert told(people.supervisor, "退回")
    letter.assign(people, "ZJJ", reason="由它说明经过，效能监督复核。")
    assert letter.it.department.code == "ZJJ"
    assert sound()


def test_not_satisfied_it_is_looked_at_once_more_by_another(answered, people):
    first = people.department("SLJ")
    with refused("请写明哪里没有答复清楚", error=ValidationError):
        answered.judge(satisfied=False)
    answered.judge(satisfied=False, text="没有说什么时候办。")
    assert (answered.it.stage, answered.it.round) == (S.RECEIVED, 2)
    answered.assign(people)
    with refused("另一个人答复"):
        answered.reply(first)
    answered.reply(people.head("SLJ"), text="9月底前办结。")
    answered.judge(satisfied=False, text="还是不满意。")
    assert answered.it.stage == S.CLOSED
    assert [one.satisfied for one in answered.it.replies.all()] == [False, False]
    with refused("不能"):
        answered.judge(satisfied=True)
    assert acts(answered.it.book)[-1] == "close_letter"
    said = "".join(Entry.objects.filter(book=answered.it.book).values_list("payload", flat=True))
    assert not any(word in said for word in ("张示例", "13800138000", "没有说什么时候办"))


def test_what_the_writer_says_of_a_reply_tells_the_department_no_name(answered, people, client):
    answered.judge(satisfied=False, text="我是张示例，请打13800138000。")
    for who, seen in ((people.department("SLJ"), False), (people.supervisor, True)):
        client.force_login(who.user)
        page = client.get(f"/mailbox-desk/{answered.pk}/").content.decode()
        told_ = BoxLetterShown(answered.it, context={"by": who}).data["replies"][0]["said"]
        for text in (page, told_):
            assert "请打" in text
            assert ("张示例" in text, "13800138000" in text) == (seen, seen)


def test_a_work_order_that_grows_when_it_is_folded_is_refused(letter):
    with refused("太长", error=ValidationError):
        letter.sent(work_order="\ufdfa" * 40)


def test_whoever_tries_out_names_later_is_given_no_receipt(letter, people):
    first = letter.it
    letter.assign(people)
    back = {"reason": "不属本单位。", "by": people.department("SLJ")}
    letter.do(services.return_letter, letter.it, **back, at=SENT + timedelta(minutes=11))
    assert letter.sent().it.code != first.code


def test_silence_answers_nothing_and_climbs(letter, people):
    letter.sweep(DUE + timedelta(hours=1))
    assert letter.it.stage == S.RECEIVED
    assert told(people.supervisor, "逾期未答复")
    assert not told(people.administrator, "逾期未答复")
    letter.sweep(instant("2018-10-15 09:00"))
    assert told(people.administrator, "逾期未答复")
    letter.assign(people).reply(people.department("SLJ"))
    assert not letter.it.replies.get().in_time
    late = letter.it.expires_at
    with refused("评价期限已过"):
        letter.judge(satisfied=True, at=late + timedelta(minutes=1))
    letter.sweep(late + timedelta(days=9))
    assert (letter.it.stage, letter.it.closed_at) == (S.CLOSED, late)
    assert letter.it.replies.get().satisfied is None


def test_said_twice_it_stands_once_and_a_flood_is_looked_at(letter, people):
    assert letter.sent().pk == BoxLetter.objects.get().pk
    nameless = {"name": "", "contact": ""}
    made = [letter.sent(origin="192.0.2.1", **nameless).it for _turn in range(6)]
    assert [one.held for one in made] == [False] * 5 + [True]
    held = made[-1]
    letter.pk = held.pk
    letter.assign(people).reply(people.department("SLJ"))
    assert held not in queries.public_letters()
    with refused(error=PermissionDenied):
        letter.do(services.admit_letter, held, by=people.department("SLJ"))
    letter.do(services.admit_letter, held, by=people.supervisor)
    assert held in queries.public_letters()
    with refused("不在待人工查看"):
        letter.do(services.admit_letter, held, by=people.supervisor)


def test_a_work_order_is_entered_once_and_runs_from_its_day(people):
    w = Written()
    said = {
        "kind": MailboxKind.objects.get(code="delay"),
        "text": "示例",
        "work_order": "示例 0001",
    }
    for stranger in (people.department("ZJJ"), people.enterprise, people.administrator):
        with refused(error=PermissionDenied):
            w.do(services.register_letter, **said, received_on=date(2018, 9, 7), by=stranger)
    with refused("不能在今天以后", error=ValidationError):
        w.do(services.register_letter, **said, received_on=date(2018, 9, 11), by=people.window)
    made = w.do(services.register_letter, **said, received_on=date(2018, 9, 7), by=people.window)
    assert made.due_at < DUE
    twice = {**said, "work_order": "示例0001"}
    with refused(made.number, error=ValidationError):
        w.do(services.register_letter, **twice, received_on=date(2018, 9, 7), by=people.supervisor)
    # A stranger who names the same number on the internet takes nothing from it.
    assert w.sent(work_order="示例0001").it != made


def test_what_is_public_went_through_the_gate_and_is_hidden_by_two(answered, people):
    (one,) = queries.public_letters()
    shown = queries.in_public(one, one.replies.all())
    assert shown.name == "张某"
    assert "13800138000" not in f"{shown}"
    assert "张示例" not in queries.for_handling(answered.it)
    second = another(people)
    with refused(error=ValidationError):
        answered.do(services.ask_hiding, answered.it, reason=" ", by=people.supervisor)
    with refused(error=PermissionDenied):
        answered.do(services.ask_hiding, answered.it, reason="示例", by=people.department("SLJ"))
    said = "涉及张示例和他人的隐私。"
    answered.do(services.ask_hiding, answered.it, reason=said, by=people.supervisor)
    with refused("由另一个人决定"):
        answered.do(services.decide_hiding, answered.it, approved=True, by=people.supervisor)
    assert queries.in_public(queries.public_letters().get()).text
    answered.do(services.decide_hiding, answered.it, approved=True, by=second)
    gone = queries.in_public(queries.public_letters().get())
    assert (gone.text, gone.hidden_reason) == ("", "涉及张某和他人的隐私。")
    with refused("已经隐藏"):
        answered.do(services.ask_hiding, answered.it, reason="示例", by=second)


def test_nobody_guesses_a_code(letter):
    told_ = {"number": letter.it.number, "origin": "192.0.2.9", "at": SENT}
    assert services.look_up_letter(code=letter.it.code.lower(), **told_) == letter.it
    for _turn in range(10):
        assert services.look_up_letter(code="AAAAAAAAAA", **told_) is None
    with pytest.raises(TooManyTries):
        services.look_up_letter(code=letter.it.code, **told_)


def test_what_is_not_public_is_in_the_figures_alone(people):
    w = Written().sent(publish=False)
    w.assign(people).reply(people.department("SLJ"))
    assert not queries.public_letters().exists()
    *_kinds, whole = queries.figures_of(2018, w.now)
    assert (whole.received, whole.answered, whole.on_time, whole.on_time_share) == (1, 1, 1, None)


def test_the_figures_add_up_and_silence_is_counted_neither_way():
    def row(late=False, in_time=None, again=False, satisfied=None):
        return Counted("delay", SENT, late, in_time, again, satisfied)

    rows = [
        row(), row(late=True), row(in_time=True), row(in_time=True, satisfied=True),
        row(in_time=False, again=True, satisfied=False), row(in_time=True, satisfied=True),
    ]  # fmt: skip
    seen = figures(rows, "", 3)
    assert seen.received == 6 == seen.answered + seen.running + seen.overdue
    assert (seen.on_time_share, seen.satisfied_share, seen.judged) == (75, 67, 3)
    assert figures(rows, "", 5).satisfied_share is None
    assert figures([], "", 0).on_time_share is None
    assert figures(rows, "", None).satisfied_share is None
