"""恢复公开: what is withheld is public again by two persons, everywhere at once, and the version before stays."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from approvals.stages import Stage
from core import clock
from core.deadlines.services import sweep_book
from core.ledger.models import Entry
from core.notify.models import Message
from core.steps.making_out import make_out
from public_notice import services
from public_notice.models import Objection
from public_notice.queries import in_public
from public_notice.queries.confidential import views_of
from public_notice.queries.mailbox import in_public as letter_in_public
from public_notice.queries.register import WORDS
from public_notice.stages import PartState
from tests.conftest import instant
from tests.public_notice.test_confidential import (
    ARTICLE,
    SECRET,
    again,
    answer,
    asked_for,
    mark,
    review,
)
from tests.public_notice.test_confidential_later import PLACE, read
from tests.public_notice.test_mailbox import Written
from tests.stories.telling import refused, sound, told
from tests.walk import walk

pytestmark = pytest.mark.django_db
WHY = "企业已经书面同意公开"


def ask(part, by, at, reason=WHY):
    with clock.driven(at):
        return services.ask_lifting(part, reason=reason, by=by, at=at)


def decide(part, by, at, granted=True, **more):
    with clock.driven(at):
        return services.decide_lifting(part, granted=granted, by=by, at=at, **more)


def hears(part, people, at, agrees=True, said=""):
    """The enterprise of the case says whether it agrees."""
    view = part.views.get(result="open")
    with clock.driven(at):
        return services.give_view(view, agrees=agrees, said=said, by=people.enterprise, at=at)


@pytest.fixture
def published(people):
    """A notice of whose place some words are withheld, and the part."""
    w = walk(people, instant("2018-05-14 09:00"), to=Stage.COMMITTED)
    w.until(instant("2018-05-31 10:00"))
    type(w.filing).objects.filter(pk=w.filing.pk).update(site_detail=f"辽阳镇{PLACE}")
    part = mark(w.filing, people.enterprise, w.now, words=PLACE)
    review(part, people.window, w.now)
    w.to(Stage.NOTICED)
    return w, part


def test_words_of_a_notice_come_back_in_a_new_version_and_in_every_outlet(
    published, people, client
):
    w, part = published
    notice = w.filing.notices.get()
    page = reverse("public_notice:notice", args=[notice.public_id])
    outlets = [
        page,
        f"/api/v1/notices/{notice.public_id}/",
        "/open/v1/notices.json",
        "/open/v1/notices.csv",
    ]
    with refused("没有人提请"):
        decide(part, people.convenor, w.now)
    with refused(error=PermissionDenied):
        ask(part, people.supervisor, w.now)
    with refused("理由", ValidationError):
        ask(part, people.window, w.now, " ")
    ask(part, people.window, w.now)
    with refused("等另一个人决定"):
        ask(part, people.enterprise, w.now)
    with refused("不能自己决定"):
        decide(part, people.window, w.now)
    assert PLACE not in read(client, w.now, page)  # not by one alone
    with refused("正在征求企业的意见"):
        decide(part, people.convenor, w.now)
    hears(part, people, w.now)
    with refused(error=PermissionDenied):
        decide(part, people.enterprise, w.now)
    first = notice.paper
    decide(part, people.convenor, w.now)
    notice = again(notice)
    for path in outlets:
        assert PLACE in read(client, w.now, path), path
    assert WORDS.keys(PLACE, 5) == [notice.pk]
    assert notice.paper.corrects == first
    assert notice.paper.public
    assert ARTICLE in again(first).content["project"]["location"]
    assert ARTICLE in read(client, w.now, f"{page}?version={first.code}")
    assert "现予公开" in read(client, w.now, page)
    said = json.dumps([one.payload for one in Entry.objects.all()], ensure_ascii=False)
    assert WHY not in said
    with refused("没有要恢复的"):
        ask(part, people.window, w.now)
    assert again(part).state == PartState.LIFTED
    assert again(part).decided_by == people.window  # both decisions are kept


def test_it_stays_withheld_where_the_second_person_says_no_and_may_be_asked_anew(
    published, people, client
):
    w, part = published
    page = reverse("public_notice:notice", args=[w.filing.notices.get().public_id])
    ask(part, people.window, w.now)
    with refused("理由", ValidationError):
        decide(part, people.convenor, w.now, granted=False)
    decide(
        part, people.convenor, w.now, granted=False, note="企业没有同意"
    )  # while it is asked still
    assert part.views.get().result == "ended"
    assert PLACE not in read(client, w.now, page)
    with refused("已经作出决定"):
        decide(part, people.convenor, w.now)
    ask(part, people.enterprise, w.now)
    client.force_login(people.convenor.user)
    assert "恢复公开，待您决定" in read(client, w.now, reverse("public_notice:confidential"))
    with clock.driven(w.now):
        done = client.post(
            reverse("public_notice:confidential_lifting", args=[part.pk]), {"granted": "yes"}
        )
    assert done.status_code == 302
    client.logout()
    assert PLACE in read(client, w.now, page)


def test_an_upheld_objection_is_told_whole_again_and_the_ledger_never_held_its_words(
    noticed, people, words, client
):
    w = noticed
    with clock.driven(w.now):
        objection = services.lodge_objection(
            w.filing.notices.get(), at=w.now, **{**words, "text": f"用的是{SECRET}。"}
        )
    reply = {"finding": "upheld", "reply": f"查明{SECRET}与承诺不符。"}
    w.do(services.reply_objection, objection, by=people.window, **reply)
    part = mark(again(objection), people.window, w.now)  # only after it was upheld
    review(part, people.supervisor, w.now)
    payloads = json.dumps([one.payload for one in Entry.objects.all()], ensure_ascii=False)
    assert SECRET not in payloads
    notice = w.filing.notices.get()
    assert notice.end_reason == f"查明{ARTICLE}与承诺不符。"
    ask(part, people.window, w.now)
    hears(part, people, w.now)
    with refused("理由", ValidationError):  # its consent is not the objector's
        decide(part, people.supervisor, w.now)
    decide(part, people.supervisor, w.now, note="提出异议的人书面同意")
    objection, notice = Objection.objects.get(), again(notice)
    assert in_public(objection)["text"] == f"用的是{SECRET}。"
    assert notice.end_reason == f"查明{SECRET}与承诺不符。"
    assert SECRET in read(client, w.now, reverse("public_notice:notice", args=[notice.public_id]))


def test_what_is_withheld_for_another_reason_stays_so(published, people, words):
    w, part = published
    with clock.driven(w.now):
        objection = services.lodge_objection(
            w.filing.notices.get(), at=w.now, **{**words, "text": f"{PLACE}用{SECRET}。"}
        )
    review(mark(objection, people.window, w.now), people.supervisor, w.now)
    ask(part, people.enterprise, w.now)  # its own request needs no asking
    decide(part, people.convenor, w.now)
    assert in_public(again(objection))["text"] == f"{PLACE}用{ARTICLE}。"


def test_who_answers_a_letter_learns_from_no_part_who_wrote_it(people, client):
    letter = Written().sent(name="王示例", text=f"我王示例说，用{SECRET}。").assign(people)
    why = {"words": "我王示例说", "reason": "王示例请求保密"}
    part = mark(letter.it, people.supervisor, letter.now, **why)
    review(part, people.administrator, letter.now, note="王示例自己写的")
    client.force_login(people.department("SLJ").user)
    for name, key in (("confidential", ()), ("confidential_lift", (part.pk,))):
        page = read(client, letter.now, reverse(f"public_notice:{name}", args=key))
        assert "王示例" not in page
    assert letter.it.number in page
    ask(part, people.department("SLJ"), letter.now)
    assert again(part).words == why["words"]


def test_a_paper_that_says_something_else_that_is_withheld_stays_inside(noticed, people, words):
    w, other = noticed, "二号工艺"
    with clock.driven(w.now):
        objection = services.lodge_objection(
            w.filing.notices.get(), at=w.now, **{**words, "text": f"{SECRET}和{other}都不对。"}
        )
    reply = {"finding": "not_upheld", "reply": f"{SECRET}、{other}与承诺相符。"}
    w.do(services.reply_objection, objection, by=people.window, **reply)
    made = {"kind": "DOC19", "subject": str(objection.pk), "by": people.window, "at": w.now}
    with clock.driven(w.now):
        paper = make_out(w.filing, **made)
    parts = [mark(again(objection), people.window, w.now, words=one) for one in (SECRET, other)]
    for one in parts:
        review(one, people.supervisor, w.now)
    for one, opened in zip(parts, (False, True), strict=True):
        ask(one, people.window, w.now)
        hears(one, people, w.now)
        decide(one, people.supervisor, w.now, note="双方书面同意")
        assert again(paper).public == opened


def test_who_is_told_that_it_waits_is_led_to_the_page_where_it_is_decided(
    published, people, client
):
    w, part = published
    ask(part, people.window, w.now)
    message = Message.objects.filter(to=people.convenor).latest("pk")
    client.force_login(people.convenor.user)
    assert "决定恢复公开" in read(client, w.now, message.link)


def test_the_enterprise_is_heard_and_told_why_and_reads_no_words_of_who_objected(
    noticed, people, words, client
):
    w = noticed
    with clock.driven(w.now):
        objection = services.lodge_objection(
            w.filing.notices.get(), at=w.now, **{**words, "text": f"用{SECRET}。"}
        )
    part = mark(objection, people.window, w.now)
    review(part, people.supervisor, w.now)
    ask(part, people.window, w.now)
    assert told(people.enterprise, "请在期限内说明是否同意")
    message = Message.objects.filter(to=people.enterprise).latest("pk")
    client.force_login(people.enterprise.user)
    page = read(client, w.now, message.link)
    assert "恢复公开前征求意见" in page
    assert SECRET not in page
    assert "说明是否同意恢复公开" in read(client, w.now, reverse("desk:home"))
    client.logout()
    hears(part, people, w.now)
    decide(part, people.supervisor, w.now, note="关系公共安全")
    assert told(people.enterprise, "现决定恢复公开")
    assert "关系公共安全" in Message.objects.filter(to=people.enterprise).latest("pk").body
    assert not told(people.other_enterprise, "恢复公开")


def test_what_it_says_is_its_own_once_and_in_time_and_a_no_needs_a_public_interest(
    published, people
):
    w, part = published
    ask(part, people.window, w.now)
    view = part.views.get()
    assert (view.rule, view.length, view.part.case) == ("P161", 15, w.filing)
    for who, sees in (("enterprise", True), ("window", True), ("other_enterprise", False)):
        assert views_of(getattr(people, who)).filter(pk=view.pk).exists() == sees
    assert not views_of(people.department("ZJJ")).exists()  # the words are none of a department's
    give = {"agrees": False, "said": "会泄露工艺"}
    for stranger in (people.window, people.other_enterprise, people.department("ZJJ")):
        with refused(error=PermissionDenied), clock.driven(w.now):
            services.give_view(view, by=stranger, at=w.now, **give)
    with refused("理由", ValidationError):
        hears(part, people, w.now, agrees=False)
    hears(part, people, w.now, **give)
    assert told(people.convenor, "企业不同意恢复公开")
    assert told(people.window, "企业不同意恢复公开")
    with refused("已经结束"), clock.driven(w.now):
        services.give_view(view, by=people.enterprise, at=w.now, **give)
    with refused("理由", ValidationError):
        decide(part, people.convenor, w.now)
    decide(part, people.convenor, w.now, note="不公开会影响饮水安全")
    assert again(part).state == PartState.LIFTED
    said = json.dumps([one.payload for one in Entry.objects.all()], ensure_ascii=False)
    assert "会泄露工艺" not in said


@pytest.mark.parametrize("swept", [True, False])
def test_its_silence_agrees_to_nothing_whether_or_not_any_sweep_has_come(published, people, swept):
    w, part = published
    ask(part, people.window, w.now)
    view = part.views.get()
    due, after = view.due_at, view.due_at + timedelta(days=1)
    with refused("正在征求企业的意见"):
        decide(part, people.convenor, due, note="公共利益")
    if swept:
        with clock.driven(after):
            sweep_book(part.book_id, after)
        assert told(people.convenor, "企业没有在期限内答复")
    with refused("已经结束" if swept else "期限已过"):
        hears_late = again(view)
        with clock.driven(after):
            services.give_view(hears_late, agrees=True, by=people.enterprise, at=after)
    with refused("理由", ValidationError):
        decide(part, people.convenor, after)
    decide(part, people.convenor, after, note="公共利益")
    view = again(view)
    assert (view.result, view.settled_at) == ("silent", due)
    assert sound()


def test_who_asked_takes_it_back_and_then_nobody_is_asked(published, people, client):
    w, part = published
    ask(part, people.window, w.now)
    for other in (people.enterprise, people.convenor):
        with refused("只有提请恢复公开的人"), clock.driven(w.now):
            services.withdraw_lifting(part, by=other, at=w.now)
    client.force_login(people.window.user)
    assert "撤回提请" in read(client, w.now, reverse("public_notice:confidential"))
    with clock.driven(w.now):
        path = reverse("public_notice:confidential_lift_withdraw", args=[part.pk])
        assert client.post(path).status_code == 302
    assert part.views.get().result == "ended"
    assert told(people.enterprise, "提请已撤回，仍不公开")
    with refused("没有人提请"):
        decide(part, people.convenor, w.now, note="x")
    with refused("没有人提请"), clock.driven(w.now):
        services.withdraw_lifting(part, by=people.window, at=w.now)
    assert again(part).state == PartState.GRANTED
    ask(part, people.window, w.now)  # and may ask anew
    assert part.views.filter(result="open").count() == 1


def test_letters_come_back_and_answers_that_were_handed_over_do_not(people):
    letter = Written().sent(text=f"他们用{SECRET}。").assign(people)
    part = mark(letter.it, people.department("SLJ"), letter.now)
    review(part, people.supervisor, letter.now)
    assert SECRET not in str(letter_in_public(letter.it))
    ask(part, people.department("SLJ"), letter.now)
    decide(part, people.supervisor, letter.now)
    assert SECRET in str(letter_in_public(letter.it))
    now = instant("2018-06-04 10:00")
    with clock.driven(now):
        asked = asked_for(people, now)
    part = mark(asked, people.window, now)
    review(part, people.convenor, now)
    with clock.driven(now):
        answer(asked, people, now, result="partly")
    with refused("答复书已经送出"):
        ask(part, people.window, now)
