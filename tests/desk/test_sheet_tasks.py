"""A long file is worked on behind its page: told without a script, whole or not at all, begun again when broken off."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command

from core import clock
from core.documents.models import Incoming
from core.documents.receiving import hold
from core.documents.watching import Watch
from core.steps.reasons import NotNow
from desk.models import PastBatch, PastFiling, SheetTask
from desk.services.sheet_tasks import LEASE, LONG, TRIES, cancel_sheet, queue_sheet, work_waiting
from desk.stages import SheetWork, TaskState
from tests.desk.test_past import NOW, book, desk, file, load

pytestmark = pytest.mark.django_db
__all__ = ["desk"]
LATER = NOW + LEASE + timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _coming(settings, tmp_path):
    settings.INCOMING_DIR, settings.MEDIA_ROOT = tmp_path / "incoming", tmp_path / "files"


def put_down(by, content=None):
    return hold(file(content or book({}, {}, {})), most=1 << 20, by=by, at=NOW).token


def queued(by, content=None):
    return queue_sheet(SheetWork.LOAD_PAST, token=put_down(by, content), rows=3, by=by, at=NOW)


def stands(job):
    job.refresh_from_db()
    return job.state, PastFiling.objects.count(), Incoming.objects.count()


def test_only_the_administrator_queues_and_only_what_is_theirs(people):
    with pytest.raises(PermissionDenied):
        queued(people.window)
    with pytest.raises(ValidationError, match="已经提交过"):
        queue_sheet(SheetWork.LOAD_PAST, token="0" * 32, rows=1, by=people.administrator, at=NOW)
    assert not SheetTask.objects.exists()


def test_one_file_at_a_time(people):
    first = queued(people.administrator)
    with pytest.raises(NotNow, match="另一个文件正在处理"):
        queued(people.administrator, book({}))
    assert (work_waiting(NOW), work_waiting(NOW)) == (1, 0)
    assert stands(first) == (TaskState.DONE, 3, 1)
    assert queued(people.administrator, book({})).state == TaskState.WAITING


def test_what_is_wrong_by_now_is_said_and_loads_nothing(people):
    content = book({}, {})
    job = queued(people.administrator, content)
    load(content, people.administrator)
    assert work_waiting(NOW) == 1
    assert stands(job) == (TaskState.REFUSED, 2, 0)
    assert "已经载入过" in job.said[0]
    assert work_waiting(LATER) == 0


def test_whoever_is_no_administrator_any_more_loads_nothing(people):
    job = queued(people.administrator)
    people.administrator.valid_to = NOW.date() - timedelta(days=1)
    people.administrator.save()
    assert work_waiting(NOW) == 1
    assert stands(job)[:2] == (TaskState.REFUSED, 0)
    assert "已经不是管理员" in job.said[0]


def test_a_file_that_is_gone_is_said(people, settings):
    job = queued(people.administrator)
    (Path(settings.INCOMING_DIR) / job.token).unlink()
    assert work_waiting(NOW) == 1
    assert stands(job)[0] == TaskState.REFUSED
    assert "重新选择" in job.said[0]


@pytest.fixture
def broken_off(monkeypatch):
    """The machine stops while the rows are written: the last thing it does is to say how far it has come."""
    real = Path.replace

    def replace(self, target):
        if '"writing"' in self.read_text():
            raise SystemExit
        return real(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", replace)
        yield patch.undo


def test_a_load_that_was_broken_off_leaves_nothing_half_and_is_begun_again(people, broken_off):
    job = queued(people.administrator)
    with pytest.raises(SystemExit):
        work_waiting(NOW)
    assert stands(job) == (TaskState.RUNNING, 0, 1)
    assert not PastBatch.objects.exists()
    assert work_waiting(NOW + LEASE) == 0, "another worker might be at it still"
    broken_off()
    assert work_waiting(LATER) == 1
    assert stands(job) == (TaskState.DONE, 3, 0)
    assert work_waiting(LATER + LEASE + LEASE) == 0
    assert PastBatch.objects.count() == 1


def test_what_changes_while_a_file_is_checked_sends_it_back_to_wait(people, monkeypatch):
    task, real = queued(people.administrator, book(*[{}] * 501)), Path.replace
    others = [book({"原编号": f"另-{n}"}) for n in range(TRIES)]

    def replace(
        self, target
    ):  # another file is loaded each time this one's page is told how far it is
        if others and '"checking"' in self.read_text():
            load(others.pop(), people.administrator)
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    assert work_waiting(NOW) == 1
    assert stands(task)[0] == TaskState.WAITING
    assert [work_waiting(NOW) for _try in range(TRIES)] == [1] * (TRIES - 1) + [0]
    assert stands(task) == (TaskState.REFUSED, TRIES, 0)
    assert "别的数据有变化" in task.said[0]


def test_what_breaks_off_each_time_is_given_up_and_may_come_again(people, broken_off):
    job, at = queued(people.administrator), NOW
    for _try in range(TRIES):
        with pytest.raises(SystemExit):
            work_waiting(at)
        at += LEASE + timedelta(seconds=1)
    broken_off()
    assert work_waiting(at) == 0
    assert stands(job) == (TaskState.REFUSED, 0, 0)
    assert "多次中断" in job.said[0]
    assert queued(people.administrator).pk != job.pk


def test_the_page_tells_how_far_it_is_and_asks_again_by_itself(desk, people):
    content = book(*[{}] * (LONG + 1))
    carried = {"token": put_down(people.administrator, content), "rows": LONG + 1}
    asked = desk("load_past", people.administrator, confirm="yes", **carried)
    assert asked.status_code == 302
    assert asked["Location"].endswith("/past/load/")
    assert not PastFiling.objects.exists(), "nobody waited for it"

    page = desk("load_past", people.administrator).content.decode()
    for words in (
        'http-equiv="refresh" content="3"',
        f"共{LONG + 1}行，后台马上开始",
        "自动从头再来",
        "现在刷新",
    ):
        assert words in page
    assert 'type="file"' not in page
    again = desk("load_past", people.administrator, confirm="yes", **carried)
    assert again.status_code == 409
    job = SheetTask.objects.get()
    Watch(people.administrator.user_id, job.token).tell("writing", 1_000, LONG + 1)
    page = desk("load_past", people.administrator).content.decode()
    assert f"正在写入：第1000行，共{LONG + 1}行" in page.replace(",", "")
    assert desk("load_past", people.window).status_code == 403

    with clock.driven(NOW):
        call_command("work_sheets")
    page = desk("load_past", people.administrator).content.decode()
    assert "http-equiv" not in page
    assert f"载入{LONG + 1}件往年申报件" in page.replace(",", "")
    assert PastFiling.objects.count() == LONG + 1


def test_the_page_says_why_nothing_was_loaded_and_takes_the_next_file(desk, people):
    content = book({})
    queued(people.administrator, content)
    load(content, people.administrator)
    work_waiting(NOW)
    page = desk("load_past", people.administrator).content.decode()
    for words in ("没有完成", "这个文件已经载入过", "一行也没有写入", 'type="file"'):
        assert words in page


# — what is long is checked behind the page, too ————————————————————————————————————————————


def test_a_long_file_is_checked_behind_its_page_and_then_loaded(desk, people):
    by, rows = people.administrator, [{}] * (LONG + 300)
    rows[1] = {"统一社会信用代码": "91350100M0001TGQXN"}
    sent = desk("load_past", by, file=file(book(*rows)))
    assert (sent.status_code, sent["Location"]) == (302, "/past/load/")
    page = desk("load_past", by).content.decode()
    for words in (
        'http-equiv="refresh"',
        "检查往年台账 · 等待后台处理",
        "检查不写入任何内容",
        "取消，不写入",
    ):
        assert words in page
    assert "检查结果" not in page, "nothing was found yet"
    assert "http-equiv" not in desk("load_past", by, query="?still=yes").content.decode()
    assert work_waiting(NOW) == 1
    looked = desk("load_past", by)
    page = looked.content.decode()
    for words in ("校验码不符", "前几行", "示例小杂粮加工项目", "全部载入", "不载入，换一个文件"):
        assert words in page
    assert "http-equiv" not in page
    assert not PastFiling.objects.exists()
    carried = looked.context["form"].initial
    assert carried["rows"] == len(rows)
    desk("load_past", by, confirm="yes", **carried)
    assert (work_waiting(NOW), work_waiting(NOW)) == (1, 0)
    assert PastFiling.objects.count() == len(rows)
    assert "全部载入" not in desk("load_past", by).content.decode(), (
        "what is loaded is not offered again"
    )


def test_what_a_check_finds_wrong_stands_on_the_page_and_the_file_is_given_up(desk, people):
    rows = [{}] * (LONG + 300)
    desk("load_past", people.administrator, file=file(book({"年度": 1999}, *rows)))
    assert work_waiting(NOW) == 1
    page = desk("load_past", people.administrator).content.decode()
    assert "年度应在2000至" in page
    assert 'type="file"' in page
    assert not Incoming.objects.exists()


def test_a_file_that_is_checked_can_be_exchanged_for_another(desk, people):
    by = people.administrator
    desk("load_past", by, file=file(book(*[{}] * (LONG + 300))))
    work_waiting(NOW)
    task = SheetTask.objects.get()
    assert desk("load_past", by, cancel="yes", task=task.pk).status_code == 302
    assert stands(task) == (TaskState.CANCELLED, 0, 0)
    assert 'type="file"' in desk("load_past", by).content.decode()
    again = desk("load_past", by, cancel="yes", task=task.pk)
    assert again.status_code == 409
    assert "已经处理完" in again.content.decode()


def test_only_an_administrator_cancels_and_another_may(desk, people):
    task = queued(people.administrator)
    with pytest.raises(PermissionDenied):
        cancel_sheet(task, by=people.supervisor, at=NOW)
    assert desk("load_past", people.window, cancel="yes", task=task.pk).status_code == 403
    assert (
        desk("load_past", people.administrator, cancel="yes", task=task.pk + 1).status_code == 404
    )
    cancel_sheet(task, by=people.administrator, at=NOW)
    assert stands(task) == (TaskState.CANCELLED, 0, 0)
    assert work_waiting(LATER) == 0
    page = desk("load_past", people.administrator).content.decode()
    assert "取消，一行也没有写入" in page


def test_what_is_cancelled_while_it_is_checked_is_never_written(people, monkeypatch):
    task, real = queued(people.administrator, book(*[{}] * 600)), Path.replace

    def replace(
        self, target
    ):  # the administrator presses the button while the worker tells how far it is
        if '"checking"' in self.read_text() and task.state != TaskState.CANCELLED:
            task.state = cancel_sheet(task, by=people.administrator, at=NOW).state
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    assert work_waiting(NOW) == 1
    assert stands(task) == (TaskState.CANCELLED, 0, 0)
    assert (work_waiting(LATER), PastBatch.objects.count()) == (0, 0)
