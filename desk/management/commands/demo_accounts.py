"""Print the accounts of a demonstration."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from desk.queries import demo_accounts


class Command(BaseCommand):
    """Account, password, and who that is; nothing where real people work."""

    help = "Print the demonstration's accounts: user name, password, who and in which role."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line per account."""
        accounts = demo_accounts(everyone=True)
        if not accounts:
            raise CommandError(_("这里没有示例账号：没有开启演示，或尚未载入示例人员。"))
        width = max(len(account["username"]) for account in accounts)
        for account in accounts:
            name, password = account["username"].ljust(width), account["password"]
            self.stdout.write(f"{name}  {password}  {account['label']}（{account['name']}）")
