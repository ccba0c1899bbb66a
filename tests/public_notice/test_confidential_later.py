"""不公开部分 decided after something was published: earlier notices, corrections, papers say it no longer."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import override

from approvals.stages import Stage
from core import clock
from core.steps.correcting import correct_paper
from core.steps.making_out import make_out
from public_notice import services
from public_notice.queries.history import around
from public_notice.queries.register import WORDS
from public_notice.rules.withheld import content_without, says_any, without
from tests.conftest import instant
from tests.public_notice.test_confidential import ARTICLE, PART, SECRET, mark, review
from tests.public_notice.test_mailbox import Written
from tests.stories.telling import refused
from tests.walk import walk

pytestmark = pytest.mark.django_db
PLACE = "三号院东侧"


def again(row):
    return type(row).objects.get(pk=row.pk)


def read(client, at, path):
    with clock.driven(at):
        answer = client.get(path)
    return b"".join(answer).decode()


def corrected(w, by, location, reason="写错了地点", paper=None):
    with clock.driven(w.now):
        return correct_paper(
            paper or w.filing.notices.get().paper, changes={"project.location": location}, reason=reason,
            by=by, at=w.now,
        )  # fmt: skip


@pytest.fixture
def back(noticed, people, words):
    """A notice whose place was corrected twice, then ended; the case is at the commitment again, with its place."""
    corrected(noticed, people.supervisor, f"辽阳镇{PLACE}")
    corrected(noticed, people.convenor, f"左权县辽阳镇{PLACE}", f"写全{PLACE}")
    with clock.driven(noticed.now):
        objection = services.lodge_objection(noticed.filing.notices.get(), at=noticed.now, **words)
    noticed.do(
        services.reply_objection, objection, by=people.window, finding="upheld", reply=f"查明{PLACE}有误。"
    )  # fmt: skip
    filing = noticed.filing
    assert filing.stage == Stage.COMMITTING
    type(filing).objects.filter(pk=filing.pk).update(site_detail=f"辽阳镇{PLACE}")
    return noticed


def test_what_is_withheld_of_the_next_notice_leaves_the_notices_before(back, people, client):
    notice = back.filing.notices.get()
    page = reverse("public_notice:notice", args=[notice.public_id])
    old = [f"{page}?version={one.code}" for one in notice.paper.line[1:]]
    first = reverse("approvals:check_paper", args=[notice.paper.line[-1].code])
    outlets = [
        page, *old, first, "/open/v1/notices.atom",
        f"/api/v1/notices/{notice.public_id}/", "/open/v1/notices.json", "/open/v1/notices.csv",
        "/open/v1/projects.json", "/notices/export/?form=csv", "/notices/feed/",
    ]  # fmt: skip
    assert PLACE in read(client, back.now, page)
    assert WORDS.keys(PLACE, 5) == [notice.pk]
    part = mark(back.filing, people.enterprise, back.now, words=PLACE)
    review(part, people.window, back.now)
    notice = again(notice)
    for path in outlets:
        assert PLACE not in read(client, back.now, path), path
    assert ARTICLE in read(client, back.now, page)
    assert ARTICLE in read(client, back.now, old[0])
    assert WORDS.keys(PLACE, 5) == []
    assert notice.title == notice.paper.content["title"]
    assert not any(one.public for one in notice.paper.line[:2])
    assert "这份文书的文件不公开" in read(client, back.now, page)
    assert client.get(reverse("approvals:paper", args=[notice.paper.code])).status_code != 200


@pytest.fixture
def published(people):
    """A notice of whose place some words are withheld."""
    w = walk(people, instant("2018-05-14 09:00"), to=Stage.COMMITTED)
    w.until(instant("2018-05-31 10:00"))
    type(w.filing).objects.filter(pk=w.filing.pk).update(site_detail=f"辽阳镇{PLACE}")
    part = mark(w.filing, people.enterprise, w.now, words=PLACE)
    with override("en"):
        review(part, people.window, w.now)
        w.to(Stage.NOTICED)
    return w


def test_what_every_paper_says_of_the_office_is_not_withheld(noticed, people):
    type(noticed.filing).objects.filter(pk=noticed.filing.pk).update(stage=Stage.COMMITTING)
    office = noticed.notice.content["issuer"]["name"]
    for words in (office, office[:3], noticed.filing.enterprise.uscc):
        with refused("必须写明", ValidationError):
            mark(noticed.filing, people.enterprise, noticed.now, words=words)


def test_a_correction_does_not_bring_back_what_is_withheld(published, people):
    paper = published.filing.notices.get().paper
    assert ARTICLE in paper.content["project"]["location"]  # in Chinese, whoever presses the button
    assert paper.public
    with refused("依法不公开的部分", ValidationError):
        corrected(published, people.supervisor, "辽阳镇三号院 东侧")
    with refused("依法不公开的部分", ValidationError):
        corrected(published, people.supervisor, "辽阳镇", f"删去{PLACE}")
    newer = corrected(published, people.supervisor, f"左权县辽阳镇{ARTICLE}")
    assert newer.public
    type(newer).objects.filter(pk=newer.pk).update(public=False)  # the page shows it all the same
    with refused("依法不公开的部分", ValidationError):
        corrected(published, people.convenor, f"辽阳镇{PLACE}", paper=again(newer))


def test_what_is_said_against_a_notice_is_read_without_what_is_withheld_of_it(
    published, people, words, client
):
    w, notice = published, published.filing.notices.get()
    with clock.driven(w.now):
        objection = services.lodge_objection(
            notice, at=w.now, **{**words, "text": f"{PLACE}积水。"}
        )
    reply = {"finding": "not_upheld", "reply": f"{PLACE}有排水沟。"}
    w.do(services.reply_objection, objection, by=people.window, **reply)
    page = read(client, w.now, reverse("public_notice:notice", args=[notice.public_id]))
    assert PLACE not in page
    assert f"{ARTICLE}有排水沟" in page
    assert again(objection).text == f"{PLACE}积水。"


def test_a_paper_of_an_objection_that_says_the_words_is_no_longer_for_strangers(
    noticed, people, words
):
    said = {**words, "text": f"用的是{SECRET}。"}
    with clock.driven(noticed.now):
        objection = services.lodge_objection(noticed.filing.notices.get(), at=noticed.now, **said)
    reply = {"finding": "not_upheld", "reply": f"{SECRET}与承诺相符。"}
    noticed.do(services.reply_objection, objection, by=people.window, **reply)
    with clock.driven(noticed.now):
        paper = make_out(
            noticed.filing, kind="DOC19", subject=str(objection.pk), by=people.window, at=noticed.now
        )  # fmt: skip
    assert paper.public
    review(mark(again(objection), people.window, noticed.now), people.supervisor, noticed.now)
    assert not again(paper).public
    assert noticed.filing.notices.get().paper.public


def test_why_an_objection_was_hidden_does_not_say_what_is_withheld_of_it(
    noticed, people, words, client
):
    w, notice = noticed, noticed.filing.notices.get()
    with clock.driven(w.now):
        objection = services.lodge_objection(notice, at=w.now, **{**words, "text": f"用{SECRET}。"})
    why = {"kind": "hide", "objection": objection.number, "reason": f"写了{SECRET}。"}
    made = w.do(services.propose, notice, by=people.window, **why)
    w.do(services.decide_proposal, made, by=people.supervisor, granted=True)
    review(mark(again(objection), people.window, w.now), people.supervisor, w.now)
    (decided,) = around(again(notice))["decided"]
    assert decided.public_reason == f"写了{ARTICLE}。"
    assert SECRET not in read(
        client, w.now, reverse("public_notice:notice", args=[notice.public_id])
    )


def test_others_than_the_window_read_a_reply_as_the_public_does(noticed, people, words, client):
    w = noticed
    with clock.driven(w.now):
        objection = services.lodge_objection(w.filing.notices.get(), at=w.now, **words)
    reply = {"finding": "not_upheld", "reply": f"{SECRET}与承诺相符。"}
    w.do(services.reply_objection, objection, by=people.window, **reply)
    review(mark(again(objection), people.window, w.now), people.supervisor, w.now)
    for by, whole in ((people.window, True), (people.supervisor, False)):
        client.force_login(by.user)
        said = read(client, w.now, "/api/v1/objections/")
        assert ('"reply"' in said, SECRET in said) == (True, whole)


def test_words_are_looked_for_text_by_text_and_not_in_what_stands_in_their_place():
    assert says_any({"a": [{"b": '按"甲\n乙\\丙"生产'}]}, ['"甲乙\\丙"'])
    assert not says_any({"a": ["甲", "乙"]}, ["甲乙"])
    parts = [*PART, {"words": "公开", "clause": "《某条例》第一条"}]
    said = without("公开三号配方", parts)
    assert said == f"〔此处依《某条例》第一条不予公开〕{ARTICLE}"
    assert without(said, parts) == said
    assert content_without({"title": SECRET, "summary": SECRET}, PART)["summary"] == ARTICLE


def test_who_answers_a_letter_finds_out_by_no_part_who_wrote_it(people, client):
    letter = Written().sent(name="王示例", text=f"我王示例说，他们用{SECRET}。").assign(people)
    clerk = people.department("SLJ")
    for guess in ("王示例", "我王示例说"):
        with refused("没有这段文字", ValidationError):
            mark(letter.it, clerk, letter.now, words=guess)
    mark(letter.it, clerk, letter.now)
    mark(letter.it, people.supervisor, letter.now, words="我王示例说", reason="写明了王示例")
    for by, knows in ((clerk, False), (people.supervisor, True)):
        client.force_login(by.user)
        said = read(client, letter.now, "/api/v1/confidential-parts/")
        assert (SECRET in said, "王示例" in said) == (True, knows)
