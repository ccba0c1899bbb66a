"""会议室: what a meeting leaves besides its opinions — settled conflicts, minutes that were read, things to be done."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation, User
from accounts.stages import Role
from approvals.models import ChecklistItem
from prereview.models.session import AgendaItem, Session
from prereview.stages import Conclusion, DraftState


class Settlement(models.Model):
    """分歧处理: what the convenor decided, with reasons, where departments contradict each other on an item."""

    agenda = models.ForeignKey(AgendaItem, models.PROTECT, related_name="settlements")
    item = models.ForeignKey(ChecklistItem, models.PROTECT, related_name="+")
    # which opinions it settles: one that comes later, or changes, has not been weighed
    opinions = models.JSONField(_("所涉意见"), default=list)
    reasons = models.TextField(_("处理意见和理由"), max_length=2000)
    settled_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(_("处理时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("分歧处理")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(condition=~Q(reasons=""), name="settlement_has_reasons"),
        )

    def __str__(self) -> str:
        return f"{self.agenda} {self.item}"


class MinutesDraft(models.Model):
    """纪要稿: proposed by the convenor, read in the room, confirmed or given back by the recorder, another person."""

    agenda = models.ForeignKey(AgendaItem, models.PROTECT, related_name="drafts")
    state = models.CharField(
        _("状态"), max_length=9, choices=DraftState.choices, default=DraftState.READ
    )
    conclusion = models.CharField(_("结论"), max_length=8, choices=Conclusion.choices)
    reasons = models.TextField(_("结论理由"), blank=True)
    changes = models.JSONField(_("修改内容"), default=list, blank=True)
    changes_due = models.DateField(_("修改完成期限"), null=True, blank=True)
    content_sha256 = models.CharField(_("内容摘要"), max_length=64)
    proposed_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    proposer = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("提出时间"))
    decided_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decider = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    remark = models.TextField(_("退回理由"), blank=True, max_length=2000)

    class Meta:
        verbose_name = verbose_name_plural = _("纪要稿")
        ordering = ("pk",)
        constraints = (
            # Persons, not offices: somebody who holds two of them is still one.
            models.CheckConstraint(
                condition=Q(decider__isnull=True)
                | ~Q(decider=F("proposer"))
                | Q(state=DraftState.TAKEN_BACK),
                name="minutes_are_confirmed_by_a_second_person",
                violation_error_message=_("提出纪要稿的人不能自己确认。"),
            ),
            models.CheckConstraint(
                condition=Q(state=DraftState.READ, decider__isnull=True)
                | ~Q(state=DraftState.READ) & Q(decider__isnull=False, decided_by__isnull=False),
                name="decided_minutes_have_a_decider",
            ),
            models.UniqueConstraint(
                fields=["agenda"],
                condition=Q(state__in=(DraftState.READ, DraftState.CONFIRMED)),
                name="one_minutes_draft_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.agenda} {self.get_state_display()}"


class ActionQuerySet(models.QuerySet["ActionPoint"]):
    """Things to be done as a person may see them."""

    def visible_to(self, by: Membership) -> "ActionQuerySet":
        """Return what a person's organisation has to do, and what was resolved where it was invited."""
        seen = Session.objects.visible_to(by).order_by().values("pk")
        own = Q(owner_id=by.organisation_id)
        if by.role == Role.ENTERPRISE:
            return self.filter(own)
        return self.filter(own | Q(agenda__session__in=seen))

    def waiting(self) -> "ActionQuerySet":
        """Return what is still to be done."""
        return self.filter(done_at=None, dropped_at=None)


class ActionPoint(models.Model):
    """行动事项: who does what until when, as the meeting resolved it."""

    agenda = models.ForeignKey(AgendaItem, models.PROTECT, related_name="actions")
    text = models.CharField(_("内容"), max_length=300)
    owner = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("责任单位")
    )
    due_on = models.DateField(_("期限"))
    added_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("列入时间"))
    done_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    done_by = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(_("办理情况"), max_length=300, blank=True)
    dropped_at = models.DateTimeField(_("删去时间"), null=True, blank=True)

    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("行动事项")
        ordering = ("due_on", "pk")
        constraints = (
            models.CheckConstraint(condition=~Q(text=""), name="action_has_text"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True)
                | Q(done_by__isnull=False, dropped_at__isnull=True) & ~Q(note=""),
                name="done_action_has_note",
            ),
        )

    def __str__(self) -> str:
        return self.text

    @property
    def book(self) -> Any:
        """The session's book."""
        return self.agenda.session.book

    @property
    def book_id(self) -> int:
        """The key of the session's book, which an act on it locks."""
        return self.agenda.session.book_id
