"""申报件: one investment project in the mechanism; its life fits on one screen."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation
from accounts.queries import people_of
from accounts.services import system_actor
from approvals.models import asking
from approvals.models.catalogue import CatalogueEdition
from approvals.models.limits import StageLimit
from approvals.models.project import Project
from approvals.models.seeing import FilingQuerySet
from approvals.models.way import Way
from approvals.rules import limits
from approvals.stages import ENDS, GAP_OVER, STEP_OF, Approval, GapState, MaterialState, Stage
from core import clock
from core.deadlines.models import RulebookEdition
from core.deadlines.rules import Rule
from core.deadlines.services import end, start
from core.ledger.services import record


def new_public_id() -> str:
    """Return the name of a case in addresses: nobody counts cases by it."""
    return secrets.token_hex(6)


def new_query_code() -> str:
    """Return the code by which an enterprise follows its case without an account."""
    return "".join(secrets.choice("23456789ABCDEFGHJKLMNPQRTUWXY") for _place in range(8))


def nothing_answered() -> list[str]:
    """Return the mark of a questionnaire nobody has opened."""
    return ["*"]


class Filing(Project, Way):
    """申报件: what an enterprise files once, from draft to 办结."""

    read_beside = ("enterprise", "rulebook")

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    query_code = models.CharField(_("查询码"), max_length=8, default=new_query_code, editable=False)
    enterprise = models.ForeignKey(Organisation, models.PROTECT, related_name="filings")
    created_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")

    answers = models.JSONField(_("问卷"), default=dict, blank=True)
    unanswered = models.JSONField(_("未答问题"), default=nothing_answered, blank=True)
    catalogue = models.ForeignKey(
        CatalogueEdition, models.PROTECT, null=True, blank=True, related_name="+"
    )
    rulebook = models.ForeignKey(
        RulebookEdition, models.PROTECT, null=True, blank=True, related_name="+"
    )

    submitted_at = models.DateTimeField(_("申报时间"), null=True, blank=True)
    eligible_at = models.DateTimeField(_("适用决定时间"), null=True, blank=True)
    served_at = models.DateTimeField(_("告知书送达"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("告知书签收"), null=True, blank=True)
    received_at = models.DateTimeField(_("收件时间"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("受理时间"), null=True, blank=True)
    suspended_at = models.DateTimeField(_("中止时间"), null=True, blank=True)
    concluded_at = models.DateTimeField(_("预审结论时间"), null=True, blank=True)
    cleared_at = models.DateTimeField(_("公示期满时间"), null=True, blank=True)
    start_notified_at = models.DateTimeField(_("开工告知时间"), null=True, blank=True)
    started_at = models.DateTimeField(_("开工报告时间"), null=True, blank=True)
    stopped_at = models.DateTimeField(_("停工时间"), null=True, blank=True)
    completed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    demonstration = models.BooleanField(_("示例数据"), default=False)
    on_paper = models.BooleanField(_("纸质申报"), default=False)  # the window types it

    objects = FilingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("申报件")
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(stage__in=Stage.values), name="filing_stage_is_known"
            ),
            models.UniqueConstraint(
                fields=["number"], condition=~Q(number=""), name="one_filing_per_number"
            ),
        )

    def __str__(self) -> str:
        return self.project_name or str(_("未命名项目"))

    # — clock and facts ————————————————————————————————————————————————————————

    def wrong_stage(self, name: str) -> str:
        """Say in the user's words that a step does not leave the present stage."""
        label = next(iter(getattr(type(self), name)._django_fsm.transitions.values())).custom[
            "label"
        ]
        return _("当前阶段是“%(stage)s”，不能办理“%(step)s”。") % {
            "stage": self.get_stage_display(),
            "step": label,
        }

    def on_the_clock(self, *, came_from: str, by: Membership, at: datetime) -> None:
        """End the limits of the stage that was left and start those of the one that was entered."""
        self.stage_since = at
        going_on = set()
        for limit in asking.limits_of_stage(self.pk):
            limit.filing = self
            if self.stage in limits.GOES_ON.get(limit.rule, ()):
                going_on.add(limit.rule)
            else:
                end(limit, at=at)
        if self.stage == Stage.SUBMITTED and self.enterprise.licence_confirmed_at is None:
            return  # the first submission counts from the licence's confirmation
        for rule in self.begun_with_stage(at):
            if rule.code not in going_on:
                start(StageLimit(filing=self, book=self.book), rule, at=at, rulebook=self.rulebook)
        if self.ended:
            self.stop_clocks(at)

    def begun_with_stage(self, at: datetime) -> tuple[Rule, ...]:
        """Return whose limits begin with the present stage; none against an enterprise that nothing can be served on.

        What falls on an enterprise without an account begins when it has fetched the paper at the counter (窗口领取).
        """
        found = limits.BY_STAGE.get(Stage(self.stage), ())
        if not self.unreached(at):
            return found
        return tuple(r for r in found if limits.SORTS.get(r.code) != limits.LimitSort.ENTERPRISE)

    def unreached(self, at: datetime) -> bool:
        """Whether it was filed on paper by an enterprise nobody acts for in the system on the day."""
        if not self.on_paper:
            return False
        if self.not_yet_theirs:
            return True
        people = people_of([self.enterprise_id], timezone.localdate(at))
        return not people.filter(user__is_active=True).exists()

    @property
    def not_yet_theirs(self) -> bool:
        """Whether it came on paper and nobody has seen by the licence whose account bears the enterprise's code."""
        return self.on_paper and self.enterprise.licence_confirmed_at is None

    def cannot_sign(self, limit: StageLimit) -> bool:
        """Whether nobody could be reached on the last day of a limit to sign; the letter is signed online alone."""
        signing = (limits.SIGN.code, limits.SIGN_AFTER_REMINDER.code)
        return limit.rule in signing and self.unreached(
            limit.expires_at - timedelta(microseconds=1)
        )

    def spared(self, limit: StageLimit) -> bool:
        """Whether the silence of a limit decides nothing, by what was on record at its end."""
        held = limits.HELD_BACK.get(limit.rule, ())
        return self.cannot_sign(limit) or any(holds(self, limit.expires_at) for holds in held)

    def stop_clocks(self, at: datetime) -> None:
        """End every limit of a case that has left the road, its items' and its gaps' too."""
        for limit in [*self.limits.filter(ended_at=None), *self.gaps.filter(ended_at=None)]:
            end(limit, at=at)
        for item in self.items.filter(conditional=True):
            # 解除条件成就: what was decided against a promise lapses with a case that can no longer keep it.
            item.approval, item.conditional = Approval.LAPSED, False
            item.save(update_fields=["approval", "conditional"])
            record(self.book, "approval_lapsed", by=system_actor(), at=at, item=item.code)

    @property
    def stage_said(self) -> str:
        """The stage as a person reads it: what silence has accepted is never called accepted."""
        deemed = self.stage == Stage.ACCEPTED and self.accepted_by_silence
        return str(_("视为受理")) if deemed else str(self.get_stage_display())

    def overtaken(self, name: str, at: datetime) -> list[str]:
        """Say that the limit has passed and its silence has decided; the outcome never waits for a sweep."""
        rules = limits.OVERTAKEN_BY.get(name)
        if not rules:
            return []
        codes = tuple(rule.code for rule in rules)
        late = [limit for limit in asking.running_limits(self.pk, codes) if limit.late(at)]
        passed = {limit.rule for limit in late if not self.spared(limit)}
        passed |= {gap.rule for gap in asking.running_gaps(self.pk, codes) if gap.broken(at)}
        return [
            _("“%(limit)s”的期限已经届满：%(what)s。")
            % {"limit": rule.name, "what": rule.silence.label}
            for rule in rules
            if rule.code in passed
        ]

    @property
    def pinned_rulebook(self) -> RulebookEdition:
        """The rulebook edition in force when the filing was submitted; ValueError for a draft."""
        if known := self._state.fields_cache.get("rulebook"):
            return known  # type: ignore[no-any-return]
        if self.rulebook_id is not None and not type(self).rulebook.is_cached(self):
            self.rulebook = asking.RULEBOOK.get(self.rulebook_id)
        if self.rulebook is None:
            raise ValueError(self.pk)
        return self.rulebook

    @property
    def pinned_catalogue(self) -> CatalogueEdition:
        """The catalogue edition in force when the filing was submitted; ValueError for a draft."""
        if self.catalogue is None:
            raise ValueError(self.pk)
        return self.catalogue

    @property
    def step(self) -> int:
        """The step of the strip, 1–11; 0 when the case has left the road."""
        return STEP_OF.get(Stage(self.stage), 0)

    @property
    def ended(self) -> bool:
        """Whether nothing more is done: the case has left the road, or has come to its end."""
        return self.stage in (*ENDS, Stage.COMPLETED)

    def concerns(self, organisation_id: int) -> bool:
        """Whether an item of the list belongs to an organisation, as lead or beside it, or a clause is its to check."""
        read = getattr(self, "_prefetched_objects_cache", {}).get(
            "items", ()
        )  # a page has the list already
        if any(item.department_id == organisation_id for item in read):
            return True
        return bool(asking.concerned(self.pk, organisation_id))

    def powers_of(self, by: Membership) -> frozenset[str]:
        """Return what an agent may do as of the act in hand; asked anew in every act, once for a page."""
        if self.not_yet_theirs:
            return frozenset()
        at = clock.judged()
        known = self.__dict__.setdefault("_powers", {})
        if clock.in_act() or (by.pk, at) not in known:
            held = apps.get_model("approvals", "Authority").objects.covering(self).of(by)
            held = held.on(timezone.localdate(at))
            known[by.pk, at] = frozenset(p for one in held for p in one.powers)
        return known[by.pk, at]

    def open_questions(self) -> list[str]:
        """Return the questions that apply and have no answer."""
        return list(self.unanswered)

    def intake_open(self) -> models.QuerySet[Any]:
        """Return the materials needed at filing that are neither accepted nor a promised gap."""
        return self.materials.intake().exclude(
            state__in=(MaterialState.ACCEPTED, MaterialState.GAP)
        )

    def still_running(self, *rules: Rule) -> list[StageLimit]:
        """Return the limits of some rules that still run."""
        found = asking.running_limits(self.pk, tuple(rule.code for rule in rules))
        for limit in found:
            limit.filing = self
        return found

    def letter(self) -> Any:
        """Return the present commitment letter, if one was offered."""
        for letter in asking.present_letter(self.pk):
            letter.filing = self
            return letter
        return None

    def gate_missing(self) -> list[dict[str, str]]:
        """Return what keeps the start gate shut, each with whose move it is."""
        enterprise = str(_("企业"))
        shut = [
            (str(item), item.department.label, reason)
            for item in self.items.select_related("item", "department")
            if (reason := item.keeps_gate_shut())
        ]
        shut += [
            (str(gap.material), enterprise, str(_("容缺材料尚未补齐")))
            for gap in self.gaps.exclude(state__in=GAP_OVER).select_related("material")
        ]
        shut += [
            (
                change.text,
                change.checked_by if change.waits_for_check else enterprise,
                str(_("预审要求的修改尚未核对完成")),
            )
            for change in self.changes.filter(done_at=None).select_related("item__department")
        ]
        return [{"subject": what, "whose": whose, "reason": why} for what, whose, why in shut]

    @property
    def tolerated(self) -> bool:
        """Whether a paper was promised and is still wanted, or has come since."""
        return self.gaps.exclude(state=GapState.DROPPED).exists()

    def approvals_owed(self) -> models.QuerySet[Any]:
        """Return the items whose statutory approval is still owed."""
        return self.items.filter(approval=Approval.OWED).exclude(applies=False)
