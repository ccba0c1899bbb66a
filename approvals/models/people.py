"""Who acts in a case beside the enterprise's own people, who is responsible for it, and what came on paper."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation
from accounts.stages import Role
from approvals.models.filing import Filing
from approvals.stages import DraftPart, PaperState, PaperStep, Power, Side
from core.documents.models import Attachment

if TYPE_CHECKING:
    from core.ledger.models import Book


class AuthorityQuerySet(models.QuerySet["Authority"]):
    """Authorities by whose they are and on which day they hold."""

    def of(self, by: Membership) -> "AuthorityQuerySet":
        """Those of one agent, in the office in which they were named."""
        return self.filter(agent_id=by.pk)

    def covering(self, filing: Filing) -> "AuthorityQuerySet":
        """Those for a filing: given for it alone, or for all filings of its enterprise."""
        return self.filter(Q(filing=filing) | Q(enterprise_id=filing.enterprise_id))

    def seen_by(self, by: Membership) -> "AuthorityQuerySet":
        """Those of the filings a person may see; those for all filings: the two parties', and who keeps the files."""
        cases = Filing.objects.visible_to(by).order_by().values("pk")
        if by.role in (Role.WINDOW, Role.CONVENOR, Role.SUPERVISOR, Role.ADMINISTRATOR):
            general = Q(enterprise__isnull=False)
        elif by.role == Role.ENTERPRISE:
            general = Q(enterprise_id=by.organisation_id) | Q(enterprise__isnull=False, agent=by)
        else:  # a department hears of it in each case
            general = Q(pk__in=())
        return self.filter(Q(filing__in=cases) | general)

    def on(self, day: date) -> "AuthorityQuerySet":
        """Those that hold on a day: begun, not past their last day, not ended before it."""
        return self.filter(valid_from__lte=day, valid_to__gte=day, ended_at=None)


class Authority(models.Model):
    """代办授权: a person of another organisation acts for the enterprise from a day to a day.

    In one `filing`, or in all filings of an `enterprise`, those to come as well: one of the two is set. What was
    granted is never changed; it can be ended early, once, with a reason.
    """

    filing = models.ForeignKey(
        Filing, models.PROTECT, null=True, blank=True, related_name="authorities"
    )
    enterprise = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="authorities",
        verbose_name=_("授权企业（全部申报件）"),
    )  # fmt: skip
    agent = models.ForeignKey(
        Membership, models.PROTECT, related_name="authorities", verbose_name=_("代办人")
    )
    valid_from = models.DateField(_("授权起始日"))
    valid_to = models.DateField(_("授权截止日"))
    may_fill = models.BooleanField(Power.FILL.label, default=True)
    may_receive = models.BooleanField(Power.RECEIVE.label, default=False)
    may_sign = models.BooleanField(Power.SIGN.label, default=False)
    scan = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("授权委托书"),
    )  # fmt: skip
    granted_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(_("授权时间"))
    ended_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(_("终止时间"), null=True, blank=True)
    ended_because = models.CharField(_("终止理由"), max_length=300, blank=True)

    objects = AuthorityQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("代办授权")
        ordering = ("filing", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(filing__isnull=False, enterprise=None)
                | Q(filing=None, enterprise__isnull=False),
                name="authority_is_for_one_filing_or_all",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")), name="authority_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(may_fill=True) | Q(may_receive=True) | Q(may_sign=True),
                name="authority_is_for_something",
            ),
            models.CheckConstraint(
                condition=Q(may_sign=False) | Q(scan__isnull=False),
                name="signing_rests_on_a_power_of_attorney",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, ended_because="")
                | Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_because=""),
                name="authority_ends_with_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.agent.user} · {self.agent.organisation}"

    @property
    def principal(self) -> Organisation:
        """The enterprise that gave it."""
        given_by = self.filing.enterprise if self.filing else self.enterprise
        assert given_by is not None  # one of the two is set
        return given_by

    @property
    def scope_text(self) -> str:
        """For what it was given, in words."""
        return str(self.filing) if self.filing else gettext("全部申报件，含以后申报的")

    @property
    def powers(self) -> frozenset[str]:
        """What the agent may do while it holds."""
        return frozenset(power for power in Power.values if getattr(self, f"may_{power}"))

    @property
    def powers_text(self) -> str:
        """What the agent may do, in words."""
        return gettext("、").join(str(Power(p).label) for p in Power.values if p in self.powers)

    def holds(self, at: datetime) -> bool:
        """Whether the agent may act at an instant."""
        return self.ended_at is None and self.valid_from <= timezone.localdate(at) <= self.valid_to


