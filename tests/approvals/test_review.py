"""Papers decided together: refusals first, one notice for all that goes back, and two clerks before one filing."""

import re
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership
from approvals import services
from approvals.services.review import MOST_REASON, Decision
from approvals.stages import GapState, MaterialState, Stage
from core.documents.models import Paper
from core.ledger.models import Entry
from core.notify.models import Message
from core.steps.reasons import NotNow
from tests.approvals.browse import Browser, text
from tests.conftest import instant
from tests.standing import standing
from tests.walk import pdf, walk

pytestmark = pytest.mark.django_db
walked, handed_in = standing(
    lambda people: walk(people, instant("2018-03-05 09:00"), to=Stage.RECEIVED)
)


def papers(w):
    return list(w.filing.materials.intake().order_by("pk"))


def all_fine(w):
    return [Decision(one.pk, "fine", seen=one.standing) for one in papers(w)]


def save(w, decisions, then="", by=None):
    by = by or w.people.window
    return services.review_materials(w.filing, decisions=decisions, then=then, by=by, at=w.now)


def states(w):
    return {one.state for one in papers(w)}


def other_clerk(w):
    """A colleague at the same window."""
    window = w.people.window
    user = type(window.user).objects.create(username="window-2", name="孙示例庚")
    held = {"organisation": window.organisation, "role": window.role}
    return Membership.objects.create(user=user, valid_from=window.valid_from, **held)


# — what is refused ——————————————————————————————————————————————————————————————————


@pytest.mark.parametrize("who", ["enterprise", "clerk", "supervisor"])
def test_others_decide_nothing(handed_in, who):
    by = Membership.objects.filter(role=who).first()
    with pytest.raises(PermissionDenied):
        save(handed_in, all_fine(handed_in), by=by)
    assert states(handed_in) == {MaterialState.RECEIVED}


def test_of_several_decisions_none_stands_if_one_cannot(handed_in):
    first, second, *_rest = papers(handed_in)
    with pytest.raises(ValidationError) as refusal:
        save(handed_in, [Decision(first.pk, "fine"), Decision(second.pk, "return", " ")])
    assert "请写明缺什么" in str(refusal.value.messages)
    assert list(refusal.value.about) == [second.pk]
    assert states(handed_in) == {MaterialState.RECEIVED}

    firm = next(one for one in papers(handed_in) if not one.tolerable)
    with pytest.raises(NotNow, match="没有标明"):
        save(handed_in, [Decision(firm.pk, "gap")])
    with pytest.raises(ValidationError, match="不在本件中"):
        save(handed_in, [Decision(0, "fine")])
    with pytest.raises(ValidationError, match="决定了两次"):
        save(handed_in, [Decision(first.pk, "fine"), Decision(first.pk, "return", "缺页")])
    with pytest.raises(ValidationError, match="至少决定一件"):
        save(handed_in, [])


def test_what_follows_must_be_possible_or_nothing_is_saved(handed_in):
    first, *_rest = papers(handed_in)
    with pytest.raises(NotNow, match="还没有全部核收"):
        save(handed_in, [Decision(first.pk, "fine")], then="accept")
    with pytest.raises(NotNow, match="没有标为“需补正”"):
        save(handed_in, [Decision(first.pk, "fine")], then="correct")
    assert states(handed_in) == {MaterialState.RECEIVED}
    assert handed_in.filing.stage == Stage.RECEIVED


def test_too_late_nothing_is_decided(handed_in):
    handed_in.now = instant("2018-03-20 09:00")
    with pytest.raises(NotNow, match="期限已经届满"):
        save(handed_in, all_fine(handed_in))


def test_a_withheld_file_is_not_found_fine(handed_in):
    first, *_rest = papers(handed_in)
    kept = first.attachment
    kept.scan = "waiting"
    kept.save()
    with pytest.raises(NotNow, match="还没有通过查毒"):
        save(handed_in, [Decision(first.pk, "fine")])


# — what is done —————————————————————————————————————————————————————————————————————


def test_what_is_returned_gathers_into_one_notice(handed_in):
    one, two, *rest = papers(handed_in)
    before = Message.objects.count()
    decisions = [Decision(m.pk, "fine") for m in rest]
    decisions += [Decision(one.pk, "return", "缺第3页"), Decision(two.pk, "return", "没有盖章")]
    filing = save(handed_in, decisions, then="correct")

    assert filing.stage == Stage.CORRECTING
    notice = Paper.objects.get(book=filing.book, kind="DOC04")
    assert {row["material"]: row["defect"] for row in notice.content["defects"]} == {
        one.name: "缺第3页",
        two.name: "没有盖章",
    }
    told = Message.objects.order_by("pk")[before:]
    assert len({message.text for message in told}) == 1, "the enterprise is told once"
    acts = Entry.objects.filter(book=filing.book, act="check_material")
    assert acts.count() == len(decisions)


