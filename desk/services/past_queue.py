"""A long file of past filings, loaded by the background worker: the page that waits needs no script and no thread.

A load is one transaction together with the word that it is done, so a worker that is broken off leaves nothing half;
what it had begun is begun again from the start, by whoever comes by after a while (`LEASE`), and at most so often.
"""

import logging
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.policies import administrator
from core.documents.receiving import abandon, whole
from core.documents.watching import CHECKING, WRITING, Watch
from core.ledger.services import county_book, lock
from core.steps.moves import permit
from core.steps.reasons import NotNow
from core.steps.watching import over, told_to
from desk.models import PastLoad
from desk.services.past import Overtaken, load_past, propose_past
from desk.stages import LoadState

log = logging.getLogger("chengnuo.past")
LONG = 2_000  # rows; a load of fewer is over before a page could say how far it has come
LEASE = timedelta(minutes=5)  # a load of 100,000 rows takes seconds
TRIES = 3
OPEN = (LoadState.WAITING, LoadState.RUNNING)


@transaction.atomic
def queue_past(*, token: str, rows: int, by: Membership, at: datetime) -> PastLoad:
    """Have a file that was looked at, and lies under a token, loaded in the background.

    Raises ValidationError where it is not there or not theirs, NotNow while another is loaded, PermissionDenied.
    """
    permit(None, administrator, by=by, at=at)
    with whole(token, by=by) as held:
        name = held.name or ""
    lock(
        county_book().pk
    )  # where none waits, there is no row to hold: of two at once one would not see the other
    if PastLoad.objects.filter(state__in=OPEN).exists():
        raise NotNow([_("另一个文件正在载入，请等它完成再载入这一个。")])
    return PastLoad.objects.create(
        token=token, name=name, rows=rows, by=by, asked_at=at, until=at + LEASE
    )


def load_waiting(now: datetime) -> int:
    """Load the file that waits, or whose worker was broken off; return how many were dealt with. Safe to repeat."""
    job = _claimed(now)
    if job is None:
        return 0
    watch = Watch(job.by.user_id, job.token)
    try:
        _load(job, watch, now)
    except Overtaken as refusal:
        _again(job, now, refusal.reasons)
    except (NotNow, ValidationError) as refusal:
        said = refusal.reasons if isinstance(refusal, NotNow) else refusal.messages
        _refuse(job, list(map(str, said)), now)
    except PermissionDenied:
        _refuse(job, [_("确认载入的人已经不是管理员。")], now)
    except Exception:
        log.exception("a load of past filings failed")
        _again(job, now)
    finally:
        over(watch)
    return 1


@transaction.atomic
def _claimed(now: datetime) -> PastLoad | None:
    """Take the file that waits for a while; None where there is none, or another worker has it."""
    waits = Q(state=LoadState.WAITING) | Q(state=LoadState.RUNNING, until__lt=now)
    jobs = PastLoad.objects.select_for_update(of=("self",), skip_locked=True)
    job = jobs.select_related("by").filter(waits).order_by("pk").first()
    if job is not None:
        if job.tries >= TRIES:
            _refuse(job, [_broken_off()], now)
            return None
        job.state, job.tries, job.until = LoadState.RUNNING, job.tries + 1, now + LEASE
        job.save(update_fields=["state", "tries", "until"])
    return job


def _broken_off() -> str:
    return _("载入多次中断，没有载入任何内容。请联系维护人员查看日志，再重新上传文件。")


def _load(job: PastLoad, watch: Watch, now: datetime) -> None:
    held = whole(job.token, by=job.by)
    with held:
        content = held.read()
    made = propose_past(name=job.name, content=content, at=now, progress=told_to(watch, CHECKING))
    with transaction.atomic():
        if not _held(job):
            return  # the lease ran out, and another worker has it now
        job.batch = load_past(
            name=job.name, content=content, by=job.by, at=now, progress=told_to(watch, WRITING), made=made
        )  # fmt: skip
        job.state, job.ended_at = LoadState.DONE, now
        job.save(update_fields=["state", "ended_at", "batch"])
        abandon(held.coming, by=job.by, at=now)


def _held(job: PastLoad) -> bool:
    """Whether this worker has the file still; the row stays locked to the end of the transaction."""
    mine = PastLoad.objects.select_for_update().filter(
        pk=job.pk, state=LoadState.RUNNING, tries=job.tries
    )
    return mine.first() is not None


@transaction.atomic
def _refuse(job: PastLoad, said: list[str], now: datetime) -> None:
    """Say why nothing was loaded; the file has to be chosen anew."""
    if job.state == LoadState.RUNNING and not _held(job):
        return
    job.state, job.said, job.ended_at = LoadState.REFUSED, said, now
    job.save(update_fields=["state", "said", "ended_at"])
    try:
        with whole(job.token, by=job.by) as held:
            abandon(held.coming, by=job.by, at=now)
    except ValidationError:
        return  # gone already


@transaction.atomic
def _again(job: PastLoad, now: datetime, said: list[str] | None = None) -> None:
    """Put a load that failed through no fault of its file back, or give it up after so many times."""
    if job.tries >= TRIES:
        _refuse(job, said or [_broken_off()], now)
    elif _held(job):
        job.state = LoadState.WAITING
        job.save(update_fields=["state"])
