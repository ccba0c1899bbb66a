"""更正公开的文书: through the gate before it has a number; page, feed, data and check agree; both stay readable."""

import json
import re
from datetime import UTC, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core import clock
from core.documents.models import Paper, Series
from core.documents.sheets.papers import numbered
from core.ledger.services import county_book
from core.notify.models import Message
from core.steps.correcting import correct_paper, void_paper
from core.steps.making_out import make_out
from core.steps.papers import issue
from core.steps.reasons import NotNow
from public_notice.models import Bulletin, Notice, Objection
from public_notice.queries.register import search
from public_notice.queries.sheets import sheet_of_objections
from public_notice.services import lodge_objection, reply_objection
from public_notice.services.subscription_letters import tell_subscribers
from public_notice.services.subscriptions import ask_subscription, confirm_subscription
from public_notice.stages import BulletinState
from tests.approvals.browse import Browser, text
from tests.walk import acts

pytestmark = pytest.mark.django_db
NEW = "示例项目二期"
REASON = "立项名称漏写“二期”"


@pytest.fixture
def corrected(noticed):
    """The name in the notice was short of two characters; the supervisor has corrected it."""
    return mended(noticed, noticed.notice.paper)


def mended(noticed, paper, name=NEW, by=None, **more):
    was = paper.content["project"]["name"]
    title = paper.content["title"].replace(was, name)
    changes = {"project.name": name, "title": title} | more
    return correct_paper(
        paper, changes=changes, reason=REASON, by=by or noticed.people.supervisor, at=noticed.minutes()
    )  # fmt: skip


@pytest.fixture
def read(client, noticed):
    def asked(path):
        with clock.driven(noticed.now):
            answer = client.get(path)
        return answer.getvalue().decode() if answer.streaming else answer.content.decode()

    return asked


def page_of(noticed):
    return reverse("public_notice:notice", args=[noticed.notice.public_id])


def test_the_page_says_what_was_corrected_and_the_words_before_stay_readable(
    noticed, corrected, read, client
):
    old = corrected.corrects
    address = page_of(noticed)
    page = read(address)
    for said in (NEW, old.number, corrected.number, REASON, "更正为", corrected.content_sha256):
        assert said in page  # the watch finds number and digest of the paper that stands
    assert f"{address}?version={old.code}" in page
    before = read(f"{address}?version={old.code}")
    assert f'已更正，见<a href="{address}">{corrected.number}</a>' in before
    assert old.content["title"] in before
    assert REASON in before
    assert old.content_sha256 in before
    strange = Paper.objects.exclude(kind="DOC17").first()
    assert client.get(f"{address}?version={strange.code}").status_code == 404
    first = read(reverse("approvals:check_paper", args=[old.code]))
    assert "已更正，见" in first
    assert corrected.number in first
    assert REASON in first
    second = read(reverse("approvals:check_paper", args=[corrected.code]))
    assert old.number in second
    assert REASON in second
    assert corrected.public


def test_feed_data_api_and_search_say_the_same(noticed, corrected, read):
    old = corrected.corrects
    at = timezone.localtime(corrected.issued_at).isoformat(timespec="seconds")
    feed = read(reverse("public_notice:feed"))
    assert f"已更正，见{corrected.number}（更正{old.number}）" in feed
    assert f"<updated>{corrected.issued_at.astimezone(UTC):%Y-%m-%dT%H:%M}" in feed
    row = json.loads(read("/open/v1/notices.json"))["rows"][0]
    assert (row["number"], row["corrects"], row["project_name"]) == (
        corrected.number,
        old.number,
        NEW,
    )
    assert (row["corrected_at"], row["correction_reason"]) == (at, REASON)
    assert REASON.replace("“", "") in read("/open/v1/notices.csv").replace("“", "")
    assert f"{corrected.number}更正{old.number}" in read("/open/v1/notices.atom")
    shown = json.loads(read(f"/api/v1/notices/{noticed.notice.public_id}/"))
    (one,) = shown["history"]["corrections"]
    assert (one["number"], one["corrects"], one["reason"]) == (
        corrected.number,
        old.number,
        REASON,
    )
    for words in (old.number, corrected.number, NEW):
        assert search(Notice.objects.all(), words).count() == 1
    assert acts(noticed.filing.book)[-1] == "correct_paper"
    assert Message.objects.filter(subject__contains=corrected.number).exists()


