"""A long file is loaded behind its page: told without a script, whole or not at all, begun again when broken off."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command

from core import clock
from core.documents.models import Incoming
from core.documents.receiving import hold
from core.documents.watching import EVERY, Watch
from core.steps.reasons import NotNow
from desk.models import PastBatch, PastFiling, PastLoad
from desk.services.past_queue import LEASE, LONG, TRIES, load_waiting, queue_past
from desk.stages import LoadState
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
    return queue_past(token=put_down(by, content), rows=3, by=by, at=NOW)


def stands(job):
    job.refresh_from_db()
    return job.state, PastFiling.objects.count(), Incoming.objects.count()


def test_only_the_administrator_queues_and_only_what_is_theirs(people):
    with pytest.raises(PermissionDenied):
        queued(people.window)
    with pytest.raises(ValidationError, match="已经提交过"):
        queue_past(token="0" * 32, rows=1, by=people.administrator, at=NOW)
    assert not PastLoad.objects.exists()


def test_one_file_at_a_time(people):
    first = queued(people.administrator)
    with pytest.raises(NotNow, match="另一个文件正在载入"):
        queued(people.administrator, book({}))
    assert (load_waiting(NOW), load_waiting(NOW)) == (1, 0)
    assert stands(first) == (LoadState.DONE, 3, 1)
    assert queued(people.administrator, book({})).state == LoadState.WAITING


def test_what_is_wrong_by_now_is_said_and_loads_nothing(people):
    content = book({}, {})
    job = queued(people.administrator, content)
    load(content, people.administrator)
    assert load_waiting(NOW) == 1
    assert stands(job) == (LoadState.REFUSED, 2, 0)
    assert "已经载入过" in job.said[0]
    assert load_waiting(LATER) == 0


def test_whoever_is_no_administrator_any_more_loads_nothing(people):
    job = queued(people.administrator)
    people.administrator.valid_to = NOW.date() - timedelta(days=1)
    people.administrator.save()
    assert load_waiting(NOW) == 1
    assert stands(job)[:2] == (LoadState.REFUSED, 0)
    assert "已经不是管理员" in job.said[0]


def test_a_file_that_is_gone_is_said(people, settings):
    job = queued(people.administrator)
    (Path(settings.INCOMING_DIR) / job.token).unlink()
    assert load_waiting(NOW) == 1
    assert stands(job)[0] == LoadState.REFUSED
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
        load_waiting(NOW)
    assert stands(job) == (LoadState.RUNNING, 0, 1)
    assert not PastBatch.objects.exists()
    assert load_waiting(NOW + LEASE) == 0, "another worker might be at it still"
    broken_off()
    assert load_waiting(LATER) == 1
    assert stands(job) == (LoadState.DONE, 3, 0)
    assert load_waiting(LATER + LEASE + LEASE) == 0
    assert PastBatch.objects.count() == 1


@pytest.fixture
def meanwhile(monkeypatch):
    """Another file is loaded while this one is being checked: each time its page is told how far that is."""
    real, left = Path.replace, []

    def replace(self, target):
        if left and '"checking"' in self.read_text():
            left.pop()()
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    return left


def another(number, by):
    return lambda: load(book({"原编号": f"另-{number}"}), by)


def test_what_changes_while_a_file_is_checked_sends_it_back_to_wait(people, meanwhile):
    job = queued(people.administrator, book(*[{}] * (EVERY + 1)))
    meanwhile.append(another(1, people.administrator))
    assert load_waiting(NOW) == 1
    assert stands(job) == (LoadState.WAITING, 1, 1)
    assert load_waiting(NOW) == 1
    assert stands(job) == (LoadState.DONE, EVERY + 2, 0)


def test_what_changes_each_time_is_said(people, meanwhile):
    job = queued(people.administrator, book(*[{}] * (EVERY + 1)))
    meanwhile.extend(another(number, people.administrator) for number in range(TRIES))
    assert [load_waiting(NOW) for _try in range(TRIES + 1)] == [1] * TRIES + [0]
    assert stands(job) == (LoadState.REFUSED, TRIES, 0)
    assert "别的数据有变化" in job.said[0]


def test_what_breaks_off_each_time_is_given_up_and_may_come_again(people, broken_off):
    job, at = queued(people.administrator), NOW
    for _try in range(TRIES):
        with pytest.raises(SystemExit):
            load_waiting(at)
        at += LEASE + timedelta(seconds=1)
    broken_off()
    assert load_waiting(at) == 0
    assert stands(job) == (LoadState.REFUSED, 0, 0)
    assert "多次中断" in job.said[0]
    assert queued(people.administrator).pk != job.pk


def test_the_page_tells_how_far_it_is_and_asks_again_by_itself(desk, people):
    content = book(*[{}] * (LONG + 1))
    looked = desk("load_past", people.administrator, file=file(content))
    carried = looked.context["form"].initial
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
    job = PastLoad.objects.get()
    Watch(people.administrator.user_id, job.token).tell("writing", 1_000, LONG + 1)
    page = desk("load_past", people.administrator).content.decode()
    assert f"正在写入：第1000行，共{LONG + 1}行" in page.replace(",", "")
    assert desk("load_past", people.window).status_code == 403

    with clock.driven(NOW):
        call_command("load_past_waiting")
    page = desk("load_past", people.administrator).content.decode()
    assert "http-equiv" not in page
    assert f"载入{LONG + 1}件往年申报件" in page.replace(",", "")
    assert PastFiling.objects.count() == LONG + 1


def test_the_page_says_why_nothing_was_loaded_and_takes_the_next_file(desk, people):
    content = book({})
    queued(people.administrator, content)
    load(content, people.administrator)
    load_waiting(NOW)
    page = desk("load_past", people.administrator).content.decode()
    for words in ("没有载入", "这个文件已经载入过", "一行也没有载入", 'type="file"'):
        assert words in page
