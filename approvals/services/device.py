"""What a telephone on a site says of an entry: its name, its time, whose it is, where; and what of it is refused.

An entry bears the name that its sender gave it. Sent again it is answered as before and done once; another content
under the same name is refused. The survey and the checks during construction both take entries by these words.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile

from accounts.models import Membership
from approvals.models import Filing
from core.deadlines.queries import value_of
from core.documents.services import Looked, look
from core.ledger.rules import canonical
from core.notify.words import said as _

PICTURES = ("image/jpeg", "image/png")
LATE_ENTRY = "P72"  # minutes until an entry is late
USUAL_MINUTES = 30  # where an edition says nothing


@dataclass(frozen=True)
class Mark:
    """What the device says of an entry: its name, when it was made, by which membership; where, if that was added."""

    uid: UUID
    made_at: datetime | None = None
    person: int | None = None
    latitude: Any = None
    longitude: Any = None
    accuracy: int | None = None


def own_entry(mark: Mark, by: Membership) -> None:
    """Refuse what somebody else made on the same device: whoever made it sends it, in the same office."""
    if mark.person is not None and mark.person != by.pk:
        raise PermissionDenied(
            _(
                "这条记录是另一个人（或者另一个任职）在这台设备上填写的：由本人登录后发送，内容仍在设备上。"
            )
        )


def content_of(mark: Mark, **said: Any) -> str:
    """Return the digest of what was entered; the name in it is random, so nothing is guessed from it."""
    place = [str(mark.latitude), str(mark.longitude), mark.accuracy]
    whole = canonical({"uid": str(mark.uid), "place": place, "made_at": mark.made_at, **said})
    return hashlib.sha256(whole.encode()).hexdigest()


def already_used() -> ValidationError:
    """Return the refusal of another content, or another place, under a name that came before."""
    return ValidationError({"uid": _("这个编号已经用于另一条记录。")})


def picture_of(upload: UploadedFile, sha256: str, name: str = "upload") -> Looked:
    """Look into a picture from a device; ValidationError for another kind, or another digest than the device made.

    It belongs before the transaction: of a large picture it takes a while.
    """
    looked = look(upload)
    if looked.content_type not in PICTURES:
        raise ValidationError({name: _("现场照片请用 JPG 或者 PNG。")})
    if sha256 and sha256.lower() != looked.sha256:
        text = _("照片和设备上算出的摘要不一致，可能在发送中损坏：照片仍在设备上，请再发一次。")
        raise ValidationError({"sha256": text})
    return looked


def late_after(filing: Filing) -> int:
    """Return the minutes after which an entry is marked as late (P72)."""
    try:
        return int(value_of(filing.pinned_rulebook, LATE_ENTRY).number)
    except KeyError:
        return USUAL_MINUTES


def times_of(mark: Mark, filing: Filing, at: datetime) -> dict[str, Any]:
    """Return the times of an entry that arrives now, and whether it is late."""
    made = mark.made_at or at
    late = at - made > timedelta(minutes=late_after(filing))
    return {"made_at": made, "happened_at": min(made, at), "received_at": at, "late": late}


def place_of(mark: Mark) -> dict[str, Any]:
    """Return the position of an entry, where one was added."""
    return {name: getattr(mark, name) for name in ("latitude", "longitude", "accuracy")}
