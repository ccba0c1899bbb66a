"""What of a case's ledger tells of a check that nobody announced, as long as it was not held."""

from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat, StrIndex

from approvals.models import Filing
from inspection.models import Check
from inspection.stages import CheckMode

# What the enterprise does not hear of beforehand: such a check shows when it is held.
UNANNOUNCED = ("plan_unannounced_check", "call_off_unannounced_check", "enter_check_photo")
STATEMENT = "take_statement"


def unannounced(filing: Filing) -> Q:
    """Return what of a case's entries tells of checks nobody announced; a statement is told once its check is held."""
    secret = Check.objects.filter(filing=filing, held_at=None).exclude(mode=CheckMode.PLANNED)
    named = Concat(Value('"check":'), Cast("pk", CharField()), Value(","))
    of_secret = secret.annotate(place=StrIndex(OuterRef("payload"), named)).filter(place__gt=0)
    return Q(act__in=UNANNOUNCED) | (Q(act=STATEMENT) & Q(Exists(of_secret)))
