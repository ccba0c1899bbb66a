"""A spreadsheet that is too long to be waited for: checked and written by the background worker.

The page that waits needs no script and no thread. What is written is one transaction together with the word that it is
done, so a worker that is broken off leaves nothing half; what it had begun is begun again from the start, by whoever
comes by after a while (`LEASE`), and at most so often. Cancelled, nothing is written.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.policies import administrator
from core.documents.receiving import Received, abandon, whole
from core.documents.watching import CHECKING, WRITING, Watch
from core.ledger.services import county_book, lock
from core.steps.moves import permit
from core.steps.reasons import NotNow
from core.steps.watching import over, told_to
from desk.models import CatalogueDraft, SheetTask
from desk.queries.sheet_tasks import LOADS, OPEN, of_place
from desk.services.catalogue_import import import_tables, look_at_tables
from desk.services.past import Overtaken, load_past, propose_past
from desk.services.sheets_found import found_in_past, found_in_tables
from desk.stages import SheetWork, TaskState

log = logging.getLogger("chengnuo.sheets")
LONG = 500  # rows; a load of fewer is over before a page could say how far it has come
LARGE = 64 << 10  # bytes; a file of fewer is checked while its page waits: some 500 rows of CSV
LEASE = timedelta(minutes=5)  # a load of 100,000 rows takes seconds
TRIES = 3
Told = Callable[[int, int], None]


class StoppedError(Exception):
    """The task was cancelled, or another worker has it, while it was checked."""


def works_behind(held: Any) -> bool:
    """Whether a file that was put down is checked in the background and not while its page waits."""
    return bool(held.size > LARGE)


@transaction.atomic
def queue_sheet(
    work: SheetWork, *, token: str, by: Membership, at: datetime, draft: CatalogueDraft | None = None,
    after: int | None = None, rows: int = 0,
) -> SheetTask:  # fmt: skip
    """Have a file that lies under a token checked or written in the background.

    `draft` and its version that was looked at are given for tables of the catalogue. Raises ValidationError where the
    file is not there or not theirs, NotNow while another is written in the same place, PermissionDenied.
    """
    permit(None, administrator, by=by, at=at)
    with whole(token, by=by) as held:
        name = held.name or ""
    lock(
        county_book().pk
    )  # where none waits there is no row to hold: of two at once one would not see the other
    there = of_place(draft)
    if there.filter(Q(by=by) | Q(work__in=LOADS), state__in=OPEN).exists():
        raise NotNow([_("另一个文件正在处理，请等它完成或者取消它，再交这一个。")])
    of_place(draft).filter(by=by).exclude(found={}).update(found={})
    return SheetTask.objects.create(
        work=work, token=token, name=name, rows=rows, draft=draft, after=after, by=by, asked_at=at,
        until=at + LEASE, language=get_language() or "zh-hans",
    )  # fmt: skip


@transaction.atomic
def cancel_sheet(task: SheetTask, *, by: Membership, at: datetime) -> SheetTask:
    """Stop a task that waits, or is checked: nothing is written. Of one that was checked, the file is given up.

    Whoever is administrator may, for it keeps the others waiting. Raises NotNow where it is over, PermissionDenied.
    """
    permit(None, administrator, by=by, at=at)
    task = SheetTask.objects.select_for_update(of=("self",)).select_related("by").get(pk=task.pk)
    if task.state not in OPEN and not (task.state == TaskState.DONE and task.found):
        raise NotNow([_("这个文件已经处理完，不能再取消。")])
    task.state, task.ended_at, task.found = TaskState.CANCELLED, at, {}
    task.save(update_fields=["state", "ended_at", "found"])
    _give_up(task, at)
    return task


def work_waiting(now: datetime) -> int:
    """Deal with the file that waits, or whose worker was broken off; return how many there were. Safe to repeat."""
    task = _claimed(now)
    if task is None:
        return 0
    watch = Watch(task.by.user_id, task.token)
    with override(task.language):
        try:
            _work(task, watch, now)
        except StoppedError:
            log.info("a spreadsheet was cancelled while it was checked")
        except Overtaken as refusal:
            _again(task, now, refusal.reasons)
        except (NotNow, ValidationError) as refusal:
            said = refusal.reasons if isinstance(refusal, NotNow) else refusal.messages
            _refuse(task, list(map(str, said)), now)
        except PermissionDenied:
            _refuse(task, [_("交来文件的人已经不是管理员。")], now)
        except Exception:
            log.exception("a spreadsheet in the background failed")
            _again(task, now)
        finally:
            over(watch)
    return 1


@transaction.atomic
def _claimed(now: datetime) -> SheetTask | None:
    """Take the file that waits for a while; None where there is none, or another worker has it."""
    waits = Q(state=TaskState.WAITING) | Q(state=TaskState.RUNNING, until__lt=now)
    tasks = SheetTask.objects.select_for_update(of=("self",), skip_locked=True)
    task = tasks.select_related("by", "draft__base").filter(waits).order_by("pk").first()
    if task is not None:
        if task.tries >= TRIES:
            _refuse(task, [_broken_off()], now)
            return None
        task.state, task.tries, task.until = TaskState.RUNNING, task.tries + 1, now + LEASE
        task.save(update_fields=["state", "tries", "until"])
    return task


def _broken_off() -> str:
    return _("多次中断，没有写入任何内容。请联系维护人员查看日志，再重新上传文件。")


def _work(task: SheetTask, watch: Watch, now: datetime) -> None:
    permit(None, administrator, by=task.by, at=now)
    with whole(task.token, by=task.by) as held:
        content = held.read()
    _DEEDS[SheetWork(task.work)](task, held, content, watch, now)


def _asking(task: SheetTask, watch: Watch) -> Told:
    """Return what tells how far it is, and stops where the task is this worker's no longer."""
    tell = told_to(watch, CHECKING)

    def told(done: int, total: int) -> None:
        if not _mine(task).exists():
            raise StoppedError
        if tell is not None:
            tell(done, total)

    return told


