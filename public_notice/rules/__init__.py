"""The limits of this desk."""

from django.utils.translation import gettext_lazy as _

from core.deadlines.rules import Rule, Silence, declare

NOTICE = declare(Rule("P7a", _("承诺公示"), Silence.CLOSES, _("社会公众")))
REPLY = declare(Rule("P18", _("答复公示异议"), Silence.ESCALATES, _("窗口"), received=True))

# Not a limit: whether the monthly bulletin of defaults is open to the public.
BULLETIN_PUBLIC = "P55"

# Not a limit either: whether the marks that a competent organ decided are shown on the county's own pages, too.
MARKS_PUBLIC = "P57"

# Days in which a subscription is confirmed, or its address deleted; and when the mail of the day leaves.
SUBSCRIPTION_LASTS, SUBSCRIPTION_HOUR = "P81a", "P81b"