class HandOver(models.Model):
    """移交: who is responsible for a case on one side, from then on; rows are written once."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="hand_overs")
    side = models.CharField(_("哪一方"), max_length=12, choices=Side.choices)
    giver = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("移交人"),
    )  # fmt: skip
    receiver = models.ForeignKey(
        Membership, models.PROTECT, related_name="+", verbose_name=_("接手人")
    )
    reason = models.CharField(_("移交原因"), max_length=300)
    handed_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    handed_at = models.DateTimeField(_("移交时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("移交")
        ordering = ("filing", "pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(giver=F("receiver")), name="nobody_hands_over_to_themselves"
            ),
        )

    def __str__(self) -> str:
        return f"{self.giver or '—'} → {self.receiver}"

    def reason_for(self, by: Membership) -> str:
        """Return why, for a reader of the same side; the other side learns that it was handed over."""
        own = (by.role == Role.ENTERPRISE) == (self.side == Side.ENTERPRISE)
        return self.reason if own else ""


class DraftEdit(models.Model):
    """草稿的一次修改: who changed which answers to what; by it a page that was opened before is known to be stale."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="edits")
    number = models.PositiveIntegerField(_("序号"))
    part = models.CharField(_("哪一部分"), max_length=10, choices=DraftPart.choices)
    by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("修改时间"))
    changes = models.JSONField(_("改了什么"), default=dict)

    class Meta:
        verbose_name = verbose_name_plural = _("草稿修改")
        ordering = ("filing", "number")
        constraints = (
            models.UniqueConstraint(fields=["filing", "number"], name="one_edit_per_number"),
        )

    def __str__(self) -> str:
        return f"{self.filing_id}/{self.number}"


class PaperIntake(models.Model):
    """纸质收件: papers that came to the counter, with the time on them entered by hand; a second person confirms it."""

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="paper_intakes")
    step = models.CharField(_("办理事项"), max_length=20, choices=PaperStep.choices)
    paper_at = models.DateTimeField(_("纸质材料交到窗口的时间"))
    bearer = models.CharField(_("交件人"), max_length=60)
    materials = models.JSONField(_("交来的材料"), default=list)
    scan = models.ForeignKey(
        Attachment, models.PROTECT, related_name="+", verbose_name=_("凭证扫描件")
    )
    state = models.CharField(
        _("状态"), max_length=10, choices=PaperState.choices, default=PaperState.ENTERED
    )
    entered_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(_("登记时间"))
    decided_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    reason = models.CharField(_("不予确认或者收回的理由"), max_length=300, blank=True)
    # Other filings of the same project code, as the entry found them: told to whoever compares.
    doubles = models.JSONField(_("同一项目代码的申报件"), default=list, blank=True)
    # From when the limits run: the time on the paper, or the confirmation where silence would have decided before it.
    counted_from = models.DateTimeField(_("期限起算"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("纸质收件")
        ordering = ("filing", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(paper_at__lte=F("entered_at")), name="paper_is_not_of_the_future"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("entered_by")),
                name="paper_has_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(state=PaperState.ENTERED, decided_by=None, counted_from=None)
                | Q(
                    state=PaperState.CONFIRMED, decided_by__isnull=False, counted_from__isnull=False
                )
                | Q(state=PaperState.REFUSED, decided_by__isnull=False) & ~Q(reason="")
                | Q(state=PaperState.TAKEN_BACK, decided_by=None, counted_from=None)
                & ~Q(reason=""),
                name="paper_is_confirmed_or_refused_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["filing"], condition=Q(state=PaperState.ENTERED), name="one_paper_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_step_display()} {self.paper_at:%Y-%m-%d %H:%M}"

    def typists(self) -> set[int]:
        """Return the users who typed the application from its paper: none of them compares it; of papers nobody."""
        if self.step != PaperStep.FILING:
            return set()
        return set(self.filing.edits.order_by().values_list("by__user", flat=True))

    @property
    def counted_late(self) -> bool:
        """Whether the limits run from the confirmation: by the paper, silence would have decided too soon."""
        return self.counted_from is not None and self.counted_from == self.decided_at

    @property
    def after_hours(self) -> bool:
        """Whether it came when the counter had closed, and counts from its next opening."""
        return self.counted_from not in (None, self.paper_at) and not self.counted_late

    @property
    def book(self) -> "Book":
        """The filing's book."""
        return self.filing.book