def test_a_gap_is_offered_and_only_the_enterprise_promises_it(handed_in):
    soft = handed_in.filing.materials.intake().first()
    type(soft).objects.filter(pk=soft.pk).update(tolerable=True)
    filing = save(handed_in, [Decision(soft.pk, "gap", "看不清楚")], then="correct")
    soft.refresh_from_db()
    assert (soft.state, soft.reason) == (
        MaterialState.RETURNED,
        "看不清楚。这件材料可以容缺：现在交不了的，可以承诺补交。",
    )
    assert not filing.gaps.exists()

    by = handed_in.people.enterprise
    gap = services.promise_gap(soft, reason="正在补办", signed=True, by=by, at=handed_in.now)
    handed_in.do(services.hand_in_correction, handed_in.filing, by=by)
    services.upload_material(soft, upload=pdf(), by=by, at=handed_in.now)
    soft.refresh_from_db()
    rest = [Decision(m.pk, "fine") for m in papers(handed_in) if m.pk != soft.pk]
    save(handed_in, [Decision(soft.pk, "fine", seen=soft.standing), *rest], then="accept")
    gap.refresh_from_db()
    assert gap.state == GapState.CLOSED
    assert handed_in.filing.stage == Stage.ACCEPTED


def shown(w):
    browser, pk = page_of(w)
    return browser.get("review", pk).content.decode()


def test_no_gap_is_offered_that_the_enterprise_cannot_promise(handed_in):
    w = handed_in
    soft = w.filing.materials.intake().filter(tolerable=True).first()
    said = 'value="gap"'
    assert said in shown(w)
    later = w.filing.materials.exclude(needed_by="intake").first()
    type(later).objects.filter(pk=later.pk).update(tolerable=True)
    with pytest.raises(NotNow, match="不能再申请容缺"):
        save(w, [Decision(later.pk, "gap", "看不清楚")])
    # Who is barred by a bad credit record is told of no gap.
    services.bar_tolerance(
        w.filing, ground="弄虚作假", organ="示例县信用主管部门", organ_number="示例信认〔2018〕1号",
        paper=Paper.objects.filter(book=w.filing.book).first(), until=date(2019, 1, 2),
        by=w.people.convenor, at=w.now,
    )  # fmt: skip
    with pytest.raises(NotNow, match="失信记录"):
        save(w, [Decision(soft.pk, "gap", "看不清楚")])
    assert said not in shown(w)
    assert states(w) == {MaterialState.RECEIVED}


def test_two_clerks_accept_at_once_and_the_second_is_told(handed_in):
    seen = all_fine(handed_in)  # both have the same page before them
    colleague = other_clerk(handed_in)
    save(handed_in, seen, then="accept")
    done = Entry.objects.count()
    with pytest.raises(NotNow) as refusal:
        save(handed_in, seen, then="accept", by=colleague)

    (said,) = refusal.value.reasons
    assert str(handed_in.people.window.user) in said
    assert "现在是“已受理”" in said
    assert "您的决定没有保存" in said
    assert Entry.objects.count() == done
    assert Entry.objects.filter(book=handed_in.filing.book, act="accept").count() == 1


def test_what_a_colleague_decided_is_not_written_over(handed_in):
    seen = {one.pk: one.standing for one in papers(handed_in)}
    first, second, *_rest = papers(handed_in)
    save(handed_in, [Decision(first.pk, "return", "缺第3页", seen[first.pk])])
    decisions = [
        Decision(first.pk, "fine", seen=seen[first.pk]),
        Decision(second.pk, "fine", seen=seen[second.pk]),
    ]
    with pytest.raises(NotNow) as refusal:
        save(handed_in, decisions, by=other_clerk(handed_in))

    (said,) = refusal.value.about[first.pk]
    assert str(handed_in.people.window.user) in said
    assert "现在是“需补正”" in said
    assert "缺第3页" in said
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (MaterialState.RETURNED, MaterialState.RECEIVED)


def test_what_the_enterprise_handed_in_meanwhile_is_looked_at_first(handed_in):
    first, *_rest = papers(handed_in)
    decision = Decision(first.pk, "fine", seen=first.standing)
    by = handed_in.people.enterprise
    services.upload_material(first, upload=pdf(), by=by, at=handed_in.now)
    with pytest.raises(NotNow, match="请看过再决定"):
        save(handed_in, [decision])


# — the page —————————————————————————————————————————————————————————————————————————


def page_of(w):
    return Browser(w.people.window, w.now), w.filing.public_id


def hidden(page, name):
    return re.search(f'name="{name}" value="([^"]+)"', text(page))[1]


def body(page, w, then="", **verdicts):
    """What the form sends: the key and what was seen, with the verdicts by the place of the paper."""
    sent = {"key": hidden(page, "key"), "then": then}
    for place, one in enumerate(papers(w)):
        sent[f"seen-{one.pk}"] = hidden(page, f"seen-{one.pk}")
        word, _colon, reason = verdicts.get(f"m{place}", verdicts.get("all", "")).partition(":")
        sent |= {f"verdict-{one.pk}": word, f"reason-{one.pk}": reason}
    return sent


