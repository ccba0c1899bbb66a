"""默认情况通报: drafted from a month's records, reviewed by another person, public without a person in it."""

import json
from collections import Counter

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Membership
from accounts.stages import Role
from approvals.stages import Stage
from core import clock
from core.deadlines.models import RuleValue
from core.deadlines.queries import _rulebook
from core.ledger.services import county_book
from prereview import services as sessions
from public_notice.models import Bulletin
from public_notice.queries import in_numbers
from public_notice.queries.figure_words import beside_of
from public_notice.queries.figures import events_of, span_of
from public_notice.rules.figures import EVENTS, happened
from public_notice.services import draft_bulletin, review_bulletin
from public_notice.stages import BulletinState
from tests.conftest import instant as at
from tests.standing import standing
from tests.stories.telling import refused, sound, told
from tests.walk import acts, walk

pytestmark = pytest.mark.django_db
JULY = at("2018-07-03 09:00")


def _defaulted(people):
    w = walk(people, at("2018-06-06 09:00"), to=Stage.PREREVIEWING)
    w.until(at("2018-06-13 09:00"))
    w.call_meeting()
    w.hold(w.meeting, silent=["QXJ"])
    w.until(at("2018-06-25 09:00"))
    return w


walked, w = standing(_defaulted)


def draft(w, people, period="2018-06", by=None):
    return w.do(draft_bulletin, period=period, by=by or people.supervisor)


def review(w, bulletin, people, *, approved=True, by=None, **said):
    return w.do(review_bulletin, bulletin, approved=approved, by=by or people.administrator, **said)


def get(client, w, name, *args):
    with clock.driven(w.now):
        return client.get(reverse(f"public_notice:{name}", args=args))


def test_what_is_refused(w, people):
    with refused("还没有结束"):
        draft(w, people)
    w.until(JULY)
    for stranger in (people.convenor, people.administrator, people.window, people.enterprise):
        with refused(error=PermissionDenied):
            draft(w, people, by=stranger)
    for month in ("2018-6", "2018-13", "June", ""):
        with refused(error=ValidationError):
            draft(w, people, period=month)
    bulletin = draft(w, people)
    with refused("已经起草"):
        draft(w, people)
    for stranger in (people.convenor, people.department("QXJ"), people.enterprise):
        with refused(error=PermissionDenied):
            review(w, bulletin, people, by=stranger)
    with refused("不能自己审核"):
        review(w, bulletin, people, by=people.supervisor)
    with refused(error=ValidationError):
        review(w, bulletin, people, approved=False, note=" ")


def test_drafted_reviewed_and_open_to_all_in_two_clicks(w, people, client):
    w.until(JULY)
    bulletin = draft(w, people)
    assert told(people.administrator, "请审核")
    assert get(client, w, "bulletin", "2018-06").status_code == 404
    review(w, bulletin, people)

    assert reverse("public_notice:bulletins") in get(client, w, "front").content.decode()
    listed = get(client, w, "bulletins").content.decode()
    assert reverse("public_notice:bulletin", args=["2018-06"]) in listed
    page = get(client, w, "bulletin", "2018-06").content.decode()
    assert "气象" in page
    assert "视同无异议（超时）" in page
    bulletin.refresh_from_db()
    assert bulletin.paper.number in page
    assert client.get(reverse("approvals:paper", args=[bulletin.paper.code])).status_code in (
        200,
        202,
    )
    assert acts(county_book())[-4:].count("publish_bulletin") == 1
    with refused("已经审核"):
        review(w, bulletin, people)
    assert sound()


def test_no_person_no_enterprise_and_no_project_is_in_it(w, people):
    w.until(JULY)
    said = json.dumps(draft(w, people).content, ensure_ascii=False)
    names = [person.user.name for person in Membership.objects.select_related("user")]
    for secret in (*names, w.filing.enterprise.name, w.filing.project_name, w.filing.number):
        assert secret not in said, secret


def test_tolerance_demands_outside_the_list_and_objections_stand_beside_the_defaults(w, people):
    w.until(JULY)
    span = span_of("2018-06")
    frozen = draft(w, people).content["beside"]
    counted = Counter(event.subject for event in events_of(span, w.now))

    assert [row["subject"] for row in frozen] == ["受理情况", "容缺材料", "清单外要求", "公示异议"]
    assert [int(row["total"]) for row in frozen] == [counted[name] for name in EVENTS]
    assert frozen[0]["said"] == "材料齐全受理1"
    assert frozen[-1]["said"] == "没有"
    many = {name: dict.fromkeys(found, 2) for name, found in happened(()).items()}
    assert beside_of(many)[1]["said"] == "按期补齐2，逾期补齐2，逾期未补2，未到期2，不再需要2"


