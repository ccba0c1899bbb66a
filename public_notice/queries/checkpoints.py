"""检查点 as the public reads them: a list, a table, a feed, and the keys with their spans."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from core.documents.sheets import Sheet
from core.ledger.keys import announced
from core.ledger.models import Checkpoint, CheckpointKey
from core.ledger.notes import Key
from public_notice.queries.feeds import TextFeed

VERIFIER = Path(settings.BASE_DIR) / "docs" / "verify" / "chengnuo-verify.py"


class Held(NamedTuple):
    """A key with the time in which it signed; the newest has no end."""

    key: Key
    since: datetime
    until: datetime | None


def all_checkpoints() -> QuerySet[Checkpoint]:
    """Return every checkpoint, newest first."""
    return Checkpoint.objects.order_by("-number")


def keys_held() -> list[Held]:
    """Return every key that was ever announced, the newest first."""
    times = list(CheckpointKey.objects.order_by("pk").values_list("announced_at", flat=True))
    spans = zip(announced(), times, [*times[1:], None], strict=False)  # none has no end
    return [Held(*one) for one in spans][::-1]


def verifier_digest() -> str:
    """Return the SHA-256 of the program that is handed out."""
    return sha256(VERIFIER.read_bytes()).hexdigest()


def sheet_of_checkpoints(rows: Iterable[Checkpoint]) -> Sheet:
    """Return checkpoints as a table: the page's columns, and the text that is signed."""
    heads = (_("检查点编号"), _("生成时间"), _("条目数"), _("根摘要"), _("原文"))
    cells = ((one.number, one.made_at, one.size, one.root, one.text) for one in rows)
    return Sheet(_("台账检查点"), heads, cells)


def feed_of_checkpoints(rows: Iterable[Checkpoint]) -> str:
    """Return checkpoints as an Atom feed: whoever follows it keeps them."""
    address = settings.SITE_URL + reverse("public_notice:checkpoints")
    feed = TextFeed(_("台账检查点"), address, "", feed_url=f"{address}feed/", language="zh-hans")
    for one in rows:
        feed.add_item(
            _("第%(number)s号检查点") % {"number": one.number}, f"{address}{one.number}/", one.text,
            unique_id=f"{address}{one.number}/", updateddate=one.made_at,
        )  # fmt: skip
    return str(feed.writeString("utf-8"))