def test_only_the_window_has_the_page(handed_in):
    for who in ("enterprise", "supervisor"):
        by = getattr(handed_in.people, who)
        browser = Browser(by, handed_in.now)
        assert browser.get("review", handed_in.filing.public_id).status_code == 403
        assert browser.post("review", handed_in.filing.public_id).status_code == 403


def test_the_page_shows_answers_papers_and_the_list_in_few_queries(handed_in):
    browser, pk = page_of(handed_in)
    with CaptureQueriesContext(connection) as asked:
        page = browser.get("review", pk)
    said = text(page)
    for words in ("问卷回答", "材料目录", "清单", "保存并一次告知补正", "前未决定的，视为受理"):
        assert words in said
    assert str(papers(handed_in)[0]) in said
    more = len(handed_in.filing.materials.all())
    assert more > 5
    assert len(asked) <= 30, [query["sql"][:120] for query in asked]


def test_more_papers_need_no_more_queries(handed_in):
    browser, pk = page_of(handed_in)
    browser.get("review", pk)

    def count():
        with CaptureQueriesContext(connection) as asked:
            browser.get("review", pk)
        return len(asked)

    before, model = count(), papers(handed_in)[0]
    for number in range(12):
        model.pk, model.name = None, f"另一件{number}"
        model.save(force_insert=True)
    assert count() == before


def test_a_double_press_has_one_effect(handed_in):
    browser, pk = page_of(handed_in)
    sent = body(browser.get("review", pk), handed_in, then="accept", all="fine")
    for _press in (1, 2):
        answer = browser.post("review", pk, **sent)
        assert (answer.status_code, answer.url) == (302, f"/cases/{pk}/")
    assert Entry.objects.filter(book=handed_in.filing.book, act="accept").count() == 1

    changed = {**sent, "then": ""}
    answer = browser.post("review", pk, **changed)
    assert answer.status_code == 409
    assert "已经保存过" in text(answer)


def test_a_refusal_keeps_what_was_decided(handed_in):
    browser, pk = page_of(handed_in)
    page = browser.get("review", pk)
    refused = browser.post("review", pk, **body(page, handed_in, m0="fine", m1="return:"))
    assert refused.status_code == 422
    first, second, *_rest = papers(handed_in)
    assert "没有保存，什么都没有改变" in text(refused)
    kept = f'name="verdict-{first.pk}" value="fine" checked'
    assert kept in text(refused)
    assert f'id="m{second.pk}"' in text(refused)

    for wrong in ({"key": "x"}, {"then": "burn"}, {f"verdict-{first.pk}": "burn"}):
        sent = {**body(page, handed_in, m0="fine"), **wrong}
        assert browser.post("review", pk, **sent).status_code == 422
    long = body(page, handed_in, m0="return:" + "长" * (MOST_REASON + 1))
    assert "理由最多" in text(browser.post("review", pk, **long))


def test_the_second_clerk_sees_a_clear_sentence(handed_in):
    colleague = other_clerk(handed_in)
    one, pk = page_of(handed_in)
    two = Browser(colleague, handed_in.now)
    first, second = one.get("review", pk), two.get("review", pk)
    saved = one.post("review", pk, **body(first, handed_in, m0="return:缺第3页"))
    assert saved.status_code == 302
    late = two.post("review", pk, **body(second, handed_in, m0="fine", m1="fine"))

    assert late.status_code == 409
    assert "请看过再决定" in text(late)
    first_paper = papers(handed_in)[0]
    assert f'name="verdict-{first_paper.pk}" value="" checked' in text(late), "decided anew"


def test_a_correction_by_the_page_says_whose_move_it_is(handed_in):
    browser, pk = page_of(handed_in)
    page = browser.get("review", pk)
    done = browser.post("review", pk, **body(page, handed_in, "correct", m0="return:缺第3页"))
    assert done.status_code == 302
    assert "已一次告知补正" in text(browser.client.get(done.url))
    page = browser.get("review", pk)
    assert "保存并受理" not in text(page)


def test_the_page_says_when_to_correct_and_when_to_accept_and_how_each_paper_stands(handed_in):
    first, second, *_rest = papers(handed_in)
    save(handed_in, [Decision(first.pk, "fine"), Decision(second.pk, "return", "缺页")])
    page = Browser(handed_in.people.window, handed_in.now).get("review", handed_in.filing.public_id)
    stands = dict(re.findall(r'data-paper="(\d+)" data-stands="(\w+)"', page.content.decode()))

    assert "有退回的，一次告知补正；没有退回的，受理" in text(page)
    assert (stands[str(first.pk)], stands[str(second.pk)]) == ("done", "back")
    assert set(stands.values()) == {"done", "back", "left"}
