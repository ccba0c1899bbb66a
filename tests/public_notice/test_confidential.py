"""不公开部分: one marks, another reviews, the public reads the article in its place and the rest."""

import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.models import Membership
from approvals.stages import Stage
from core import clock
from core.ledger.models import Entry
from public_notice import services
from public_notice.models import ConfidentialPart, Notice, Objection
from public_notice.queries import in_public
from public_notice.queries.mailbox import in_public as letter_in_public
from public_notice.queries.sheets import sheet_of_objections
from public_notice.rules.withheld import clause_of, content_without, holds, without
from public_notice.stages import ProposalState
from tests.conftest import instant
from tests.public_notice.test_mailbox import Written
from tests.stories.telling import refused
from tests.walk import walk

pytestmark = pytest.mark.django_db
SECRET = "三号配方"
ARTICLE = "〔此处依《中华人民共和国政府信息公开条例》第十五条不予公开〕"
PART = [{"words": SECRET, "clause": "《中华人民共和国政府信息公开条例》第十五条"}]
WHY = {"words": SECRET, "ground": "N2", "reason": "企业的配方，公开会损害其利益"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("按三号配方生产。", f"按{ARTICLE}生产。"),
        ("按三 号\u200b配\n方生产，三号配方。", f"按{ARTICLE}生产，{ARTICLE}。"),
        ("三号", "三号"),
        ("", ""),
    ],
)
def test_the_article_stands_in_the_place_of_the_words_however_they_are_typed(text, said):
    assert without(text, PART) == said


def test_wide_and_narrow_letters_and_either_case_are_the_same_words_and_the_longest_goes_first():
    parts = [{"words": "ab-7", "clause": "甲"}, {"words": "AB-7 plus", "clause": "乙"}]
    said = without("型号ＡＢ－７　ＰＬＵＳ和ab-7", parts)
    assert said == "型号〔此处依乙不予公开〕和〔此处依甲不予公开〕"
    assert holds("ＡＢ-７", "ab-7")


def test_of_a_ground_the_first_article_is_named():
    assert (
        clause_of("政府信息公开条例 16(2)；推断，由县决定")
        == "《中华人民共和国政府信息公开条例》第十六条第二款"
    )


def test_name_code_and_enterprise_of_a_notice_are_always_said():
    content = {
        "title": SECRET, "enterprise": {"name": SECRET}, "clauses": [{"standard": SECRET}],
        "project": {"name": SECRET, "code": "1", "scale": SECRET},
    }  # fmt: skip
    said = content_without(content, PART)
    assert [said["title"], said["enterprise"]["name"], said["project"]["name"]] == [SECRET] * 3
    assert said["clauses"] == [{"standard": ARTICLE}]
    assert said["project"]["scale"] == ARTICLE


def mark(thing, by, at, **words):
    with clock.driven(at):
        return services.mark_part(thing, by=by, at=at, **{**WHY, **words})


def review(part, by, at, granted=True, **more):
    with clock.driven(at):
        return services.review_part(part, granted=granted, by=by, at=at, **more)


@pytest.fixture
def said(noticed, people, words):
    """An objection in which a formula stands; returns it and the walk."""
    said = {**words, "text": f"排水与承诺不符，用的是{SECRET}，电话13800138000。"}
    with clock.driven(noticed.now):
        notice = noticed.filing.notices.get()
        return services.lodge_objection(notice, at=noticed.now, **said), noticed


def test_words_of_an_objection_go_by_two_persons_and_from_every_outlet(said, people, client):
    objection, w = said
    with refused(error=PermissionDenied):
        mark(objection, people.enterprise, w.now)
    with refused("没有这段文字", ValidationError):
        mark(objection, people.window, w.now, words="没有写过")
    with refused("依据", ValidationError):
        mark(objection, people.window, w.now, ground="S1")
    part = mark(objection, people.window, w.now)
    assert SECRET in in_public(again(objection))["text"]  # nobody takes words away alone
    with refused("已经标注过"):
        mark(objection, people.window, w.now, words="三号 配方")
    with refused(error=PermissionDenied):
        review(part, people.window, w.now)
    review(part, people.supervisor, w.now)
    with refused("已经审核"):
        review(part, people.convenor, w.now)
    shown = in_public(again(objection))
    assert ARTICLE in shown["text"]
    assert "排水与承诺不符" in shown["text"]
    w.do(
        services.reply_objection, again(objection), by=people.window, finding="upheld",
        reply=f"查明{SECRET}与承诺不符。",
    )  # fmt: skip
    notice = Notice.objects.get()
    assert ARTICLE in notice.end_reason
    table = list(sheet_of_objections(Objection.objects.all(), whole=False).rows)
    with clock.driven(w.now):
        pages = [
            client.get(reverse("public_notice:notice", args=[notice.public_id])),
            client.get(f"/api/v1/notices/{notice.public_id}/"),
            client.get("/open/v1/notices.json"),
            client.get("/notices/feed/"),
        ]
    for page in pages:
        assert SECRET not in b"".join(page).decode()
    assert SECRET not in str(table)
    assert SECRET not in json.dumps([e.payload for e in Entry.objects.all()], ensure_ascii=False)


