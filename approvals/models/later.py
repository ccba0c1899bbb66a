"""清单外要求: what a department wants although the one-time notice did not name it."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation
from approvals.models.filing import Filing
from approvals.models.materials import Material
from approvals.stages import LaterState

if TYPE_CHECKING:
    from core.ledger.models import Book


class LaterRequest(models.Model):
    """清单外要求: the list binds the government, so this needs a basis and a signature, and is counted."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="later_requests")
    department = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.CharField(_("材料名称"), max_length=200)
    basis = models.CharField(_("依据"), max_length=200)
    reason = models.CharField(_("理由"), max_length=500)
    state = models.CharField(
        _("状态"), max_length=8, choices=LaterState.choices, default=LaterState.ASKED
    )
    asked_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("提出时间"))
    decided_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    note = models.CharField(_("意见"), max_length=300, blank=True)
    material = models.OneToOneField(
        Material, models.PROTECT, null=True, blank=True, related_name="later_request"
    )

    class Meta:
        verbose_name = verbose_name_plural = _("清单外要求")
        ordering = ("filing", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(state=LaterState.ASKED, decided_by=None, material=None)
                | Q(state=LaterState.SIGNED, decided_by__isnull=False, material__isnull=False)
                | Q(state=LaterState.REFUSED, decided_by__isnull=False, material=None),
                name="later_material_is_signed_for",
            ),
            models.CheckConstraint(
                condition=~Q(basis="") & ~Q(reason=""), name="later_request_has_basis"
            ),
            models.UniqueConstraint(
                fields=["filing", "name"],
                condition=~Q(state=LaterState.REFUSED),
                name="one_later_request_per_paper",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def book(self) -> "Book":
        """The filing's book."""
        return self.filing.book
