"""意见: a slot is filing × round × kind × department × item, and has exactly one outcome."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation
from approvals.models import ChecklistItem, CorrectionCase, Filing
from approvals.stages import ENDS, OpinionDefault
from core.deadlines.models import Timed
from core.deadlines.rules import Silence
from core.documents.models import Paper
from core.rows import Read
from prereview.models.invitation import Invitation
from prereview.models.session import AgendaItem
from prereview.rules.outcome import stayed_away
from prereview.stages import DEEMED, Position, SessionKind, SessionStage, SlotState

SUMMONS = Read(Invitation.objects.all, "session", "department")


class SlotQuerySet(models.QuerySet["Slot"]):
    """The questions one asks of slots."""

    def unsettled(self) -> "SlotQuerySet":
        """Return what still waits for an outcome."""
        return self.exclude(state=SlotState.SETTLED).filter(ended_at=None)

    def in_play(self) -> "SlotQuerySet":
        """Leave out what was struck before it came to anything: it is kept for what hangs on it, and asked no more."""
        ended = Q(filing__stage__in=ENDS)
        return self.filter(Q(state=SlotState.SETTLED) | Q(ended_at=None) | ended)

    def waiting(self) -> "SlotQuerySet":
        """Return what somebody still has to see to: of a case that has left the road, nothing."""
        return self.unsettled().asked().exclude(filing__stage__in=ENDS)

    def asked(self) -> "SlotQuerySet":
        """Leave out what waits for its session to be called anew: of nobody anything is asked there now."""
        return self.exclude(agenda__session__stage=SessionStage.CANCELLED)

    def bare(self) -> "SlotQuerySet":
        """Return those on which nothing hangs: no draft, no word or claim, nothing that goes on in the department."""
        found = self.filter(not_ours_reason="")
        for one in Slot._meta.related_objects:
            model: Any = one.related_model
            rows = model.objects.filter(**{one.field.name: OuterRef("pk")})
            found = found.exclude(Exists(rows))
        return found


class Slot(Timed):
    """意见槽: what one department owes on one item (or on the survey record) in one round."""

    swept_with = (
        "agenda__session__convenor__user", "filing__enterprise", "filing__rulebook", "filing__catalogue",
        "filing__site", "department", "item__item", "calendar", "book",
    )  # fmt: skip
    filing = models.ForeignKey(Filing, models.PROTECT, related_name="slots")
    agenda = models.ForeignKey(AgendaItem, models.PROTECT, related_name="slots")
    kind = models.CharField(_("类别"), max_length=8, choices=SessionKind.choices)
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    department = models.ForeignKey(Organisation, models.PROTECT, related_name="slots")
    item = models.ForeignKey(
        ChecklistItem, models.PROTECT, null=True, blank=True, related_name="slots"
    )
    default = models.CharField(_("沉默的后果"), max_length=10, choices=OpinionDefault.choices)
    state = models.CharField(
        _("状态"), max_length=10, choices=SlotState.choices, default=SlotState.AWAITED
    )
    mark_basis = models.CharField(_("允许默认的依据"), max_length=200, blank=True)
    mark_approver = models.CharField(_("允许默认的批准单位"), max_length=120, blank=True)
    held_because = models.CharField(_("暂停原因"), max_length=200, blank=True)
    invalid_form_at = models.DateTimeField(_("形式不合的意见收到时间"), null=True, blank=True)
    served_again_at = models.DateTimeField(_("重新送达时间"), null=True, blank=True)
    dismissed_at = models.DateTimeField(_("驳回默认时间"), null=True, blank=True)
    dismissed_because = models.CharField(_("驳回理由"), max_length=300, blank=True)
    confirmed_at = models.DateTimeField(_("确认默认时间"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("撤回默认时间"), null=True, blank=True)
    escalated_at = models.DateTimeField(_("转督办时间"), null=True, blank=True)
    not_ours_reason = models.CharField(_("不属本部门的理由"), max_length=300, blank=True)

    objects = SlotQuerySet.as_manager()

    class Meta(Timed.Meta):
        verbose_name = verbose_name_plural = _("意见槽")
        ordering = ("filing", "kind", "round", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["filing", "round", "kind", "department", "item"], name="one_slot_once"
            ),
            models.UniqueConstraint(
                fields=["filing", "round", "kind", "department"],
                condition=Q(item__isnull=True),
                name="one_survey_slot_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.filing} / {self.department} / {self.item or self.get_kind_display()}"

    @property
    def bites(self) -> bool:
        """Whether silence is escalated: by the slot, or by what the checklist says of its item now."""
        now = self.item.opinion_default if self.item else self.default
        return OpinionDefault.ESCALATE in (self.default, now)

    @property
    def marked(self) -> bool:
        """Whether a default is expressly allowed: when the slot was made, and by its item's catalogue still."""
        still = self.item is None or self.item.item.marked
        return bool(self.mark_basis and self.mark_approver) and still

    @property
    def asked_no_more(self) -> bool:
        """Whether it ended without any outcome: its item was struck, or the case has left the road."""
        return self.ended_at is not None and self.state != SlotState.SETTLED

    @property
    def held_why(self) -> str:
        """Why it is held, in the language of the page."""
        return gettext(self.held_because) if self.held_because else ""

    @property
    def silence(self) -> Silence:
        """Behind a red line silence is escalated and never deemed."""
        return (
            Silence.NO_OPINION if self.default == OpinionDefault.ESCALATE else Silence.NO_OBJECTION
        )

    def why_not_stopped(self, at: datetime) -> list[str]:
        """The time for an opinion can be stopped while it is awaited from a department that was there."""
        if self.state != SlotState.AWAITED:
            return [str(_("这项意见已有结果，或者期限已经届满。"))]
        closed = self.agenda.closed_at
        summons = self.invitation
        absent = closed is not None and stayed_away(summons.present_at(closed), summons.answer)
        if absent and self.served_again_at is None:
            return [str(_("部门没有到会：期限在本项议程结束时已经届满。"))]
        return []

    @cached_property
    def invitation(self) -> Any:
        """The summons under which the department owes this opinion, read once for an act, which holds its book."""
        session = self.agenda.session
        found = vars(self).get("summons") or SUMMONS.get(session.pk, self.department_id)
        found.session = session
        return found

    @cached_property
    def dispatch(self) -> Any:
        """How the file was sent to the department, read once; None where there was no dispatch."""
        found = self.filing.dispatches.filter(department=self.department_id)
        return found.select_related("acknowledged_by__user", "proof").first()

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Read the row anew, and with it the summons and the dispatch."""
        super().refresh_from_db(*args, **kwargs)
        for name in ("invitation", "summons", "others_open", "dispatch"):
            self.__dict__.pop(name, None)


class Opinion(models.Model):
    """部门意见: the one outcome of a slot, given by the department or drawn from its silence.

    A default can be withdrawn: its row stays as it is, and the slot is free for another outcome.
    """

    slot = models.ForeignKey(Slot, models.PROTECT, related_name="opinions")
    # The slot while it stands there; a default that was withdrawn stays on record and stands nowhere.
    stands_in = models.OneToOneField(
        Slot, models.PROTECT, null=True, blank=True, related_name="opinion"
    )
    position = models.CharField(_("意见"), max_length=16, choices=Position.choices)
    red_line = models.BooleanField(_("红线事项"), default=False)
    reason = models.TextField(_("理由"), blank=True)
    clause = models.CharField(_("法律条款"), max_length=200, blank=True)
    conditions = models.JSONField(_("条件"), default=list, blank=True)
    given_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    effective_at = models.DateTimeField(_("生效时间"))
    recorded_at = models.DateTimeField(_("记录时间"))
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    proof = models.JSONField(_("证据"), default=dict, blank=True)
    mark_basis = models.CharField(_("允许默认的依据"), max_length=200, blank=True)
    mark_approver = models.CharField(_("允许默认的批准单位"), max_length=120, blank=True)
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("部门意见")
        ordering = ("slot",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(position__in=DEEMED) | Q(red_line=False),
                name="red_line_is_never_deemed",
                violation_error_message=_("红线事项不得视同无异议。"),
            ),
            models.CheckConstraint(
                condition=~Q(position__in=DEEMED) | (~Q(mark_basis="") & ~Q(mark_approver="")),
                name="deemed_is_expressly_marked",
                violation_error_message=_("没有明确标记允许默认的事项，不得视同无异议。"),
            ),
            models.CheckConstraint(
                condition=~Q(position=Position.DISAGREE) | (~Q(reason="") & ~Q(clause="")),
                name="disagreement_has_reason_and_clause",
                violation_error_message=_("不同意必须写明理由和法律条款。"),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, stands_in__isnull=False, stands_in=F("slot"))
                | Q(withdrawn_at__isnull=False, stands_in__isnull=True, position__in=DEEMED),
                name="only_a_withdrawn_default_stands_nowhere",
            ),
        )

    def __str__(self) -> str:
        return f"{self.slot}: {self.get_position_display()}"

    @property
    def deemed(self) -> bool:
        """Whether it was drawn from silence; never shown or counted as agreed."""
        return self.position in DEEMED

    @property
    def withdrawn(self) -> bool:
        """Whether it is a default that two persons have withdrawn."""
        return self.withdrawn_at is not None


class LateOpinion(models.Model):
    """迟到意见: kept as such; it opens a correction case and changes no outcome."""

    slot = models.ForeignKey(Slot, models.PROTECT, related_name="late_opinions")
    position = models.CharField(_("意见"), max_length=16, choices=Position.choices)
    reason = models.TextField(_("理由"))
    clause = models.CharField(_("法律条款"), max_length=200)
    given_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    received_at = models.DateTimeField(_("收到时间"))
    case = models.ForeignKey(
        CorrectionCase, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = _("迟到意见")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.slot}: {self.get_position_display()}"


class MakeUp(Timed):
    """补做意见: after a default the department still owes its opinion, within a limit that escalates."""

    slot = models.ForeignKey(Slot, models.PROTECT, related_name="make_ups")
    opinion = models.OneToOneField(Opinion, models.PROTECT, related_name="make_up")
    reminded_at = models.DateTimeField(_("提醒时间"), null=True, blank=True)
    done_at = models.DateTimeField(_("补做时间"), null=True, blank=True)
    escalated_at = models.DateTimeField(_("转督办时间"), null=True, blank=True)

    class Meta(Timed.Meta):
        verbose_name = verbose_name_plural = _("补做意见")

    def __str__(self) -> str:
        return str(self.slot)

    @property
    def untouched(self) -> bool:
        """Whether nothing has come of its silence; a reminder before its end is no consequence."""
        return self.due_at is not None and self.ended_at is None and self.escalated_at is None
