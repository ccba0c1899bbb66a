"""检查点: the ledger is attested once a day and after each publication, and nothing has to remember that it was."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from core.ledger.checkpoints import due_today, make_checkpoint
from core.ledger.keys import has_key
from core.ledger.log import covered_of
from core.ledger.models import Entry
from public_notice.models import Notice

LATELY = timedelta(days=2)  # what is older is covered by the checkpoint of its day


def attest_when_due(at: datetime) -> int:
    """Make a checkpoint where the day has none, or a notice was published that none covers; return how many.

    Without a key there is none to make: the state of the house says so. Raises keys.NoKey and checkpoints.Broken.
    """
    if not has_key() or not (due_today(at) or _published_since(at)):
        return 0
    make_checkpoint(at)
    return 1


def _published_since(at: datetime) -> bool:
    said = Entry.objects.filter(
        book=OuterRef("book"), act="publish_notice", sequence__gt=covered_of(OuterRef("book__code"))
    )
    lately = Notice.objects.filter(published_at__gte=at - LATELY)
    return lately.filter(Exists(said)).exists()
