"""Write the ledger into a file that chengnuo-verify checks without this system."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core.ledger.export import consistency, of_book, whole, written
from core.ledger.models import Book, Checkpoint


class Command(BaseCommand):
    """The whole ledger, one book with the proof of its last covered entry, or what ties two checkpoints together."""

    help = "Write the ledger, or one book of it, as JSON lines (docs/verify/README.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        """An existing file is never written over."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--book", help="the code of one book, such as filing:…")
        parser.add_argument(
            "--between", nargs=2, type=int, metavar=("OLD", "NEW"),
            help="no entries, but the proof that checkpoint NEW extends checkpoint OLD (their numbers)",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, and say how many lines."""
        lines = whole()
        if options["book"] is not None:
            book = Book.objects.filter(code=options["book"]).first()
            if book is None:
                raise CommandError(_("没有这本账簿：%(code)s") % {"code": options["book"]})
            lines = of_book(book)
        if options["between"] is not None:
            lines = self._between(*options["between"])
        file = options["file"]
        try:
            with file.open("xb") as into:
                count = sum(bool(into.write(line)) for line in written(lines))
        except OSError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("导出 %(count)s 行。") % {"count": count})

    def _between(self, old: int, new: int) -> Any:
        found = Checkpoint.objects.in_bulk([old, new], field_name="number")
        if missing := {old, new} - set(found):
            raise CommandError(_("没有第%(number)s号检查点。") % {"number": min(missing)})
        if found[old].size > found[new].size:
            raise CommandError(_("先写旧的检查点，再写新的。"))
        return consistency(found[old], found[new])
