"""分送: the file of an accepted case, sent to one department of its checklist."""

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation
from accounts.stages import Role
from approvals.models import Attempt, Filing
from approvals.stages import ENDS, Stage
from prereview.models.slot import Slot
from prereview.models.to_sign import ToSign
from prereview.stages import GIVEN


class DispatchQuerySet(models.QuerySet["Dispatch"]):
    """Dispatches as a person may see them."""

    def visible_to(self, by: Membership) -> "DispatchQuerySet":
        """Return a department its own, and all to the county's staff; who filed follows the case itself."""
        if by.role in (Role.CLERK, Role.HEAD):
            return self.filter(department_id=by.organisation_id)
        if by.role in (Role.WINDOW, Role.CONVENOR, Role.SUPERVISOR, Role.ADMINISTRATOR):
            return self.all()
        return self.none()

    def waiting(self) -> "DispatchQuerySet":
        """Return what still is to be signed for: of a case that goes on, by who has not spoken on it."""
        spoken = Slot.objects.filter(
            filing=OuterRef("filing"),
            department=OuterRef("department"),
            opinion__position__in=GIVEN,
        )
        return self.filter(~Exists(spoken), acknowledged_at=None, ended_at=None).exclude(
            filing__stage__in=(*ENDS, Stage.COMPLETED)
        )


class Dispatch(ToSign):
    """分送: the window sent the file to a department the day it was accepted; it is signed for within P16."""

    filing: Any = models.ForeignKey(Filing, models.PROTECT, related_name="dispatches")
    department: Any = models.ForeignKey(Organisation, models.PROTECT, related_name="dispatches")
    sent_at = models.DateTimeField(_("分送时间"))

    objects = DispatchQuerySet.as_manager()

    class Meta(ToSign.Meta):
        verbose_name = verbose_name_plural = _("分送")
        ordering = ("filing", "department__code")
        constraints = (
            models.UniqueConstraint(
                fields=["filing", "department"], name="one_dispatch_per_department"
            ),
        )

    def __str__(self) -> str:
        return f"{self.filing} → {self.department}"


class DispatchAttempt(Attempt):
    """分送送达记录: one attempt to bring the file to a department, or its receipt."""

    dispatch: Any = models.ForeignKey(Dispatch, models.PROTECT, related_name="attempts")

    class Meta(Attempt.Meta):
        verbose_name = verbose_name_plural = _("分送送达记录")
