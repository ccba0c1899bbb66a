"""An enterprise opens its account by itself, and the county's book says so."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import services as accounts
from accounts.models import Membership
from accounts.rules import unseen_in
from core.ledger.services import county_book, lock, record


def register_enterprise(
    *,
    uscc: str,
    name: str,
    person: dict[str, str],
    password: str,
    at: datetime,
    hashed: str = "",
) -> Membership:
    """Register a person and their enterprise; the licence is still to be confirmed by the window.

    `person` as in accounts.services. Raises ValueError for a code that is none, ValidationError when the
    code or the account name was taken by somebody else in the meantime, or a character of the name is not seen.
    """
    if unseen := unseen_in(name):
        raise ValidationError(unseen)
    try:
        with transaction.atomic():
            book = county_book()
            lock(book.pk)
            membership = accounts.register_enterprise(
                uscc=uscc, name=name, person=person, password=password, hashed=hashed, at=at
            )
            enterprise = membership.organisation
            record(
                book,
                "register_enterprise",
                by=membership,
                at=at,
                enterprise=enterprise.name,
                uscc=enterprise.uscc,
                uscc_note=enterprise.uscc_note,
            )
    except IntegrityError as error:
        message = _("该统一社会信用代码或账号刚刚被注册，请核对后再试。")
        raise ValidationError(message) from error
    return membership
