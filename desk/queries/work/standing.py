"""What waits for an enterprise of what it keeps at hand: a paper that ends soon is replaced before it is missed."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from approvals.queries.standing import to_renew
from approvals.rules.standing import Validity
from core.deadlines.queries import end_of
from core.steps.templatetags.look import deadline
from desk.queries.work.rows import Row, Seen


def standing_to_renew(seen: Seen) -> Iterator[Row]:
    """Yield the kept papers that end soon or have ended lately."""
    for one in to_renew(seen.by, seen.at):
        expired = one.validity == Validity.EXPIRED
        title = _("常备材料已到期：%(name)s") if expired else _("常备材料即将到期：%(name)s")
        address = f"{reverse('approvals:standing')}?kind={one.kind.code}#keep"
        row = Row(title % {"name": one.label}, address)
        if one.standing.valid_to:
            row.due_at = end_of(one.standing.valid_to)
            row.due = {"light": "red" if expired else "yellow", "text": deadline(row.due_at)}
        row.silence = _("到期以后不再提供，申报时要另外上传；已经交了的申报件不受影响。")
        yield row


ENTERPRISE = (standing_to_renew,)
