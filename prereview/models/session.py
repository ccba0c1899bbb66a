"""联合勘察 and 联合预审会: one model with a kind, with its agenda."""

import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from accounts.models import Membership
from accounts.stages import Role
from approvals.models import Filing
from core.documents.models import Paper
from core.steps.models import Stepped
from prereview import policies
from prereview.rules.conflicts import Said, contradictions
from prereview.stages import (
    Conclusion,
    SessionKind,
    SessionStage,
    SlotState,
)

if TYPE_CHECKING:
    from prereview.models.slot import Slot


def new_public_id() -> str:
    """Return the name of a session in addresses."""
    return secrets.token_hex(6)


class SessionQuerySet(models.QuerySet["Session"]):
    """Sessions as a person may see them."""

    def visible_to(self, by: Membership) -> "SessionQuerySet":
        """Return the sessions a person's department was invited to, or all for the county's staff."""
        if by.role in (Role.CLERK, Role.HEAD):
            return self.filter(invitations__department_id=by.organisation_id)
        if by.role in (Role.WINDOW, Role.CONVENOR, Role.SUPERVISOR, Role.ADMINISTRATOR):
            return self.all()
        return self.none()


class Session(Stepped):
    """联合会次: a survey or a meeting that departments are summoned to."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    kind = models.CharField(_("类别"), max_length=8, choices=SessionKind.choices)
    number = models.CharField(_("会次"), max_length=40, unique=True)
    stage = FSMField(
        _("阶段"),
        default=SessionStage.CALLED,
        choices=SessionStage.choices,
        protected=True,
        db_index=True,
    )
    called_at = models.DateTimeField(_("通知时间"))
    opens_at = models.DateTimeField(_("开始时间"))
    place = models.CharField(_("地点"), max_length=120)
    convenor = models.ForeignKey(
        Membership, models.PROTECT, related_name="+", verbose_name=_("召集人")
    )
    # Named at the opening: with a recorder the room keeps its roll by code, and two persons answer for what is written.
    recorder = models.ForeignKey(
        Membership,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("记录人"),
    )
    opened_at = models.DateTimeField(_("实际开始"), null=True, blank=True)
    closed_at = models.DateTimeField(_("实际结束"), null=True, blank=True)
    roll_confirmed_at = models.DateTimeField(_("到会名单确认时间"), null=True, blank=True)
    notice_kept = models.BooleanField(_("提前天数符合规定"), default=True)
    reason = models.CharField(_("取消理由"), max_length=300, blank=True)
    # A new date is a new session with new summonses: this one takes the place of that one, which stays as it was.
    moves: Any = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="moved_to"
    )
    moved_times = models.PositiveSmallIntegerField(_("改期次数"), default=0)
    called_first = models.CharField(_("首次会次"), max_length=12, blank=True)
    room = models.CharField(_("会议室"), max_length=20, blank=True)
    minutes = models.PositiveSmallIntegerField(_("预计时长（分钟）"), default=0)
    notice = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="+")

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("联合会次")
        ordering = ("-opens_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(stage__in=SessionStage.values), name="session_stage_is_known"
            ),
            models.CheckConstraint(
                condition=Q(recorder__isnull=True) | ~Q(recorder=F("convenor")),
                name="recorder_is_not_the_convenor",
                violation_error_message=_("记录人不能是召集人本人。"),
            ),
            models.CheckConstraint(
                condition=Q(roll_confirmed_at__isnull=True) | Q(recorder__isnull=False),
                name="roll_is_confirmed_by_a_recorder",
            ),
        )

    def __str__(self) -> str:
        return self.number

    @transition(
        stage,
        SessionStage.CALLED,
        SessionStage.OPEN,
        permission=policies.convenor,
        custom={"label": _("宣布开始")},
    )
    def open(self, *, recorder: Membership | None = None) -> None:
        """宣布开始: check-in is open; where a recorder is named, two persons answer for roll and minutes."""
        self.recorder = recorder

    @transition(
        stage,
        SessionStage.OPEN,
        SessionStage.CLOSED,
        permission=policies.convenor,
        conditions=[policies.agenda_is_closed],
        custom={"label": _("宣布结束")},
    )
    def close(self) -> None:
        """宣布结束: every item of the agenda has its close."""

    @transition(
        stage,
        SessionStage.CALLED,
        SessionStage.CANCELLED,
        permission=policies.convenor,
        custom={"label": _("取消")},
    )
    def cancel(self, *, reason: str) -> None:
        """取消: before it was opened, with the reason."""
        self.reason = reason

    def wrong_stage(self, name: str) -> str:
        """Say that a step does not leave the present stage."""
        label = next(iter(getattr(type(self), name)._django_fsm.transitions.values())).custom[
            "label"
        ]
        return _("会次当前“%(stage)s”，不能%(step)s。") % {
            "stage": self.get_stage_display(),
            "step": label,
        }

    def on_the_clock(self, *, came_from: str, by: Membership, at: datetime) -> None:
        """Keep the recorded opening and close."""
        if self.stage == SessionStage.OPEN:
            self.opened_at = at
        elif self.stage == SessionStage.CLOSED:
            self.closed_at = at

    @property
    def successor(self) -> "Session | None":
        """The session on the new date, where this one was moved."""
        return getattr(self, "moved_to", None)

    @property
    def stands(self) -> str:
        """Where it stands, in words: one that was moved is not simply called off."""
        return str(_("已改期")) if self.successor else str(self.get_stage_display())

    @property
    def is_survey(self) -> bool:
        """Whether it is a visit to a site."""
        return self.kind == SessionKind.SURVEY


class AgendaItem(models.Model):
    """议程: one filing in one session, with its recorded opening and close, and its conclusion."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="agenda")
    filing = models.ForeignKey(Filing, models.PROTECT, related_name="agenda_items")
    order = models.PositiveSmallIntegerField(_("次序"))
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    planned_at = models.DateTimeField(_("计划到点时间"), null=True, blank=True)
    opened_at = models.DateTimeField(_("开始审议"), null=True, blank=True)
    closed_at = models.DateTimeField(_("结束审议"), null=True, blank=True)
    conclusion = models.CharField(_("结论"), max_length=8, choices=Conclusion.choices, blank=True)
    # How many promised papers were still to come when it was passed: a pass with gaps is never called a pass.
    with_gaps = models.PositiveSmallIntegerField(_("通过时尚缺（件）"), default=0)
    reasons = models.TextField(_("结论理由"), blank=True)
    concluded_at = models.DateTimeField(_("结论时间"), null=True, blank=True)
    minutes = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("议程")
        ordering = ("session", "order")
        constraints = (
            models.UniqueConstraint(
                fields=["session", "filing"], name="one_filing_once_per_session"
            ),
        )

    def __str__(self) -> str:
        return f"{self.session} / {self.filing}"

    @property
    def conclusion_label(self) -> str:
        """The conclusion in words; of a case that was passed while promised papers were missing, with their number."""
        label = str(self.get_conclusion_display())
        if not self.with_gaps:
            return label
        return gettext("容缺%(what)s（尚缺%(n)d件材料）") % {"what": label, "n": self.with_gaps}

    @property
    def book(self) -> Any:
        """The session's book."""
        return self.session.book

    @property
    def recorded_close(self) -> datetime:
        """The recorded close of an item that has one; ValueError while it is open."""
        if self.closed_at is None:
            raise ValueError(self.pk)
        return self.closed_at

    def open_slots(self) -> "models.QuerySet[Slot]":
        """Return the slots of this item that wait for an outcome."""
        return self.slots.filter(ended_at=None).exclude(state=SlotState.SETTLED)

    def unsettled_conflicts(self) -> dict[int | None, list[int]]:
        """Return the items on which departments contradict each other and nobody has decided: two queries."""
        standing = self.slots.exclude(opinion=None).order_by("pk")
        said = standing.values_list("item_id", "opinion__position", "opinion__pk")
        found = contradictions(Said(*row) for row in said)
        weighed = self.settlements.values_list("item_id", "opinions") if found else ()
        settled = {(item, tuple(opinions)) for item, opinions in weighed}
        return {item: words for item, words in found.items() if (item, tuple(words)) not in settled}
