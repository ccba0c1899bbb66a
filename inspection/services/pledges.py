"""抽取预告: the round of the day binds the county to a secret for the quarter's draw, before anybody draws with it."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.services import system_actor
from approvals.models import Filing
from approvals.stages import Stage
from core.ledger.models import Checkpoint
from core.ledger.services import county_book, lock, record
from inspection.models import Draw, DrawPledge
from inspection.rules.draw import mixed, quarter_of

CHANCE = 32  # bytes


def announce_in_time(now: datetime) -> DrawPledge | None:
    """Announce the first draw of a quarter once, by 系统: the digest of a secret goes into the ledger and is published.

    The secret stays unsaid until the draw; nobody is asked to do anything, and a round that is missed is caught up
    by the next. None where the quarter was announced or drawn, and where nothing is under construction.
    """
    quarter = quarter_of(timezone.localdate(now))
    if _is_settled(quarter) or not Filing.objects.filter(stage=Stage.BUILDING).exists():
        return None
    with transaction.atomic():
        (book,) = lock(county_book().pk)
        if _is_settled(quarter):
            return None
        secret = secrets.token_hex(CHANCE)
        made = DrawPledge.objects.create(
            quarter=quarter, secret=secret, commitment=hashlib.sha256(secret.encode()).hexdigest(),
            announced_by=system_actor(), announced_at=now,
        )  # fmt: skip
        record(
            book, "announce_draw", by=system_actor(), at=now, quarter=quarter, turn=made.turn,
            commitment=made.commitment,
        )  # fmt: skip
    return made


def _is_settled(quarter: str) -> bool:
    drawn = Draw.objects.filter(quarter=quarter).exists()
    return drawn or DrawPledge.objects.filter(quarter=quarter).exists()


def pledged(quarter: str, turn: int) -> tuple[DrawPledge, str, str] | None:
    """Return what was announced for a draw, the digest of the first checkpoint after it, and the seed of both.

    The first and no other: who draws cannot wait for one that suits. None while there is no such checkpoint, and for a
    draw that was not announced: its seed then comes from fresh chance.
    """
    pledge = DrawPledge.objects.filter(quarter=quarter, turn=turn).first()
    if pledge is None:
        return None
    after = Checkpoint.objects.filter(made_at__gt=pledge.announced_at).order_by("number").first()
    if after is None:
        return None
    checkpoint = hashlib.sha256(after.text.encode()).hexdigest()
    return pledge, checkpoint, mixed(pledge.secret, checkpoint)
