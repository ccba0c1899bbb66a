"""Access tokens of people, made and revoked by themselves; the county's book says so."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import services as accounts
from accounts.models import AccessToken, Membership
from accounts.policies import holds_office
from accounts.rules import MOST_TOKEN_DAYS
from accounts.stages import Scope
from core.ledger.services import county_book, lock, record
from core.steps.moves import permit


@transaction.atomic
def make_token(
    *, by: Membership, name: str, scope: str, days: int, at: datetime
) -> tuple[AccessToken, str]:
    """Make a token for one's own office; return it with its secret, which is shown once and not kept."""
    permit(None, holds_office, by=by, at=at)
    if not name.strip():
        raise ValidationError({"name": _("请写明令牌给哪个程序用。")})
    if scope not in Scope.values:
        raise ValidationError({"scope": _("请选择令牌的权限。")})
    if not 1 <= days <= MOST_TOKEN_DAYS:
        raise ValidationError(
            {"days": _("有效期为 1 至 %(most)s 天。") % {"most": MOST_TOKEN_DAYS}}
        )
    book = county_book()
    lock(book.pk)
    token, secret = accounts.make_token(
        by=by, name=name.strip(), scope=Scope(scope), days=days, at=at
    )
    record(
        book, "make_token", by=by, at=at, token=token.pk, scope=scope, expires_at=token.expires_at
    )
    return token, secret


@transaction.atomic
def revoke_token(token: AccessToken, *, by: Membership, at: datetime) -> None:
    """Revoke one's own token: from now it opens nothing; said twice it stands once."""
    permit(token, _own, by=by, at=at)
    book = county_book()
    lock(book.pk)
    if accounts.revoke_token(token, at=at):
        record(book, "revoke_token", by=by, at=at, token=token.pk)


def _own(token: AccessToken, by: Membership) -> bool:
    return token.membership.user_id == by.user_id
