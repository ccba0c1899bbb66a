"""不公开部分: words inside something that is published, marked by one person, reviewed by another, never deleted."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from approvals.models import Filing
from core.ledger.models import Book
from public_notice.models.disclosure import Disclosure
from public_notice.models.mailbox import BoxLetter
from public_notice.models.objections import Objection, new_code
from public_notice.models.openness import OpenMatter
from public_notice.stages import PartState

if TYPE_CHECKING:
    from public_notice.models.lifting import LiftingView

# In which of the things the words stand; a case stands for the notice that is going to be published of it.
OF = ("filing", "objection", "letter", "disclosure")


class ConfidentialPart(models.Model):
    """不公开部分: the words themselves, the row of the negative list they fall under, and the two persons.

    The words stay outside the ledger, which keeps their digest, salted with `code`.
    """

    book = models.ForeignKey(Book, models.PROTECT, related_name="+")
    filing = models.ForeignKey(
        Filing, models.PROTECT, null=True, blank=True, related_name="confidential_parts"
    )
    objection = models.ForeignKey(
        Objection, models.PROTECT, null=True, blank=True, related_name="confidential_parts"
    )
    letter = models.ForeignKey(
        BoxLetter, models.PROTECT, null=True, blank=True, related_name="confidential_parts"
    )
    disclosure = models.ForeignKey(
        Disclosure, models.PROTECT, null=True, blank=True, related_name="confidential_parts"
    )
    code = models.CharField(max_length=10, default=new_code, editable=False)
    words = models.CharField(_("不公开的文字"), max_length=500)
    ground = models.ForeignKey(
        OpenMatter, models.PROTECT, related_name="+", verbose_name=_("不公开的依据")
    )
    reason = models.CharField(_("理由"), max_length=300)
    marked_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    marked_at = models.DateTimeField(_("标注时间"))
    state = models.CharField(
        _("状态"), max_length=10, choices=PartState.choices, default=PartState.ASKED
    )
    decided_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    note = models.CharField(_("审核说明"), max_length=300, blank=True)
    # The words are to be public again: asked by one, decided by another; refused, it may be asked anew.
    lifting_reason = models.CharField(_("恢复公开的理由"), max_length=300, blank=True)
    lifting_asked_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    lifting_asked_at = models.DateTimeField(_("提请恢复公开时间"), null=True, blank=True)
    lifting_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    lifting_at = models.DateTimeField(_("恢复公开决定时间"), null=True, blank=True)
    lifting_note = models.CharField(_("恢复公开决定说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("不公开部分")
        ordering = ("-marked_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(filing__isnull=False, objection=None, letter=None, disclosure=None)
                | Q(filing=None, objection__isnull=False, letter=None, disclosure=None)
                | Q(filing=None, objection=None, letter__isnull=False, disclosure=None)
                | Q(filing=None, objection=None, letter=None, disclosure__isnull=False),
                name="confidential_part_is_of_one_thing",
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("marked_by")) | Q(decided_by=None),
                name="confidential_part_is_reviewed_by_another",
                violation_error_message=_("标注的人不能自己审核。"),
            ),
            models.CheckConstraint(
                condition=Q(state=PartState.ASKED, decided_at=None)
                | (~Q(state=PartState.ASKED) & Q(decided_at__isnull=False)),
                name="reviewed_part_has_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(words="") & ~Q(reason=""), name="confidential_part_has_reason"
            ),
            models.CheckConstraint(
                condition=~Q(lifting_by=F("lifting_asked_by")) | Q(lifting_by=None),
                name="part_is_lifted_by_another",
                violation_error_message=_("提请恢复公开的人不能自己决定。"),
            ),
            models.CheckConstraint(
                condition=~Q(state=PartState.LIFTED)
                | (
                    Q(lifting_at__isnull=False)
                    & Q(lifting_by__isnull=False)
                    & ~Q(lifting_reason="")
                ),
                name="lifted_part_has_reason_and_two_persons",
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject} · {self.get_state_display()}"

    @property
    def subject(self) -> Filing | Objection | BoxLetter | Disclosure:
        """What the words stand in."""
        found: Filing | Objection | BoxLetter | Disclosure = getattr(self, self.kind)
        return found

    @property
    def lifting_waits(self) -> bool:
        """Whether somebody has asked for the words to be public again and nobody has decided."""
        return self.lifting_asked_at is not None and self.lifting_at is None

    @property
    def asked_view(self) -> "LiftingView | None":
        """What the enterprise was asked for the request that stands, or that was decided last."""
        return max(self.views.all(), key=lambda one: one.pk, default=None)

    @property
    def case(self) -> Filing | None:
        """The case it belongs to, of whose enterprise the words may be a secret."""
        return self.objection.notice.filing if self.objection else self.filing

    @property
    def kind(self) -> str:
        """Which of the four it is."""
        return next(name for name in OF if getattr(self, f"{name}_id") is not None)
