"""证据包: asked for by whom it concerns, made in the background, its digest written into the ledger when it is issued.

The file is written first and the row with its ledger entry then, in one transaction; a worker that is broken off leaves
a file that nothing refers to, and the next makes the same bytes again.
"""

import logging
import tempfile
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.services import system_actor
from approvals.models import Filing
from core.ledger.checkpoints import Broken, make_checkpoint, newest
from core.ledger.keys import NoKey
from core.ledger.models import Span
from core.ledger.services import county_book, lock, record
from core.steps.moves import permit
from core.steps.reasons import NotNow, not_yours
from desk import policies
from desk.models import EvidencePack
from desk.queries.evidence import OFFICES, books_of, packs_of, printed
from desk.services.evidence_content import Overtaken, rows_of_the_moment
from desk.services.evidence_writing import BrokenOriginal, digest_of, store, write_pack
from desk.stages import PackCopy, PackState
from prereview.models import Opinion
from prereview.queries.defaults import iso

log = logging.getLogger("chengnuo.evidence")
LEASE = timedelta(minutes=15)
TRIES = 3
OPEN = (PackState.WAITING, PackState.RUNNING)


@transaction.atomic
def ask_evidence(
    filing: Filing,
    *,
    default: Opinion | None = None,
    purpose: str = "",
    by: Membership,
    at: datetime,
) -> EvidencePack:
    """Ask for the pack of a case, or of one default in it; `purpose` makes it the copy for a court.

    One that is being made, or holds all that the books say now, is returned instead of a new one. Raises
    PermissionDenied, NotNow before the filing is submitted, ValidationError for a default of another case.
    """
    permit(filing, policies.takes_evidence, by=by, at=at)
    if not Filing.objects.visible_to(by).filter(pk=filing.pk).exists():
        raise not_yours(filing, by)
    lock(filing.book_id)
    if not filing.number:
        raise NotNow([_("还没有申报，没有可以取证的内容。")])
    if default is not None and default.slot.filing_id != filing.pk:
        raise ValidationError({"default": [_("这件默认不属于本件。")]})
    copy, purpose = _copy_for(filing, default, purpose.strip(), by)
    if known := _made_before(filing, default, copy, purpose, by):
        return known
    pack = EvidencePack.objects.create(
        filing=filing, opinion=default, copy=copy, purpose=purpose, asked_by=by, asked_at=at, until=at + LEASE
    )  # fmt: skip
    lock(county_book().pk)
    record(county_book(), "ask_evidence", by=by, at=at, **_named(pack))
    return pack


def _made_before(
    filing: Filing, default: Opinion | None, copy: str, purpose: str, by: Membership
) -> EvidencePack | None:
    """Return the pack that is being made for this side, or holds all that the books say now."""
    found = packs_of(by).filter(filing=filing, opinion=default, copy=copy, purpose=purpose)
    if copy not in OFFICES:
        found = found.filter(asked_by__organisation=by.organisation_id)
    books = {book.code: book.sequence for book in books_of(filing, default)}
    for pack in found.exclude(state=PackState.FAILED):
        if pack.open or pack.pins.get("books") == books:
            return pack
    return None


def _copy_for(
    filing: Filing, default: Opinion | None, purpose: str, by: Membership
) -> tuple[str, str]:
    if policies.of_office(None, by):
        return (PackCopy.COURT if purpose else PackCopy.OFFICE), purpose
    if policies.department(None, by):
        if default is None or default.slot.department_id != by.organisation_id:
            raise not_yours(filing, by)
        return PackCopy.DEPARTMENT, ""
    return PackCopy.ENTERPRISE, ""


def _named(pack: EvidencePack) -> dict[str, Any]:
    found = {"filing": pack.filing.number, "copy": pack.copy, "purpose": pack.purpose}
    if pack.opinion is None:
        return found
    slot = pack.opinion.slot
    return {
        **found,
        "department": slot.department.code,
        "item": slot.item.code if slot.item else "",
    }


def make_packs(now: datetime) -> int:
    """Make the pack that waits, or whose worker was broken off; return how many were dealt with. Safe to repeat."""
    return int(make_next(now) is not None)


