"""A person's messages."""

from datetime import datetime

from accounts.models import Membership
from core.notify.models import Message


def mark_read(*, by: Membership, at: datetime) -> int:
    """Mark every message of a person as read; return how many were new."""
    return Message.objects.filter(to=by, read_at=None).update(read_at=at)
