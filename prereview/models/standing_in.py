"""替岗: who stays out of a case, who has to sign beside, whose part is asked for, who takes over."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation, User
from approvals.models import Filing
from prereview.models.dispatch import Dispatch
from prereview.models.invitation import Invitation
from prereview.models.slot import Opinion, Slot
from prereview.stages import Position, SignState


class Recusal(models.Model):
    """回避: a natural person stays out of one case, under whatever office, until it is lifted with a reason."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="recusals")
    department = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    person = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="recusals")
    reason = models.CharField(_("回避理由"), max_length=300)
    declared_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    declared_at = models.DateTimeField(_("提出时间"))
    lifted_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    lifted_at = models.DateTimeField(_("解除时间"), null=True, blank=True)
    lifted_because = models.CharField(_("解除理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("回避")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["filing", "user"], condition=Q(lifted_at=None), name="one_recusal_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None, lifted_because="")
                | Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_because=""),
                name="recusal_is_lifted_with_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.filing} / {self.person.user}"


class Countersign(models.Model):
    """待会签意见: an opinion that waits inside the department for its head; until it is signed it is none.

    The limit runs on. What is not signed when the time ends counts for nothing and blocks no default.
    """

    slot = models.ForeignKey(Slot, models.PROTECT, related_name="countersigns")
    position = models.CharField(_("意见"), max_length=16, choices=Position.choices)
    reason = models.TextField(_("理由"), blank=True)
    clause = models.CharField(_("法律条款"), max_length=200, blank=True)
    conditions = models.JSONField(_("条件"), default=list, blank=True)
    drafted_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    drafter = models.ForeignKey(User, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(_("提交会签时间"))
    state = models.CharField(
        _("状态"), max_length=8, choices=SignState.choices, default=SignState.WAITING
    )
    note = models.CharField(_("会签意见"), max_length=300, blank=True)
    decided_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decider = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("会签时间"), null=True, blank=True)
    opinion = models.OneToOneField(
        Opinion, models.PROTECT, null=True, blank=True, related_name="countersign"
    )

    class Meta:
        verbose_name = verbose_name_plural = _("待会签意见")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["slot"], condition=Q(state=SignState.WAITING), name="one_countersign_waits"
            ),
            models.CheckConstraint(
                condition=Q(decider=None) | ~Q(decider=F("drafter")),
                name="countersigned_by_another_person",
                violation_error_message=_("自己提出的意见不能自己会签。"),
            ),
            models.CheckConstraint(
                condition=Q(state__in=(SignState.WAITING, SignState.REPLACED), decider=None)
                | Q(state=SignState.SIGNED, decider__isnull=False)
                | Q(state=SignState.RETURNED, decider__isnull=False) & ~Q(note=""),
                name="countersign_is_decided_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.slot} {self.get_state_display()}"


class PartRequest(models.Model):
    """内部征求意见: a part of the department is asked for its share, with a day before the department's own.

    Question and answer stay inside the department; an answer is no opinion of the department.
    """

    slot = models.ForeignKey(Slot, models.PROTECT, related_name="parts")
    unit = models.CharField(_("股室、站所"), max_length=60)
    asked = models.ForeignKey(
        Membership, models.PROTECT, related_name="parts_asked", verbose_name=_("答复人")
    )
    question = models.CharField(_("要答复什么"), max_length=1000)
    due_on = models.DateField(_("答复期限"))
    asked_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("提出时间"))
    answer = models.TextField(_("答复"), blank=True, max_length=4000)
    answered_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("内部征求意见")
        ordering = ("slot", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, answer="")
                | Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer=""),
                name="answered_part_has_words_and_person",
            ),
        )

    def __str__(self) -> str:
        return f"{self.slot} → {self.unit}"


class Reassignment(models.Model):
    """改派: who of the department sees to an opinion, a summons or a file from then on; rows are written once.

    It bars nobody: a colleague who is allowed to act still may, so that no silence comes of somebody's absence.
    """

    slot = models.ForeignKey(
        Slot, models.PROTECT, null=True, blank=True, related_name="reassignments"
    )
    invitation = models.ForeignKey(
        Invitation, models.PROTECT, null=True, blank=True, related_name="reassignments"
    )
    dispatch = models.ForeignKey(
        Dispatch, models.PROTECT, null=True, blank=True, related_name="reassignments"
    )
    receiver = models.ForeignKey(
        Membership, models.PROTECT, related_name="reassigned_to", verbose_name=_("接手人")
    )
    reason = models.CharField(_("改派理由"), max_length=300)
    handed_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    handed_at = models.DateTimeField(_("改派时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("改派")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(slot__isnull=False, invitation=None, dispatch=None)
                | Q(slot=None, invitation__isnull=False, dispatch=None)
                | Q(slot=None, invitation=None, dispatch__isnull=False),
                name="reassignment_is_of_one_thing",
            ),
        )

    def __str__(self) -> str:
        return f"{self.thing} → {self.receiver.user}"

    @property
    def thing(self) -> Any:
        """What was reassigned."""
        return self.slot or self.invitation or self.dispatch
