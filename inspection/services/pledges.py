"""抽取预告: the round of the day binds the county to a secret for each draw, and reveals what was not drawn with."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.services import system_actor
from approvals.models import Filing
from approvals.stages import Stage
from core.ledger.keys import has_key
from core.ledger.models import Checkpoint
from core.ledger.services import county_book, lock, record
from core.steps.templatetags.look import moment
from inspection.models import Draw, DrawPledge, UnusedPledge
from inspection.rules.draw import MOST_TURNS, quarter_of

CHANCE = 32  # bytes


def announce_in_time(now: datetime) -> DrawPledge | None:
    """Announce the next draw of a quarter, by 系统: the digest of a secret goes into the ledger and is published.

    The first draw from the quarter's first round on, the second once the first was made: it may have to be drawn anew.
    The secret stays unsaid until the draw; nobody is asked to do anything, and a round that is missed is caught up by
    the next. None where the next draw was announced, none is to come, and where nothing is under construction.
    """
    quarter = quarter_of(timezone.localdate(now))
    if _to_announce(quarter) is None or not Filing.objects.filter(stage=Stage.BUILDING).exists():
        return None
    with transaction.atomic():
        (book,) = lock(county_book().pk)
        if (turn := _to_announce(quarter)) is None:
            return None
        secret = secrets.token_hex(CHANCE)
        made = DrawPledge.objects.create(
            quarter=quarter, turn=turn, secret=secret, announced_by=system_actor(), announced_at=now,
            commitment=hashlib.sha256(secret.encode()).hexdigest(),
        )  # fmt: skip
        record(
            book, "announce_draw", by=system_actor(), at=now, quarter=quarter, turn=made.turn,
            commitment=made.commitment,
        )  # fmt: skip
    return made


def _to_announce(quarter: str) -> int | None:
    """Return the turn of the next draw of a quarter that was not announced; None where it was, or none is to come."""
    drawn = Draw.objects.filter(quarter=quarter).order_by().values_list("turn", Value(True))
    told = DrawPledge.objects.filter(quarter=quarter).order_by().values_list("turn", Value(False))
    turns = set(drawn.union(told))
    turn = max((one for one, made in turns if made), default=0) + 1
    return None if (turn, False) in turns or turn > MOST_TURNS else turn


def reveal_in_time(now: datetime) -> list[UnusedPledge]:
    """Reveal each secret that is drawn with no more, by 系统: its quarter is over, or its draw was made without it.

    So nobody is left to guess what was kept back: whoever noted the digest can compare.
    """
    if not _unused(now).exists():
        return []
    with transaction.atomic():
        (book,) = lock(county_book().pk)
        made = []
        for pledge in _unused(now).order_by("announced_at", "pk"):
            made.append(
                UnusedPledge.objects.create(
                    pledge=pledge, revealed_by=system_actor(), revealed_at=now
                )
            )
            record(
                book, "reveal_pledge", by=system_actor(), at=now, quarter=pledge.quarter, turn=pledge.turn,
                commitment=pledge.commitment, secret=pledge.secret,
            )  # fmt: skip
    return made


def _unused(now: datetime) -> QuerySet[DrawPledge]:
    other = Draw.objects.filter(quarter=OuterRef("quarter"), turn=OuterRef("turn"))
    over = Q(quarter__lt=quarter_of(timezone.localdate(now))) | Exists(other)
    return DrawPledge.objects.filter(over, draw=None, unused=None)


def pledged(quarter: str, turn: int) -> tuple[DrawPledge | None, Checkpoint | None]:
    """Return what was announced for a draw, and the first checkpoint after it.

    The first and no other: who draws cannot wait for one that suits.
    """
    found = DrawPledge.objects.select_related("unused").filter(quarter=quarter, turn=turn)
    pledge = found.first()
    if pledge is None:
        return None, None
    after = Checkpoint.objects.filter(made_at__gt=pledge.announced_at).order_by("number").first()
    return pledge, after


def why_not_pledged(quarter: str, turn: int) -> list[str]:
    """Return what stands against a draw now: that it was not announced, or that its checkpoint is still to come.

    Where the county makes no checkpoints (it has no key) none is waited for: the seed then comes of the secret and of
    fresh chance, and the data of the draw say so.
    """
    pledge, after = pledged(quarter, turn)
    if pledge is not None and hasattr(pledge, "unused"):
        return [_("这次抽取的密值已经公开：它的季度已过，不能再用它抽取。")]
    if pledge is None:
        return [
            _(
                "这次抽取还没有预告：系统在每天例行办理时自动预告，此后的第一个台账检查点生成以后再抽取。"
            )
        ]
    if after is None and has_key():
        when = {"when": moment(pledge.announced_at)}
        return [
            _(
                "抽取已于%(when)s预告，要等此后的第一个台账检查点（每天生成一次）：种子由密值和它算出，谁也不能选择。"
            )
            % when
        ]
    return []