def test_the_spreadsheet_and_the_mail_of_the_day_say_it_too(noticed, mailoutbox, read):
    before = noticed.notice.published_at - timedelta(hours=1)
    ask_subscription(address="reader@example.org", at=before, origin="192.0.2.1")
    tell_subscribers(before)
    word = re.search(r"/subscribe/confirm/([\w-]+)/", mailoutbox.pop().body)[1]
    reader = confirm_subscription(word, at=before)
    noticed.now += timedelta(days=1)
    tell_subscribers(noticed.now + timedelta(hours=23))
    first = [mail.body for mail in mailoutbox]
    noticed.now += timedelta(days=2)
    newer = mended(noticed, noticed.notice.paper)
    told = f"已更正，见{newer.number}（更正{newer.corrects.number}）"

    assert told in read("/notices/export/?form=csv")
    tell_subscribers(noticed.now + timedelta(days=2))
    assert len(first) == 1
    assert "已更正" not in first[0]
    assert mailoutbox[-1].subject == "承诺公示：新的0份，更正的1份"
    assert told in mailoutbox[-1].body  # published before, corrected since: told once more
    assert len(mailoutbox) == 2
    tell_subscribers(noticed.now + timedelta(days=4))
    assert (len(mailoutbox), reader.pk) == (2, reader.pk)


def test_a_table_of_the_staff_says_what_became_of_a_number(noticed):
    old = noticed.notice.paper
    newer = mended(noticed, old)

    assert numbered(None) is None
    assert numbered(Paper.objects.get(pk=old.pk)) == f"{old.number}（已更正，见{newer.number}）"
    assert numbered(newer) == newer.number


def test_the_objections_of_a_case_say_what_was_corrected_of_notice_and_reply(
    noticed, words, django_assert_num_queries
):
    """In the table as in the list of the window: the notice that was objected to, and the papers of the objection."""
    window, filing = noticed.people.window, noticed.filing
    one, other = (
        lodge_objection(noticed.notice, at=noticed.minutes(), **words | {"text": said})
        for said in ("甲", "乙")
    )
    noticed.do(reply_objection, one, finding="not_upheld", reply="无误。", by=window)
    said = {"subject": str(one.pk), "by": window}
    receipt, reply = (noticed.do(make_out, filing, kind=k, **said) for k in ("DOC18", "DOC19"))
    rows = list(sheet_of_objections(Objection.objects.all(), whole=True).rows)
    assert [row[-1] for row in rows] == ["", ""]

    newer = mended(noticed, noticed.notice.paper)
    right = {"changes": {"enterprise.name": "示例公司"}, "reason": "漏字"}
    by = {"by": noticed.people.supervisor}
    mended_reply = noticed.do(correct_paper, reply, **right, **by)
    noticed.do(
        void_paper,
        noticed.do(correct_paper, receipt, **right, by=noticed.people.convenor),
        reason="重复",
        **by,
    )
    of_notice = (
        f"承诺公示：已更正，见{newer.number}（更正{newer.corrects.number}）。理由：{REASON}。"
    )
    of_reply = (
        f"公示异议答复书：已更正，见{mended_reply.number}（更正{reply.number}）。理由：漏字。"
    )
    with django_assert_num_queries(
        3
    ):  # the objections, what corrects their papers, and how such are called
        sheet = sheet_of_objections(Objection.objects.order_by("pk"), whole=True)
        rows = list(sheet.rows)
    assert sheet.heads[-1] == "更正"
    assert [row[-1] for row in rows] == [of_notice + of_reply, of_notice]
    visit = Browser(window, noticed.now)
    with clock.driven(noticed.now):
        address = reverse("public_notice:objections", args=[filing.public_id])
        page = text(visit.client.get(address))
    assert (page.count(of_notice), page.count(of_reply)) == (2, 1)
    assert other.number in page


