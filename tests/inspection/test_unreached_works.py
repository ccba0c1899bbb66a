"""企业没有账户: in the works, too, what falls on it begins when the paper is fetched at the counter, not before."""

from datetime import timedelta

import pytest
from django.utils import timezone

from approvals import services as filings
from approvals.models import Filing
from approvals.rules import limits
from approvals.stages import Stage
from core.documents import pdf as press
from core.documents.models import Paper
from desk.queries.work import waiting_for
from inspection import services
from inspection.stages import Verdict
from tests.approvals.test_unreached import TO_FETCH, account, fetch, leave, running
from tests.conftest import instant
from tests.standing import standing
from tests.walk import pdf, walk

pytestmark = pytest.mark.django_db
BROKEN = {"problem": "东侧消火栓无水压", "demand": "接通水源，压力达到设计值"}

walked, accepting = standing(
    lambda people: walk(people, instant("2018-03-05 09:00"), to=Stage.ACCEPTING)
)


@pytest.fixture
def listed(accepting):
    """The correction list went out to an enterprise that nobody could be reached for."""
    w = leave(accepting)
    w.give("C09-3", Verdict.FAILED, **BROKEN)
    w.pass_all()
    w.conclude_acceptance()
    return w


def to_fetch(w):
    return [row for row in waiting_for(w.people.window, w.now) if str(row.title) == TO_FETCH]


def test_the_list_runs_from_its_collection_and_says_so(listed):
    w = listed
    assert w.filing.stage == Stage.AMENDING
    assert limits.AMENDMENT.code not in running(w)
    paper = Paper.objects.filter(book=w.filing.book, kind="DOC42").get()
    words = press._fill(paper.template, paper.content, paper.issued_at, {})
    assert "自在窗口领取本清单之日起" in words
    assert "届满" not in words
    assert to_fetch(w)

    w.now += timedelta(days=40)
    assert w.filing.stage == Stage.AMENDING, "nothing runs against whom it was not served on"
    fetch(w, "DOC42")
    assert running(w) == [limits.AMENDMENT.code]
    assert w.filing.limits.get(
        rule=limits.AMENDMENT.code, ended_at=None
    ).started_at >= w.now - timedelta(minutes=1)


def test_another_paper_does_not_begin_it(listed):
    w = listed
    other = Paper.objects.filter(book=w.filing.book).exclude(kind="DOC42").last()
    other.issued_at = w.now
    other.save()
    given = {"paper": other, "collector": "李示例丁", "upload": pdf(), "by": w.people.window}
    w.do(filings.hand_out_paper, w.filing, **given)
    assert limits.AMENDMENT.code not in running(w)


def test_an_account_that_came_later_does_not_serve_the_list(listed):
    w = listed
    account(w)
    assert to_fetch(w), "without the row it would be nobody's"
    fetch(w, "DOC42")
    assert running(w) == [limits.AMENDMENT.code]
    assert not to_fetch(w)


def test_who_has_an_account_is_served_at_once(accepting):
    w = accepting
    w.give("C09-3", Verdict.FAILED, **BROKEN)
    w.pass_all()
    w.conclude_acceptance()
    assert running(w) == [limits.AMENDMENT.code]
    paper = Paper.objects.filter(book=w.filing.book, kind="DOC42").get()
    assert "on_collection" not in paper.content


def report(w, by):
    return w.do(
        services.report_progress, w.filing, happened_on=timezone.localdate(w.now), percent=40,
        text="主体完成", by=by,
    )  # fmt: skip


def hand_out_the_last(w):
    fetched = w.filing.fetched.values("paper")
    last = Paper.objects.filter(book=w.filing.book).exclude(pk__in=fetched).last()
    last.issued_at = w.now
    last.save()
    given = {"paper": last, "collector": "李示例丁", "upload": pdf(), "by": w.people.window}
    w.do(filings.hand_out_paper, w.filing, **given)


def test_the_next_report_is_due_again_only_for_whom_it_can_be_asked_of(people):
    w = walk(people, instant("2018-03-05 09:00"), to=Stage.BUILDING)
    w.now += timedelta(days=3)
    assert limits.PROGRESS_REPORT.code in running(w)
    by = w.enterprise
    # Filed on paper, its one account locked while its request is under way: what comes next is not held against it.
    Filing.objects.filter(pk=w.pk).update(on_paper=True)
    by.user.is_active = False
    by.user.save()
    report(w, by)
    assert limits.PROGRESS_REPORT.code not in running(w)
    hand_out_the_last(w)
    assert limits.PROGRESS_REPORT.code in running(w)
    # Whose works are done is asked for no report any more, whatever is fetched.
    day = timezone.localdate(w.now)
    w.do(services.report_completion, w.filing, happened_on=day, text="已建成", by=by)
    assert limits.PROGRESS_REPORT.code not in running(w)
    hand_out_the_last(w)
    assert limits.PROGRESS_REPORT.code not in running(w)