def test_the_page_leads_to_the_figures_as_they_are_now(w, people, client):
    w.until(JULY)
    review(w, draft(w, people), people)
    page = get(client, w, "bulletin", "2018-06").content.decode()

    assert "清单外要求" in page
    assert reverse("public_notice:statistics_of", args=["2018-06"]) in page
    old = Bulletin.objects.get()
    Bulletin.objects.update(content={k: v for k, v in old.content.items() if k != "beside"})
    assert "清单外要求" not in get(client, w, "bulletin", "2018-06").content.decode()


def test_sent_back_it_is_drafted_anew(w, people):
    w.until(JULY)
    first = draft(w, people)
    review(w, first, people, approved=False, note="请核对补做日期。")
    assert told(people.supervisor, "退回修改")
    second = draft(w, people)
    review(w, second, people)
    states = Bulletin.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [BulletinState.SENT_BACK, BulletinState.PUBLISHED]


def _withdraw(w, people):
    slot = w.slot("QXJ", "C03")
    why = {"reason": "送达不成立。", "legal_basis": "县规则"}
    w.do(sessions.propose_withdrawal, slot, by=people.convenor, **why)
    w.do(sessions.decide_withdrawal, slot, approved=True, decision="同意", by=people.supervisor)


def test_what_is_withdrawn_stands_apart_in_bulletins_figures_and_by_department(w, people, client):
    before = in_numbers(w.now)
    assert (before.deemed_opinions, before.withdrawn_opinions) == (1, 0)
    w.until(JULY)
    bulletin = draft(w, people)
    review(w, bulletin, people)
    _withdraw(w, people)
    # What was published stays as it was, and says what became of it;
    bulletin.refresh_from_db()
    assert len(bulletin.content["defaults"]) == 1
    assert "发布后已撤回" in get(client, w, "bulletin", "2018-06").content.decode()
    # the year counts it apart,
    after = in_numbers(w.now)
    assert (after.deemed_opinions, after.withdrawn_opinions) == (0, 1)
    # and so does the month in which it was withdrawn.
    w.until(at("2018-08-02 09:00"))
    july = draft(w, people, period="2018-07")
    assert july.content["defaults"] == []
    (total,) = july.content["totals"]
    assert (total["timeout"], total["withdrawn"]) == ("0", "1")


def test_withdrawn_within_its_own_month_it_is_listed_only_as_withdrawn(w, people):
    _withdraw(w, people)
    w.until(JULY)
    content = draft(w, people).content
    assert (content["defaults"], len(content["withdrawn"])) == ([], 1)


def test_where_the_county_does_not_publish_it_stays_inside(w, people, client):
    w.until(JULY)
    RuleValue.objects.filter(code="P55").update(value="no")
    _rulebook.cache_clear()
    try:
        bulletin = review(w, draft(w, people), people)
    finally:
        _rulebook.cache_clear()
    assert bulletin.state == BulletinState.KEPT_INSIDE
    assert not bulletin.paper.public
    assert get(client, w, "bulletin", "2018-06").status_code == 404
    assert "2018-06" not in get(client, w, "bulletins").content.decode()


def test_one_person_in_two_offices_reviews_nothing_of_their_own(w, people):
    w.until(JULY)
    both = Membership.objects.create(
        user=people.supervisor.user, organisation=people.administrator.organisation,
        role=Role.ADMINISTRATOR, valid_from=at("2018-01-01 00:00").date(),
    )  # fmt: skip
    bulletin = draft(w, people)
    with refused("另一个人"):
        review(w, bulletin, people, by=both)
    with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
        Bulletin.objects.filter(pk=bulletin.pk).update(reviewer=both.user)


def test_the_list_asks_the_same_however_long_it_is(w, people, client):
    w.until(JULY)
    asked = []
    for period in ("2018-06", "2018-05", "2018-04"):
        review(w, draft(w, people, period=period), people)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert get(client, w, "bulletins").status_code == 200
        asked.append(len(seen))
    assert asked[0] == asked[-1] <= 4
