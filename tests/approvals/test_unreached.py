"""企业没有账户: what it cannot do at the counter is never held against it, and the supervisor learns of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Membership, User
from accounts.stages import Role
from approvals import policies, services
from approvals.models import Filing, StageLimit
from approvals.queries.people import enterprise_side
from approvals.rules import limits
from approvals.stages import Stage
from core import clock
from core.deadlines.services import start
from core.documents.models import Paper
from core.notify.models import Message
from desk.queries.work import waiting_for
from tests.approvals.browse import Browser, text
from tests.conftest import instant
from tests.walk import pdf, png, walk

pytestmark = pytest.mark.django_db
START = instant("2018-03-05 09:00")


def leave(w):
    """Nobody acts for the enterprise any more; its filing came on paper."""
    yesterday = timezone.localdate(w.now) - timedelta(days=1)
    office = w.enterprise.organisation
    Membership.objects.filter(organisation=office).update(valid_to=yesterday)
    Filing.objects.filter(pk=w.pk).update(on_paper=True)
    return w


def account(w):
    """The administrator opens an account for the enterprise."""
    user = User.objects.create(username="later", name="示例后来")
    return Membership.objects.create(
        user=user, organisation=w.enterprise.organisation, role=Role.ENTERPRISE,
        valid_from=timezone.localdate(w.now),
    )  # fmt: skip


def fetch(w, kind="DOC16"):
    paper = Paper.objects.filter(book=w.filing.book, kind=kind).last()
    return w.do(
        services.hand_out_paper, w.filing, paper=paper, collector="李示例丁", upload=pdf(),
        by=w.people.window,
    )  # fmt: skip


@pytest.fixture
def offered(people):
    """The letter was offered to an enterprise that nobody can be reached for: no limit has begun."""
    w = leave(walk(people, instant("2018-03-05 09:00"), to=Stage.COMMITTING))
    w.filing.limits.filter(rule=limits.SIGN.code).delete()
    return w


def running(w):
    return [one.rule for one in w.filing.limits.filter(ended_at=None)]


def test_whoever_registered_the_code_first_reads_nothing_before_the_licence_was_seen(people):
    office, window = people.enterprise.organisation, people.window
    form = {"uscc": office.uscc, "name": office.name, "phone": "0354-0000009"}
    counter = Browser(window, START)
    assert counter.post("counter", **form).status_code == 302
    assert "执照还没有核对过" in text(counter.get("counter"))
    filing = Filing.objects.get()
    book = filing.book
    with clock.driven(START):
        assert filing not in Filing.objects.visible_to(people.enterprise)
        assert not policies.sees(filing, people.enterprise)
        assert not enterprise_side(filing, START.date())
        assert filing.unreached(START)
        services.confirm_licence(office, by=window, at=START)
        filing = Filing.objects.get(book=book)
        assert filing in Filing.objects.visible_to(people.enterprise)
        assert policies.sees(filing, people.enterprise)


def test_who_cannot_sign_is_in_no_default_and_the_supervisor_learns_of_it(offered):
    w = offered
    fetch(w)
    w.past(w.filing.limits.get(rule=limits.SIGN.code).due_at)
    limit = w.filing.limits.get(rule=limits.SIGN.code)
    assert w.filing.stage == Stage.COMMITTING
    assert (limit.ended_at, limit.escalated_at) == (None, limit.expires_at)
    assert Message.objects.filter(to=w.people.supervisor, subject__contains="逾期").exists()
    w.do(services.sign_letter, w.filing, upload=png(), by=account(w))
    assert running(w) == []


def test_whose_account_ended_before_the_second_limit_may_sign_with_a_new_one(people):
    w = walk(people, instant("2018-03-05 09:00"), to=Stage.COMMITTING)
    w.past(w.filing.limits.get(rule=limits.SIGN.code).due_at)
    assert running(w) == [limits.SIGN_AFTER_REMINDER.code]
    leave(w).past(w.filing.limits.get(rule=limits.SIGN_AFTER_REMINDER.code).due_at)
    assert w.filing.stage == Stage.COMMITTING
    w.do(services.sign_letter, w.filing, upload=png(), by=account(w))
    assert running(w) == []


def test_a_letter_that_was_signed_online_does_not_lapse_when_its_paper_is_fetched(offered):
    w = offered
    w.do(services.sign_letter, w.filing, upload=png(), by=account(w))
    fetch(w)
    assert running(w) == []
    # Whatever else set a limit running: what is signed does not lapse.
    limit = StageLimit(filing=w.filing, book=w.filing.book)
    start(limit, limits.SIGN_AFTER_REMINDER, at=w.now, rulebook=w.filing.rulebook)
    w.past(limit.due_at)
    assert (w.filing.stage, running(w)) == (Stage.COMMITTING, [])


TO_FETCH = "通知企业到窗口领取文书并签收"


def rows(w):
    found = waiting_for(w.people.window, w.now)
    return [str(row.silence) for row in found if str(row.title) == TO_FETCH]


def test_what_was_issued_before_the_account_is_still_to_be_fetched_until_its_time_runs(offered):
    w = offered
    assert "没有账户" in rows(w)[0]
    account(w)
    assert "有了账户" in rows(w)[0]  # nothing runs: without the row it would be nobody's
    fetch(w)
    assert running(w) == [limits.SIGN.code]
    assert rows(w) == []


def test_signed_online_nothing_is_left_to_fetch(offered):
    w = offered
    w.do(services.sign_letter, w.filing, upload=png(), by=account(w))
    assert rows(w) == []


def test_who_cannot_log_in_any_more_is_not_reached(offered):
    w = offered
    person = account(w)
    assert not w.filing.unreached(w.now)
    User.objects.filter(pk=person.user_id).update(is_active=False)
    assert w.filing.unreached(w.now)
    assert "没有账户" in rows(w)[0]