def make_next(now: datetime) -> bool | None:
    """Deal with one pack: True where it was made, False where it was not this time, None where none waits."""
    pack = _claimed(now)
    if pack is None:
        return None
    try:
        return _pinned(pack, now) and _make(pack, now)
    except Exception as error:
        log.exception("the pack %s could not be made now", pack.pk)
        _again(pack, error)
    return False


@transaction.atomic
def _claimed(now: datetime) -> EvidencePack | None:
    """Take the first pack whose papers are all printed, however many wait for theirs before it: two questions."""
    ready = Q(state=PackState.WAITING) | Q(state=PackState.RUNNING, until__lt=now)
    packs = printed(EvidencePack.objects.filter(ready)).order_by("pk")
    mine = packs.select_for_update(
        of=("self",), skip_locked=True
    )  # another worker has what is skipped
    pack = mine.select_related("filing__book", "asked_by", "opinion__slot").first()
    if pack is None:
        return None
    pack.state, pack.tries, pack.until = PackState.RUNNING, pack.tries + 1, now + LEASE
    pack.save(update_fields=["state", "tries", "until"])
    return pack


@transaction.atomic
def _pinned(pack: EvidencePack, now: datetime) -> bool:
    """Write down where the books end, what the rows say then, and a checkpoint that covers it, made where none does."""
    mine = _mine(pack)
    lock(*(book.pk for book in books_of(pack.filing, pack.opinion)))
    if not printed(EvidencePack.objects.filter(pk=pack.pk)).exists():
        mine.update(state=PackState.WAITING, tries=pack.tries - 1)
        return False
    if not pack.pins:
        books = {book.code: book.sequence for book in books_of(pack.filing, pack.opinion)}
        pack.pins = {"at": iso(now), "books": books, "checkpoint": _covering(books, now)}
        pack.pins["rows"] = rows_of_the_moment(pack)
        pack.save(update_fields=["pins"])
    return True


def _covering(books: dict[str, int], now: datetime) -> int | None:
    """Return the number of a checkpoint that covers all; None where none can be made: the pack says so."""
    covered = [
        Span.objects.filter(code=code, last__gte=last).exists()
        for code, last in books.items()
        if last
    ]
    last = newest()
    if last is not None and all(covered):
        return last.number
    try:
        return make_checkpoint(now).number
    except (NoKey, Broken):
        log.exception("no checkpoint could be made for a pack of evidence")
        return None


def _mine(pack: EvidencePack) -> QuerySet[EvidencePack]:
    """Return the row as long as it is this worker's: its lease may have run out, and another have it."""
    return EvidencePack.objects.filter(pk=pack.pk, state=PackState.RUNNING, tries=pack.tries)


def _make(pack: EvidencePack, now: datetime) -> bool:
    with tempfile.TemporaryFile() as whole:
        write_pack(pack, whole)
        size, sha256 = whole.tell(), digest_of(whole)
        name = store(f"evidence/{pack.filing.public_id}-{sha256[:16]}.zip", whole, sha256)
    with transaction.atomic():
        lock(county_book().pk)
        if _mine(pack).select_for_update().first() is None:
            return False  # the lease ran out, and another worker has made it
        pack.file.name, pack.sha256, pack.size, pack.made_at = name, sha256, size, now
        pack.state = PackState.DONE
        pack.save(update_fields=["file", "sha256", "size", "made_at", "state"])
        record(
            county_book(), "issue_evidence", by=system_actor(), at=now,
            **_named(pack), sha256=sha256, size=size, asked_by=pack.asked_by.reference,
        )  # fmt: skip
    return True


@transaction.atomic
def _again(pack: EvidencePack, fault: Exception) -> None:
    """Put a pack that failed back, or give it up, with the reason; where another worker has it, leave it alone."""
    said = _why(fault) or (
        _("多次制作失败，请管理员查看日志后重新申请。") if pack.tries >= TRIES else ""
    )
    _mine(pack).update(state=PackState.FAILED if said else PackState.WAITING, said=said)


def _why(fault: Exception) -> str:
    """Return the reason of a fault that another try does not mend."""
    if isinstance(fault, BrokenOriginal):
        return _("文件与入库时的摘要不符：%(name)s。请管理员核对。") % {"name": str(fault)}
    if isinstance(fault, Overtaken):
        return _("制作中断以后案件又有变化，与当时的内容不再一致，没有制成。请重新申请。")
    return ""
