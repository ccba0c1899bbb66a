"""Write the pages of docs/ that are drawn from the code and the county pack."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from desk.queries.handbook import PAGES


class Command(BaseCommand):
    """`manage.py handbook`: docs/flow.md and docs/rules.md as the code and the pack have them now."""

    help = "write docs/flow.md and docs/rules.md"

    def handle(self, *args: Any, **options: Any) -> None:
        """Write each page that has changed, and name it."""
        for name, draw in PAGES.items():
            place, text = settings.BASE_DIR / "docs" / name, draw()
            if not place.exists() or place.read_text(encoding="utf-8") != text:
                place.write_text(text, encoding="utf-8")
                self.stdout.write(f"docs/{name}")
