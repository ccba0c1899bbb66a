"""What whoever holds a default notice is told of it: that its default was withdrawn, since when, by which paper."""

from django.utils.translation import gettext as _

from core.documents.models import Paper
from core.steps.checking import Standing
from prereview.models import Opinion

NOTICE = "default_notice"


def standing_of_notice(paper: Paper) -> Standing | None:
    """Say of a default notice, or of its corrected version, that the default was withdrawn; None of every other."""
    if paper.template != NOTICE:
        return None
    versions = [one.pk for one in paper.line]
    withdrawn = Opinion.objects.filter(paper__in=versions).exclude(withdrawn_at=None).first()
    if withdrawn is None:
        return None
    decided = withdrawn.withdrawals.exclude(paper=None).select_related("paper").last()
    return Standing(
        False,
        _("所记的默认已撤回，本通知书不再有效"),
        withdrawn.withdrawn_at,
        decided.paper if decided else None,
    )
