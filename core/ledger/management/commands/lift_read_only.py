"""Let an old copy of the database be written again, by the administrator, with the reason."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.stages import Role
from core import clock
from core.ledger import seen
from core.ledger.services import county_book, lock, record

SHORTEST = 10  # characters of a reason that says something


class Command(BaseCommand):
    """The reason stands in the ledger together with each checkpoint that this database does not have."""

    help = "Lift the read-only state of a database that is older than a checkpoint that was seen."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who, and why."""
        parser.add_argument("--by", required=True, help="user name of an administrator")
        parser.add_argument("--reason", required=True, help="why there is no newer backup")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it down, and write again from now on."""
        missing, reason, now = seen.behind(), options["reason"].strip(), clock.now()
        if not missing:
            raise CommandError(_("没有只读：见过的检查点这里都有。"))
        if len(reason) < SHORTEST:
            raise CommandError(_("理由至少写10个字：为什么没有较新的备份，其间的决定怎样处理。"))
        offices = Membership.objects.filter(user__username=options["by"], role=Role.ADMINISTRATOR)
        today = timezone.localdate(now)
        by = next((one for one in offices.select_related("user") if one.valid_on(today)), None)
        if by is None or not by.user.is_active:
            raise CommandError(_("只有在任的县管理员能够解除只读。"))
        with transaction.atomic(), seen.lifting():
            lock(county_book().pk)
            for note in missing:
                record(
                    county_book(), seen.LIFTED, by=by, at=now,
                    reason=reason, size=note.size, root=note.root.hex(),
                )  # fmt: skip
        seen.look_anew()
        self.stdout.write(
            _("已解除只读：%(count)s个检查点这里没有，理由已记入县台账。") % {"count": len(missing)}
        )