def test_corrected_again_the_page_tells_every_version_in_as_many_questions(
    noticed, corrected, client
):
    def asked():
        with (
            clock.driven(noticed.now),
            CaptureQueriesContext(connection) as questions,
        ):
            page = client.get(page_of(noticed)).content.decode()
        return page, len(questions)

    asked()
    page, once = asked()
    third = mended(noticed, corrected, "示例项目三期", by=noticed.people.convenor)
    page, twice = asked()
    assert once == twice
    for paper in (third, corrected, corrected.corrects):
        assert paper.number in page
    with pytest.raises(NotNow):
        mended(noticed, corrected, by=noticed.people.convenor)


@pytest.mark.parametrize(
    "more",
    [
        {"reason": "来电13812345678要求改"},
        {"reason": "联系人张小明要求改"},
        {"project.location": "左权县辽阳镇北街3号楼2单元301室"},
        {"title": "标题\u200b"},
        {"objection.address": "窗口13812345678"},
    ],
)
def test_what_belongs_to_a_person_is_refused_before_a_number_is_drawn(noticed, more):
    drawn = list(Series.objects.values_list("mark", "last"))
    paper, reason = noticed.notice.paper, more.get("reason", REASON)
    changes = {"issuer.address": "另一处", **{k: v for k, v in more.items() if k != "reason"}}
    with pytest.raises(ValidationError, match="公开"):
        correct_paper(
            paper, changes=changes, reason=reason, by=noticed.people.supervisor, at=noticed.minutes()
        )  # fmt: skip
    assert list(Series.objects.values_list("mark", "last")) == drawn
    assert Notice.objects.get(pk=noticed.notice.pk).paper == paper


def test_a_title_does_not_keep_the_old_name_and_the_offices_telephone_may_be_a_mobile(noticed):
    paper, people = noticed.notice.paper, noticed.people
    with pytest.raises(ValidationError, match="标题里还是原来的名称"):
        correct_paper(
            paper, changes={"project.name": NEW}, reason=REASON, by=people.supervisor, at=noticed.now
        )  # fmt: skip
    changes = {"issuer.phone": "13900000000", "objection.phone": "13900000001"}
    newer = correct_paper(
        paper, changes=changes, reason="电话已改", by=people.supervisor, at=noticed.now
    )
    assert newer.public
    again = {"issuer.phone": "0354-8630000", "objection.phone": "0354-8630001"}
    assert correct_paper(
        newer, changes=again, reason="又改回", by=people.convenor, at=noticed.now
    ).public


def test_what_strangers_do_not_read_may_be_corrected_for_any_reason(noticed):
    paper = noticed.filing.checklist_paper
    assert not paper.public
    changes = {"issuer.address": "另一处"}
    newer = correct_paper(
        paper, changes=changes, reason="13812345678来电", by=noticed.people.supervisor, at=noticed.now
    )  # fmt: skip
    assert not newer.public


def test_the_window_that_published_it_does_not_correct_it(noticed):
    with pytest.raises(PermissionDenied):
        mended(noticed, noticed.notice.paper, by=noticed.people.window)


def test_a_bulletin_keeps_its_address_and_says_what_was_corrected(noticed, read):
    people, at = noticed.people, noticed.now
    office = noticed.notice.content["issuer"]
    content = {
        "title": "2018年4月默认情况通报", "month_text": "2018年4月", "summary": "没有。", "issuer": office,
        "defaults": [], "withdrawn": [], "totals": [],
    }  # fmt: skip
    paper = issue(
        "default_bulletin", content, book=county_book(), kind="DOC52", by=people.administrator, at=at
    )  # fmt: skip
    Bulletin.objects.create(
        period="2018-04", state=BulletinState.PUBLISHED, content=content, paper=paper, drafted_at=at,
        drafted_by=people.supervisor, drafter=people.supervisor.user, reviewed_by=people.administrator,
        reviewer=people.administrator.user, reviewed_at=at,
    )  # fmt: skip
    newer = correct_paper(
        paper, changes={"issuer.address": "新办公楼"}, reason="已搬迁", by=people.convenor, at=at
    )
    for address in ("/bulletins/2018-04/", f"/bulletins/2018-04/?version={paper.code}"):
        page = read(address)
        for said in (newer.number, paper.number, "已搬迁"):
            assert said in page
    assert newer.number in read("/bulletins/")
    shown = json.loads(read("/api/v1/bulletins/2018-04/"))
    assert (shown["number"], shown["corrects"]) == (newer.number, paper.number)
