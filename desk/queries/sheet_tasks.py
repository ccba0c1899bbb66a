"""Spreadsheets in the background: which there are in a place, and how far one is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Membership
from core.documents.models import Incoming
from core.documents.watching import seen
from desk.models import CatalogueDraft, SheetTask
from desk.stages import SheetWork, TaskState

OPEN = (TaskState.WAITING, TaskState.RUNNING)
LOADS = (SheetWork.LOAD_PAST, SheetWork.LOAD_TABLES)
TOLD_FOR = timedelta(days=1)  # how long a page says how a task of one's own has ended


def of_place(draft: CatalogueDraft | None) -> QuerySet[SheetTask]:
    """Return the tasks of a draft, or of the filings of the past, newest first."""
    return SheetTask.objects.filter(draft=draft)


@dataclass(frozen=True)
class Underway:
    """A task as its page tells it: how many rows of how many, while the worker says so."""

    task: SheetTask
    phase: str
    done: int
    total: int

    @property
    def open(self) -> bool:
        """Whether it waits or runs, so that the page asks again by itself."""
        return self.task.ended_at is None

    @property
    def loads(self) -> bool:
        """Whether it writes something."""
        return self.task.work in LOADS

    @property
    def found(self) -> dict[str, Any]:
        """What a check has found, while its file can still be written or has something wrong; empty otherwise."""
        if self.task.state != TaskState.DONE or self.loads:
            return {}
        found: dict[str, Any] = self.task.found
        kept = Incoming.objects.filter(token=self.task.token, by=self.task.by_id).exists()
        return found if found and (kept or not found["fits"]) else {}


def underway(by: Membership, now: datetime, draft: CatalogueDraft | None = None) -> Underway | None:
    """Return what is written there now, whoever asked for it; else the person's own last task of a day."""
    tasks = of_place(draft).select_related("by__user", "batch")
    mine = tasks.filter(Q(ended_at=None) | Q(ended_at__gt=now - TOLD_FOR), by=by)
    last = tasks.filter(ended_at=None, work__in=LOADS).first() or mine.first()
    if last is None:
        return None
    told = seen(last.by.user_id, last.token)
    return Underway(last, told["phase"], told["done"], told["all"] or last.rows)
