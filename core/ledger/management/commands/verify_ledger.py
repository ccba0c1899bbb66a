"""Check every chain of the ledger, and what its checkpoints attest."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core.ledger.attest import NotOurs, attested, opened
from core.ledger.notes import NotANote, Note, key_from
from core.ledger.queries import verify_all

BROKEN, UNREADABLE = 1, 2


class Command(BaseCommand):
    """Recompute all books and the tree over them; memory does not grow with the entries."""

    help = (
        "Recompute every chain of the ledger and every checkpoint, and name the first bad entry. "
        "Exit codes: 0 it holds; 1 it does not; 2 the checkpoint given cannot be used (no checkpoint, or signed by no "
        "known key). docs/operations/ledger.md"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """A checkpoint that was kept elsewhere is the strongest question."""
        parser.add_argument("--checkpoint", type=Path, help="a checkpoint kept outside (its text)")
        parser.add_argument(
            "--key",
            action="append",
            default=[],
            help="a key known from outside, instead of those on the ledger's own list",
        )
        parser.add_argument("--json", action="store_true", help="say it for a program")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the count, or the faults."""
        given = self._given(options)
        books, entries, faults = verify_all()
        held, attest = attested(given)
        if attest is not None:
            faults = [*faults, attest]
        if options["json"]:
            said = {
                "holds": not faults, "books": books, "entries": entries, "checkpoints": held,
                "faults": [vars(fault) for fault in faults],
            }  # fmt: skip
            self.stdout.write(json.dumps(said, ensure_ascii=False))
        for fault in faults:
            place = f"{fault.book} #{fault.sequence}: " if fault.book else ""
            self.stderr.write(f"{place}{fault.reason}")
        if faults:
            raise CommandError(_("台账校验未通过。"), returncode=BROKEN)
        if options["json"]:
            return
        said = {"books": books, "entries": entries, "held": held}
        self.stdout.write(
            _("台账校验通过：%(books)s 本，%(entries)s 条，检查点 %(held)s 个。") % said
        )

    def _given(self, options: dict[str, Any]) -> Note | None:
        if options["checkpoint"] is None:
            return None
        try:
            text = options["checkpoint"].read_text("utf-8")
            return opened(text, [key_from(key) for key in options["key"]])
        except (OSError, UnicodeDecodeError, NotANote) as error:
            raise CommandError(_("读不出检查点。"), returncode=UNREADABLE) from error
        except NotOurs as error:
            raise CommandError(
                _("这个检查点没有已知密钥的签名，不能据以核对。"), returncode=UNREADABLE
            ) from error