def again(row):
    return type(row).objects.get(pk=row.pk)


def test_who_marks_does_not_review_in_another_role_either(said, people):
    objection, w = said
    part = mark(objection, people.window, w.now)
    same = Membership.objects.create(
        user=people.window.user, organisation=people.supervisor.organisation, role="supervisor",
        valid_from=people.supervisor.valid_from,
    )  # fmt: skip
    with refused("另一个人审核"):
        review(part, same, w.now)
    with refused("理由", ValidationError):
        review(part, people.supervisor, w.now, granted=False)
    review(part, people.supervisor, w.now, granted=False, note="不是秘密")
    assert SECRET in in_public(again(objection))["text"]
    assert (
        mark(objection, people.window, w.now).state == ProposalState.ASKED
    )  # with a better reason


def test_a_notice_is_published_without_its_parts_and_not_before_they_are_reviewed(people, client):
    w = walk(people, instant("2018-05-14 09:00"), to=Stage.COMMITTED)
    w.until(instant("2018-05-31 10:00"))
    clause = w.filing.letter().clauses.first()
    words = clause.text[:6]
    with refused("必须写明", ValidationError):
        mark(w.filing, people.enterprise, w.now, words=w.filing.project_name)
    part = mark(w.filing, people.enterprise, w.now, words=words)
    with refused("还没有审核"):
        w.do(services.publish_notice, w.filing, by=people.window)
    with refused(error=PermissionDenied):
        review(part, people.enterprise, w.now)
    review(part, people.window, w.now)
    w.to(Stage.NOTICED)
    notice = w.filing.notices.get()
    assert ARTICLE in str(notice.content["clauses"])
    assert not holds(json.dumps(notice.content["clauses"], ensure_ascii=False), words)
    assert not holds(notice.words.text, words)
    assert not w.filing.letter().paper.public  # the letter says it whole, to those of the case
    assert holds(w.filing.letter().clauses.first().text, words)
    with refused("一经发布"):
        mark(w.filing, people.enterprise, w.now, words="建设")


def test_in_a_letter_who_answers_marks_and_the_supervisors_review(people, client):
    letter = Written().sent(text=f"他们用{SECRET}，我看见了。").assign(people)
    with refused(error=PermissionDenied):
        mark(letter.it, people.department("ZJJ"), letter.now)
    part = mark(letter.it, people.department("SLJ"), letter.now)
    review(part, people.supervisor, letter.now)
    letter.reply(people.department("SLJ"), text=f"{SECRET}属商业秘密。")
    shown = letter_in_public(letter.it, list(letter.it.replies.all()))
    assert shown.text == f"他们用{ARTICLE}，我看见了。"
    assert SECRET not in str(shown)
    client.force_login(people.department("SLJ").user)
    with clock.driven(letter.now):
        page = client.get(reverse("public_notice:letter", args=[letter.pk])).content.decode()
    assert SECRET in page  # who answers sees the whole


def test_an_answer_separates_and_says_so(people, client):
    now = instant("2018-06-04 10:00")
    with clock.driven(now):
        asked = asked_for(people, now)
    part = mark(asked, people.window, now)
    with refused("还没有审核"), clock.driven(now):
        answer(asked, people, now)
    client.force_login(people.window.user)
    with clock.driven(now):  # the page says so before anything is typed
        page = client.get(reverse("public_notice:disclosure_answer", args=[asked.pk]))
    assert "还没有审核" in page.content.decode()
    review(part, people.convenor, now)
    with refused("部分公开", ValidationError), clock.driven(now):
        answer(asked, people, now)
    with clock.driven(now):
        answer(asked, people, now, result="partly")
    asked.refresh_from_db()
    assert ARTICLE in asked.reply
    assert ConfidentialPart.objects.get().words == SECRET
    with refused("答复以前标注"):
        mark(asked, people.window, now, words="记录")


def asked_for(people, now):
    said = {"name": "张示例", "identity": "示例证件", "contact": "示例地址", "wanted": "验收记录"}
    how = {"applicant": "person", "form": "paper", "channel": "counter"}
    return services.register_disclosure(**said, **how, by=people.window, at=now)


def answer(asked, people, now, result="disclosed"):
    return services.answer_disclosure(
        asked, result=result, reply=f"验收记录如下，用{SECRET}。", by=people.window, at=now
    )
