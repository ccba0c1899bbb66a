"""意见箱: a second person where the rulebook says so, more time once, the receipt on paper, and no small sample."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.models import Membership
from core import clock
from core.deadlines.models import RuleValue
from core.deadlines.queries import _rulebook
from core.ledger.models import Entry
from public_notice import services
from public_notice.models import SurveyRemark, SurveyRound
from public_notice.queries.mailbox import for_handling
from public_notice.queries.satisfaction import results
from public_notice.rules.mailbox import Counted, figures, kept_apart
from public_notice.rules.quoted import without_pieces
from public_notice.services import inviting
from public_notice.services.mailbox.papers import receipt_of
from public_notice.stages import LetterStage as S
from tests.conftest import instant
from tests.public_notice.test_mailbox import DUE, SENT, Written
from tests.stories.telling import refused, sound, told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _as_shipped():
    yield
    _rulebook.cache_clear()


@pytest.fixture
def letter(people):
    return Written().sent().assign(people)


def reviewed(said):
    RuleValue.objects.filter(code="P147").update(value=said)
    _rulebook.cache_clear()


def test_a_reply_to_a_complaint_is_sent_by_a_second_person_where_the_rulebook_says_so(
    letter, people, client
):
    reviewed("complaints")
    clerk, head = people.department("SLJ"), people.head("SLJ")
    letter.reply(clerk, text="已催办。")
    assert letter.it.stage == S.ASSIGNED
    assert not letter.it.replies.exists()
    assert told(head, "请审核")
    with refused("另一个人审核"):
        letter.reply(head)

    def review(by, approved=True, **more):
        return letter.do(services.review_letter_reply, letter.it, approved=approved, by=by, **more)

    with refused("不能自己审核"):
        review(clerk)
    with refused(error=PermissionDenied):
        review(people.department("ZJJ"))
    with refused("理由", ValidationError):
        review(head, approved=False)
    review(head, approved=False, reason="13800138000没有回电")
    assert told(clerk, "没有回电")
    assert not told(clerk, "13800138000")
    assert (letter.it.drafted, letter.it.drafted_by) == ("已催办。", None)  # to be written anew
    client.force_login(clerk.user)
    with clock.driven(letter.now):
        assert (
            "已催办。"
            in client.get(reverse("public_notice:letter_reply", args=[letter.pk])).content.decode()
        )
        page = client.get(reverse("public_notice:letter", args=[letter.pk])).content.decode()
    assert "已写好答复" not in page
    letter.reply(clerk, text="已催办并回电。")
    review(people.supervisor)
    reply = letter.it.replies.get()
    assert (reply.text, reply.by, reply.reviewed_by) == ("已催办并回电。", clerk, people.supervisor)
    assert letter.it.stage == S.REPLIED
    with refused("没有等待审核"):
        review(head)
    assert "13800138000" not in str([one.payload for one in Entry.objects.all()])
    assert sound()


@pytest.mark.parametrize(("said", "kind", "waits"), [
    ("none", "delay", False), ("complaints", "question", False), ("all", "question", True),
])  # fmt: skip
def test_the_rulebook_says_whose_replies_wait(people, said, kind, waits):
    reviewed(said)
    w = Written().sent(kind=kind).assign(people)
    w.reply(people.department("SLJ"))
    assert (w.it.stage == S.ASSIGNED) == waits


def test_a_reply_that_waits_is_late_when_it_is_sent_and_a_returned_letter_has_none(letter, people):
    reviewed("all")
    letter.reply(people.department("SLJ"))
    letter.do(services.return_letter, letter.it, reason="不属本单位", by=people.head("SLJ"))
    assert (letter.it.drafted, letter.it.drafted_by) == ("", None)
    letter.assign(people, code="SLJ")
    letter.reply(people.department("SLJ"))
    letter.do(
        services.review_letter_reply, letter.it, approved=True, by=people.head("SLJ"),
        at=DUE + timedelta(minutes=1),
    )  # fmt: skip
    assert not letter.it.replies.get().in_time


def test_the_limit_is_lengthened_once_before_its_end_with_a_reason_the_writer_reads(
    letter, people, client
):
    def longer(by=people.supervisor, days=5, reason="须现场核实", at=None):
        return letter.do(
            services.lengthen_letter, letter.it, days=days, reason=reason, by=by, at=at
        )

    with refused(error=PermissionDenied):
        longer(by=people.department("SLJ"))
    with refused("最多延长5个", ValidationError):
        longer(days=6)
    with refused("理由", ValidationError):
        longer(reason=" ")
    with refused("期限已过"):
        longer(at=DUE + timedelta(minutes=1))
    letter.now = SENT
    longer()
    assert letter.it.due_at == instant("2018-10-13 00:00")
    with refused("只延长一次"):
        longer()
    with clock.driven(letter.now):
        said = {"number": letter.it.number, "code": letter.it.code}
        page = client.post(reverse("public_notice:mailbox_lookup"), said, follow=True)
    assert "须现场核实" in page.content.decode()


def test_the_receipt_is_one_paper_that_names_nobody_and_is_read_with_number_and_code(
    letter, client, people
):
    with clock.driven(letter.now):
        assert client.post(reverse("public_notice:mailbox_receipt")).status_code == 302
        assert receipt_of(letter.it) is None  # who has shown no code is given none
        said = {"number": letter.it.number, "code": letter.it.code}
        client.post(reverse("public_notice:mailbox_lookup"), said)
        for _time in range(2):
            client.post(reverse("public_notice:mailbox_receipt"))
        paper = receipt_of(letter.it)
        assert letter.it.number in str(paper.content)
        for private in ("13800138000", "张示例", "催了两次", letter.it.code):
            assert private not in str(paper.content)
        answer = client.get(reverse("public_notice:mailbox_paper", args=[paper.code]))
        assert answer.status_code in (200, 202)
        client.logout()
        assert (
            client.get(reverse("public_notice:mailbox_paper", args=[paper.code])).status_code == 302
        )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("我的尾号8000，请回电。", "我的尾号***，请回电。"),
        ("微信wx_shili，门牌12。", "微信***，门牌12。"),
        ("我叫小明，2018年来的。", "我叫***，2018年来的。"),
        ("电话138-0013-8000", "电话***"),
    ],
)
def test_a_piece_of_the_contact_tells_nobody_who_wrote(text, said):
    assert without_pieces(text, name="张小明", contact="13800138000 WX_shili") == said


def test_the_department_reads_no_piece_of_it(people):
    w = Written().sent(text="尾号8000，材料催了两次。").assign(people)
    assert for_handling(w.it) == "尾号***，材料催了两次。"


def counted(kind, answered, on_time):
    return [Counted(kind, SENT, False, place < on_time, False, None) for place in range(answered)]


@pytest.mark.parametrize(
    ("answered", "told_"),
    [
        ((9, 8, 0), [9, 8, 0, 17]),
        ((9, 8, 2), [9, None, None, 19]),  # 2 alone could be reckoned from the sum
        ((9, 1, 2), [None, None, None, 12]),  # 3 together are still too few
        ((2, 0, 0), [None, 0, 0, None]),
    ],
)
def test_no_column_and_no_difference_tells_of_a_sample_that_is_too_small(answered, told_):
    kinds = [counted(str(place), count, count) for place, count in enumerate(answered)]
    lines = [figures(rows, "", 5) for rows in kinds]
    whole = figures([one for rows in kinds for one in rows], "", 5)
    apart = kept_apart([*lines, whole])
    assert [one.on_time_told for one in apart] == told_
    for one in apart:  # nor does a share of a line whose number is not told
        assert one.on_time_told is not None or one.on_time_share is None


def test_under_a_rulebook_from_before_the_rule_no_letter_gets_more_time(letter, people):
    RuleValue.objects.filter(code="P148").delete()
    _rulebook.cache_clear()
    with refused("没有规定"):
        letter.do(services.lengthen_letter, letter.it, days=1, reason="外调", by=people.supervisor)


def test_alone_in_the_department_the_supervisor_hears_that_a_reply_waits(letter, people):
    reviewed("all")
    clerk = people.department("SLJ")
    mates = Membership.objects.filter(organisation=clerk.organisation_id).exclude(user=clerk.user)
    mates.update(valid_to=clerk.valid_from)
    letter.reply(clerk)
    assert told(people.supervisor, "请审核")
    letter.do(services.review_letter_reply, letter.it, approved=True, by=people.supervisor)
    assert letter.it.replies.exists()


def test_of_many_remarks_a_page_reads_few_and_says_how_many_there_are():
    made = SurveyRound.objects.create(year=2018, occasion="yearly", sheets=60, shown_sheets=60)
    SurveyRemark.objects.bulk_create(
        SurveyRemark(round=made, text=f"第{place}条", shown=place < 55) for place in range(60)
    )
    (found,) = results()
    assert (len(found.remarks), found.said) == (20, 55)


def test_a_round_that_has_just_begun_stops_no_reminders(people):
    now = instant("2018-12-03 09:00")
    inviting.begin_yearly_survey(by=people.administrator, at=now)
    assert inviting._begun_by_itself(now) == 0
    assert sound()


def test_reasons_that_name_the_writer_are_kept_from_who_answers(people, client):
    letter = Written().sent(name="王示例", contact="13800138000", text="看不懂。")
    letter.assign(people, reason="王示例已经来过两次，电话13800138000")
    page = reverse("public_notice:letter", args=[letter.pk])
    for by, knows in ((people.department("SLJ"), False), (people.supervisor, True)):
        client.force_login(by.user)
        with clock.driven(letter.now):
            said = (
                client.get(page).content.decode() + client.get("/api/v1/mailbox/").content.decode()
            )
        assert ("王示例已经" in said, "13800138000" in said) == (knows, knows)
        assert "已经来过两次" in said
