"""A default on the pages and for programs: confirmed or dismissed, contested, withdrawn, spoken about, on the desks."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import Membership
from accounts.stages import Role
from approvals.stages import Stage
from core import clock
from desk.queries.work import waiting_for
from prereview import services as sessions
from prereview.models import Slot
from prereview.stages import Position, SlotState
from tests.api.programs import Program
from tests.approvals.browse import text
from tests.conftest import instant as at
from tests.prereview.page import Page
from tests.standing import standing
from tests.stories.telling import refused
from tests.walk import walk

pytestmark = pytest.mark.django_db


def _silent(people):
    """Until 00:05 of the morning on which the default is a candidate; it confirms itself on Monday the 25th."""
    w = walk(people, at("2018-06-06 09:00"), to=Stage.PREREVIEWING)
    w.until(at("2018-06-13 09:00"))
    w.call_meeting()
    w.hold(w.meeting, silent=["QXJ"])
    w.until(at("2018-06-22 00:05"))
    return w


walked, w = standing(_silent)


def slot(w):
    return w.slot("QXJ", "C03")


def head():
    return Membership.objects.get(user__username="qxj-head", role=Role.HEAD)


# — the lead unit's word, at every time and by everybody ————————————————————————————————

CONFIRM = (sessions.confirm_default, {})
DISMISS = (sessions.dismiss_default, {"reason": "送达有瑕疵"})


@pytest.mark.parametrize("word", [CONFIRM, DISMISS], ids=["confirm", "dismiss"])
@pytest.mark.parametrize(
    "role", ["window", "supervisor", "administrator", "enterprise", "clerk", "head"]
)
def test_the_word_is_the_convenors_alone(w, people, word, role):
    others = {"clerk": people.department("QXJ"), "head": head()}
    verb, said = word
    with refused(error=PermissionDenied):
        w.do(verb, slot(w), by=others.get(role) or getattr(people, role), **said)
    assert slot(w).state == SlotState.CANDIDATE


@pytest.mark.parametrize("first", [CONFIRM, DISMISS], ids=["confirmed", "dismissed"])
@pytest.mark.parametrize("then", [CONFIRM, DISMISS], ids=["confirm", "dismiss"])
def test_said_once_it_is_said(w, people, first, then):
    w.do(first[0], slot(w), by=people.convenor, **first[1])
    stands = slot(w).state
    with refused("拟视同无异议"):
        w.do(then[0], slot(w), by=people.convenor, **then[1])
    assert slot(w).state == stands


LAST = at("2018-06-25 00:00")  # at this instant it confirms itself
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize("word", [CONFIRM, DISMISS], ids=["confirm", "dismiss"])
@pytest.mark.parametrize("swept", [True, False], ids=["swept", "not swept"])
def test_after_it_has_confirmed_itself_it_is_too_late(w, people, word, swept):
    verb, said = word
    if swept:
        w.until(LAST)
    with refused("拟视同无异议"):
        verb(slot(w), by=people.convenor, at=LAST, **said)
    w.until(LAST)
    assert slot(w).opinion.deemed
    assert slot(w).opinion.effective_at == at("2018-06-22 00:00")


@pytest.mark.parametrize(
    ("word", "stands"), [(CONFIRM, SlotState.SETTLED), (DISMISS, SlotState.HELD)]
)
def test_a_microsecond_before_it_counts_whether_a_sweep_comes_or_not(w, people, word, stands):
    verb, said = word
    verb(slot(w), by=people.convenor, at=LAST - TICK, **said)
    assert slot(w).state == stands
    w.until(at("2018-06-26 09:00"))
    assert slot(w).state == stands


def test_a_candidate_is_one_though_no_sweep_has_said_so(people, w):
    Slot.objects.filter(pk=slot(w).pk).update(state=SlotState.AWAITED)
    w.do(sessions.confirm_default, slot(w), by=people.convenor)
    assert slot(w).opinion.deemed


def test_dismissed_no_sweep_settles_it_and_an_opinion_counts(w, people):
    w.do(sessions.dismiss_default, slot(w), reason="送达有瑕疵", by=people.convenor)
    w.until(at("2018-07-20 09:00"))
    assert slot(w).state == SlotState.HELD
    w.do(sessions.give_opinion, slot(w), position=Position.AGREE, by=people.department("QXJ"))
    assert slot(w).opinion.position == Position.AGREE


# — on the pages ————————————————————————————————————————————————————————————————————————


def titles(w, person):
    with clock.driven(w.now):
        return " ".join(row.title for row in waiting_for(person, w.now))


def done(page):
    assert page.status_code == 302, text(page)[-2000:]


def test_contested_upheld_and_approved_on_the_pages(w, people):
    w.until(at("2018-06-25 09:00"))
    pk = slot(w).pk
    chief, lead, watcher = Page(head(), w), Page(people.convenor, w), Page(people.supervisor, w)
    assert "对默认提出异议" in chief.says("proof", pk)
    assert "未提出异议的" in chief.says("contest", pk)
    assert "约谈" in titles(w, people.supervisor)
    done(chief.post("contest", pk, text="签收的人不是本单位的。"))
    assert chief.post("contest", pk, text="又").status_code == 409
    assert "对默认的异议" in titles(w, people.convenor)
    assert "签收的人不是本单位的。" in lead.says("decide_contest", pk)
    incomplete = lead.post("decide_contest", pk, upheld="yes", reason="是")
    assert incomplete.status_code == 422
    assert "必须写明依据" in text(incomplete)
    done(lead.post("decide_contest", pk, upheld="yes", reason="送达不成立", legal_basis="县规则"))
    assert "批准撤回默认" in titles(w, people.supervisor)
    assert watcher.post("decide_withdrawal", pk, approved="yes", decision="").status_code == 422
    done(watcher.post("decide_withdrawal", pk, approved="yes", decision="同意"))
    record = chief.says("proof", pk)
    for word in ("已撤回", "送达不成立", "同意", "不再补做"):
        assert word in record, word
    assert "约谈" not in titles(w, people.supervisor)
    assert "已撤回" in text(watcher.client.get(reverse("desk:supervision")))


def test_spoken_to_on_the_pages(w, people):
    w.until(at("2018-06-25 09:00"))
    watcher = Page(people.supervisor, w)
    assert "气象" in watcher.says("follow_ups")
    done(watcher.post("follow_up", slot(w).pk, note="已约谈该单位负责人。"))
    assert "已约谈该单位负责人。" in watcher.says("follow_ups")
    assert Page(people.department("QXJ"), w).get("follow_ups").status_code == 403


def test_too_late_the_page_says_so_with_the_date(w, people):
    w.until(at("2018-06-29 09:00"))
    chief = Page(head(), w)
    assert "已于2018年6月28日24时届满" in chief.says("contest", slot(w).pk)
    assert chief.post("contest", slot(w).pk, text="异议").status_code == 409


# — for programs ————————————————————————————————————————————————————————————————————————


def test_the_same_for_programs(client, w, people):
    w.until(at("2018-06-25 09:00"))
    pk = slot(w).pk
    with clock.driven(w.now):
        chief, lead, watcher = (
            Program(client, by, days=30) for by in (head(), people.convenor, people.supervisor)
        )
        assert chief.post(f"opinions/{pk}/contest/", {"text": "不成立"}).status_code == 200
        late = chief.post(f"opinions/{pk}/contest/", {"text": "又"})
        assert (late.status_code, "只能提出一次" in str(late.json())) == (409, True)
        said = {"upheld": True, "reason": "是", "legal_basis": "县规则"}
        assert lead.post(f"opinions/{pk}/decide-contest/", said).status_code == 200
        word = {"approved": True, "decision": "同意"}
        assert watcher.post(f"opinions/{pk}/decide-withdrawal/", word).status_code == 200
        (default,) = watcher.get("defaults/?withdrawn=true").json()["results"]
        assert default["withdrawn_at"]
        assert default["contest"]["result"] == "upheld"
        assert default["withdrawals"][0]["state"] == "approved"
        assert watcher.get("defaults/?withdrawn=false").json()["results"] == []
        assert watcher.get("follow-ups/").json() == []
