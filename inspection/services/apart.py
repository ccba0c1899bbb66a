"""不相容的岗位: who inspects the works, or gives a verdict at the acceptance, had no other part in the case."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from accounts.models import Membership
from approvals.models import Filing
from approvals.queries.apart import ACCEPTED, FILED, OPINED, why_apart
from core.deadlines.queries import value_of
from inspection import rules
from inspection.stages import OpinionThenCheck


def keeps_apart(filing: Filing) -> bool:
    """Whether the county wants opinion and inspection in two hands (P76); an edition from before the rule does not."""
    try:
        word = value_of(filing.pinned_rulebook, rules.OPINION_APART).value
    except KeyError:
        return False
    return word == OpinionThenCheck.APART


def why_not_inspector(filing: Filing, by: Membership) -> str:
    """Return the sentence that refuses a natural person to inspect a case; empty where nothing stands against it."""
    if why := why_apart(filing.book_id, by, FILED | ACCEPTED):
        return why
    if keeps_apart(filing) and why_apart(filing.book_id, by, OPINED):
        return _(
            "您在本件中提出（会签）过部门意见：按县规则（%(rule)s），监管检查和验收须由本单位其他人员办理。"
        ) % {"rule": rules.OPINION_APART}
    return ""


def keep_inspector_apart(filing: Filing, by: Membership) -> None:
    """Raise PermissionDenied for a natural person who had another part in the case, under whatever office."""
    if why := why_not_inspector(filing, by):
        raise PermissionDenied(why)
