"""Write the ledger into a file that chengnuo-verify checks without this system."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core.ledger.export import of_book, whole, written
from core.ledger.models import Book


class Command(BaseCommand):
    """The whole ledger, or one book with the proof of its last covered entry."""

    help = "Write the ledger, or one book of it, as JSON lines (docs/verify/README.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        """An existing file is never written over."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--book", help="the code of one book, such as filing:…")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, and say how many lines."""
        lines = whole()
        if options["book"] is not None:
            book = Book.objects.filter(code=options["book"]).first()
            if book is None:
                raise CommandError(_("没有这本账簿：%(code)s") % {"code": options["book"]})
            lines = of_book(book)
        file = options["file"]
        try:
            with file.open("xb") as into:
                count = sum(bool(into.write(line)) for line in written(lines))
        except OSError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("导出 %(count)s 行。") % {"count": count})