def _draft(task: SheetTask) -> CatalogueDraft:
    assert task.draft is not None  # the database refuses tables without one
    return task.draft


def _check_past(
    task: SheetTask, _held: Received, content: bytes, watch: Watch, now: datetime
) -> None:
    made = propose_past(name=task.name, content=content, at=now, progress=_asking(task, watch))
    if not made.faults:
        made.settle()
    _checked(task, found_in_past(made), now)


def _check_tables(
    task: SheetTask, _held: Received, content: bytes, watch: Watch, now: datetime
) -> None:
    asking = _asking(task, watch)
    looked = look_at_tables(_draft(task), name=task.name, content=content, progress=asking)
    _checked(task, found_in_tables(looked), now)


@transaction.atomic
def _checked(task: SheetTask, found: dict[str, Any], now: datetime) -> None:
    """Keep what was found; the file of one that cannot be written is given up."""
    if _keeps(task):
        task.found = found
        _done(task, now)
        if not found["fits"]:
            _give_up(task, now)


def _load_past(
    task: SheetTask, held: Received, content: bytes, watch: Watch, now: datetime
) -> None:
    made = propose_past(name=task.name, content=content, at=now, progress=_asking(task, watch))
    with transaction.atomic():
        if _keeps(task):  # else the lease ran out and another worker has it, or it was cancelled
            task.batch = load_past(
                name=task.name, content=content, by=task.by, at=now, progress=told_to(watch, WRITING), made=made
            )  # fmt: skip
            _done(task, now)
            abandon(held.coming, by=task.by, at=now)


def _load_tables(
    task: SheetTask, held: Received, content: bytes, watch: Watch, now: datetime
) -> None:
    asking = _asking(task, watch)
    looked = look_at_tables(_draft(task), name=task.name, content=content, progress=asking)
    with transaction.atomic():
        if _keeps(task):
            watch.tell(WRITING, 0, sum(looked.rows.values()))
            import_tables(
                _draft(task), name=task.name, content=content, after=task.after, looked=looked, by=task.by, at=now
            )  # fmt: skip
            _done(task, now)
            abandon(held.coming, by=task.by, at=now)


_DEEDS: dict[SheetWork, Callable[[SheetTask, Received, bytes, Watch, datetime], None]] = {
    SheetWork.CHECK_PAST: _check_past,
    SheetWork.LOAD_PAST: _load_past,
    SheetWork.CHECK_TABLES: _check_tables,
    SheetWork.LOAD_TABLES: _load_tables,
}


def _done(task: SheetTask, now: datetime) -> None:
    task.state, task.ended_at = TaskState.DONE, now
    task.save(update_fields=["state", "ended_at", "batch", "found"])


def _mine(task: SheetTask) -> Any:
    return SheetTask.objects.filter(pk=task.pk, state=TaskState.RUNNING, tries=task.tries)


def _keeps(task: SheetTask) -> bool:
    """Whether this worker has the file still; the row stays locked to the end of the transaction."""
    return _mine(task).select_for_update().first() is not None


@transaction.atomic
def _refuse(task: SheetTask, said: list[str], now: datetime) -> None:
    """Say why nothing was done; the file has to be chosen anew."""
    if task.state == TaskState.RUNNING and not _keeps(task):
        return
    task.state, task.said, task.ended_at = TaskState.REFUSED, said, now
    task.save(update_fields=["state", "said", "ended_at"])
    _give_up(task, now)


def _give_up(task: SheetTask, now: datetime) -> None:
    try:
        with whole(task.token, by=task.by) as held:
            abandon(held.coming, by=task.by, at=now)
    except ValidationError:
        return  # gone already


@transaction.atomic
def _again(task: SheetTask, now: datetime, said: list[str] | None = None) -> None:
    """Put what failed through no fault of its file back, or give it up after so many times."""
    if task.tries >= TRIES:
        _refuse(task, said or [_broken_off()], now)
    elif _keeps(task):
        task.state = TaskState.WAITING
        task.save(update_fields=["state"])
