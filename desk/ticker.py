"""The embedded clerk: one thread that sweeps limits, reminds, delivers, scans, renders, forgets and attests.

Where a county has outgrown one process, timers call the same commands and this thread is not started.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import close_old_connections

from core import clock
from core.deadlines.queries import NoEdition
from core.deadlines.services import sweep
from core.documents import pdf
from core.documents.receiving import forget_incoming
from core.documents.scanning import scan_waiting
from core.documents.sweeping import sweep_now_and_then
from core.ledger.seen import only_reads
from core.notify.services import deliver
from core.steps.idempotency import forget_answers
from core.steps.papers import render_waiting
from core.steps.typed import forget_sessions
from desk.services.evidence import make_packs
from desk.services.reminders import remind
from desk.services.sheet_tasks import work_waiting
from inspection.services.archive import make_archives
from public_notice.services import attest_when_due, tell_subscribers, watch_notices

log = logging.getLogger("chengnuo.ticker")
WORK: tuple[Callable[[datetime], int], ...] = (
    sweep,
    remind,
    deliver,
    scan_waiting,
    render_waiting,
    make_archives,
    make_packs,
    work_waiting,
    forget_answers,
    forget_incoming,
    forget_sessions,
    sweep_now_and_then,
    attest_when_due,
    watch_notices,
    tell_subscribers,
)


def tick(now: datetime) -> None:
    """Do each kind of work once; a fault in one never stops the others."""
    if only_reads():
        log.warning("the database is an old copy: nothing is done")
        return
    for work in WORK:
        try:
            while work(now) and work is render_waiting:
                now = clock.now()
        except NoEdition:
            log.warning("no calendar or rulebook is loaded; limits wait")
        except Exception:
            log.exception("%s failed and will be tried again", work.__name__)


def _run() -> None:
    try:
        pdf.warm_up()
    except (OSError, ImproperlyConfigured):
        log.exception("the renderer is not ready")
    stop = threading.Event()
    while not stop.wait(settings.TICK_SECONDS):
        close_old_connections()
        tick(clock.now())


def start() -> threading.Thread:
    """Start the thread; it ends with the process."""
    thread = threading.Thread(target=_run, name="ticker", daemon=True)
    thread.start()
    return thread
