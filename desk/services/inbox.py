"""A person's messages and how they want to hear of them; and the administrator's look after what could not leave."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.policies import administrator, holds_office
from core.ledger.services import county_book, lock, record
from core.notify import services as notify
from core.notify.models import Message, Preference, Sending
from core.steps.moves import permit


def mark_read(*, by: Membership, at: datetime) -> int:
    """Mark every message of a person as read; return how many were new."""
    return Message.objects.filter(to=by, read_at=None).update(read_at=at)


def set_preference(
    *,
    by: Membership,
    at: datetime,
    mail: bool,
    gateway: bool,
    digest: bool,
    quiet: bool,
    language: str,
) -> Preference:
    """Choose for oneself, in all one's offices, by which ways to hear what is no legal service."""
    permit(None, holds_office, by=by, at=at)
    if language not in dict(Preference._meta.get_field("language").flatchoices):
        raise ValidationError({"language": _("没有这种语言。")})
    chosen = {"mail": mail, "gateway": gateway, "digest": digest, "quiet": quiet}
    return Preference.objects.update_or_create(
        user=by.user, defaults={**chosen, "language": language}
    )[0]


@transaction.atomic
def send_again(sending: Sending, *, by: Membership, at: datetime) -> Sending:
    """Let a letter that was given up be tried anew; the county's book says who wanted it. Twice is once."""
    permit(sending, administrator, by=by, at=at)
    book = county_book()
    lock(book.pk)
    if notify.send_again(sending, at):
        record(book, "send_again", by=by, at=at, sending=sending.token)
    sending.refresh_from_db()
    return sending
