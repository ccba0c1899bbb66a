"""Make, list or revoke access tokens from the command line, e.g. for a county's own programs."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import AccessToken, Membership, User
from accounts.queries import memberships_of, tokens_of
from accounts.stages import Scope
from core import clock
from desk.services.tokens import make_token, revoke_token


class Command(BaseCommand):
    """`token make 账号 --name 用途 --scope act --days 90`, `token list 账号`, `token revoke 编号`."""

    help = "Make, list or revoke the access tokens of a person."

    def add_arguments(self, parser: CommandParser) -> None:
        """Three verbs."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        make = verbs.add_parser("make", help="make a token and print its secret, once")
        make.add_argument("username")
        make.add_argument("--name", required=True)
        make.add_argument("--scope", choices=Scope.values, default=Scope.READ)
        make.add_argument("--days", type=int, default=90)
        make.add_argument(
            "--role", help="which of the person's offices; needed where there are several"
        )
        verbs.add_parser("list", help="list a person's tokens").add_argument("username")
        verbs.add_parser("revoke", help="revoke a token for ever").add_argument("id", type=int)

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        """Do one verb."""
        getattr(self, f"_{verb}")(**options)

    def _make(
        self, *, username: str, name: str, scope: str, days: int, role: str | None, **_rest: Any
    ) -> None:
        try:
            token, secret = make_token(
                by=self._office(username, role), name=name, scope=scope, days=days, at=clock.now()
            )
        except ValidationError as error:
            raise CommandError("；".join(error.messages)) from error
        self.stdout.write(f"{token.pk} {secret}")

    def _list(self, *, username: str, **_rest: Any) -> None:
        for token in tokens_of(self._person(username)):
            state = _("有效") if token.valid_at(clock.now()) else _("已失效")
            self.stdout.write(
                f"{token.pk} {token.name} {token.scope} {token.expires_at:%Y-%m-%d} {state}"
            )

    def _revoke(self, *, id: int, **_rest: Any) -> None:  # noqa: A002 - the argument's name on the command line
        token = AccessToken.objects.select_related("membership").filter(pk=id).first()
        if token is None:
            raise CommandError(_("没有这个令牌。"))
        revoke_token(token, by=token.membership, at=clock.now())
        self.stdout.write(_("已撤销令牌“%(name)s”，它不再有效。") % {"name": token.name})

    def _person(self, username: str) -> User:
        person = User.objects.filter(username=username).first()
        if person is None:
            raise CommandError(_("没有这个账号。"))
        return person

    def _office(self, username: str, role: str | None) -> Membership:
        found = memberships_of(self._person(username), timezone.localdate(clock.now()))
        offices = [one for one in found if role in (None, one.role)]
        if len(offices) != 1:
            raise CommandError(
                _("请用 --role 指明任职：%(roles)s。") % {"roles": "、".join(o.role for o in found)}
            )
        return offices[0]
