"""Calendar and rulebook in editions, and the abstract row of everything that is timed."""

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.deadlines.rules import RULES, Rule, Silence
from core.ledger.models import Book


class Unit(models.TextChoices):
    """Units in which a limit counts."""

    WORKING_DAY = "working_day", _("工作日")
    NATURAL_DAY = "natural_day", _("自然日")
    MONTH = "month", _("个月")


class EditionKind(models.TextChoices):
    """What made an edition of the calendar known."""

    NOTICE = "notice", _("国务院办公厅通知")
    CLOSURE = "closure", _("县级停办")
    REOPENING = "reopening", _("撤销停办")


class CalendarEdition(models.Model):
    """The working days as they were known from a day on; never changed once loaded.

    `reason` and `attachment` are the county's own decision and its paper, or the file that a notice came in.
    """

    number = models.PositiveIntegerField(_("版次"), unique=True)
    kind = models.CharField(
        _("来由"), max_length=10, choices=EditionKind.choices, default=EditionKind.NOTICE
    )
    known_from = models.DateField(_("发布日"))
    first_day = models.DateField(_("起"))
    last_day = models.DateField(_("止"))
    notices = models.JSONField(_("依据通知"), default=list)
    digest = models.CharField(_("摘要"), max_length=64, unique=True)
    reason = models.CharField(_("事由"), max_length=300, blank=True)
    attachment = models.ForeignKey(
        "documents.Attachment", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("附件"),
    )  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = _("日历版次")
        ordering = ("number",)

    def __str__(self) -> str:
        return _("%(number)s（%(day)s）") % {"number": self.number, "day": self.known_from}


class CalendarDay(models.Model):
    """A day that differs from its weekday: off, a make-up working day (调休), or shut by the county (停办)."""

    edition = models.ForeignKey(CalendarEdition, models.PROTECT, related_name="days")
    date = models.DateField(_("日期"))
    kind = models.CharField(
        _("类别"),
        max_length=4,
        choices=[("off", _("放假")), ("work", _("上班")), ("shut", _("停办"))],
    )
    name = models.CharField(_("名称"), max_length=40)
    notice = models.CharField(_("通知"), max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = _("日历日")
        ordering = ("edition", "date")
        constraints = (
            models.UniqueConstraint(
                fields=["edition", "date"], condition=~Q(kind="shut"), name="one_mark_per_day"
            ),
            models.UniqueConstraint(
                fields=["edition", "date"], condition=Q(kind="shut"), name="one_closure_per_day"
            ),
        )

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class RulebookEdition(models.Model):
    """The county's numbers as they are in force from a day on; never changed once loaded."""

    number = models.PositiveIntegerField(_("版次"), unique=True)
    in_force_from = models.DateField(_("施行日"))
    source = models.CharField(_("来源"), max_length=200)
    digest = models.CharField(_("摘要"), max_length=64, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = _("规则版次")
        ordering = ("number",)

    def __str__(self) -> str:
        return _("%(number)s（%(day)s）") % {"number": self.number, "day": self.in_force_from}


class RuleValue(models.Model):
    """One row of a rulebook: a number with its unit, start, bound, legal basis and certainty."""

    edition = models.ForeignKey(RulebookEdition, models.PROTECT, related_name="values")
    code = models.CharField(_("编号"), max_length=8)
    group = models.CharField(_("分组"), max_length=20)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=120)
    value = models.CharField(_("数值"), max_length=40)
    unit = models.CharField(_("单位"), max_length=16)
    starts_at = models.CharField(_("起算"), max_length=60)
    bound = models.CharField(_("界限"), max_length=8, blank=True)
    basis = models.CharField(_("依据"), max_length=120)
    certainty = models.CharField(_("可信度"), max_length=1)
    configurable = models.BooleanField(_("县可调整"), default=True)
    note = models.TextField(_("说明"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("规则")
        ordering = ("edition", "pk")
        constraints = (
            models.UniqueConstraint(fields=["edition", "code"], name="one_value_per_rule"),
            models.CheckConstraint(condition=~Q(basis=""), name="rule_has_basis"),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


FIRST_LOOK = timedelta(days=1)  # longer than any grace, shorter than any later look


class Timed(models.Model):
    """What every running limit has. `due_at` is the last instant one may act; 24:00 is the midnight after.

    `act_at` is when the sweep must look at the row next; None: never. A provisional row runs into days that
    no calendar has published: it has no date and is never swept; nor has one whose clock stands still. `length` is
    the budget as it began; `interrupted` says that suspensions or an extension belong to this run of the row.
    """

    book = models.ForeignKey(Book, models.PROTECT, related_name="+")
    rule = models.CharField(_("时限"), max_length=8)
    started_at = models.DateTimeField(_("起算"), null=True, blank=True)
    length = models.PositiveSmallIntegerField(_("长度"), null=True, blank=True)
    unit = models.CharField(
        _("单位"), max_length=12, choices=Unit.choices, default=Unit.WORKING_DAY
    )
    due_at = models.DateTimeField(_("到期"), null=True, blank=True)
    provisional = models.BooleanField(_("日历未公布"), default=False)
    calendar = models.ForeignKey(
        CalendarEdition,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("日历版次"),
    )
    ended_at = models.DateTimeField(_("结束"), null=True, blank=True)
    act_at = models.DateTimeField(_("下次处理"), null=True, blank=True)
    interrupted = models.BooleanField(_("有中止或者延期"), default=False)

    class Meta:
        abstract = True
        indexes = (
            models.Index(
                fields=["book", "act_at"],
                condition=Q(act_at__isnull=False),
                name="%(app_label)s_%(class)s_act",
            ),
        )

    fixed = False  # whether its end was published as a date, which no later calendar moves
    swept_with: tuple[
        str, ...
    ] = ()  # what its silence asks of other rows, read with it in one statement
    called_by: tuple[str, ...] = ()  # the rows beside it that its name is taken from

    @property
    def untouched(self) -> bool:
        """Whether nothing has come of its silence yet: the sweep's next look at it is the first after its end."""
        if self.due_at is None or self.act_at is None:
            return False
        return self.due_at <= self.act_at < self.due_at + FIRST_LOOK

    @property
    def kept_by(self) -> int | None:
        """The department whose own limit it is, which may stop it and whose head may lengthen it; None: nobody's."""
        return None

    @property
    def extension_rule(self) -> str:
        """The row of the rulebook with the most days that may be added at a time; "": none may."""
        return self.declared.extension

    def why_not_stopped(self, at: datetime) -> list[str]:
        """Return what stands against stopping this kind of row, beyond what holds for every limit."""
        return []

    @property
    def declared(self) -> Rule:
        """The rule this limit runs under."""
        return RULES[self.rule]

    @property
    def called(self) -> Any:
        """What people call this limit: its rule's name, with what it is about where a case has several of a rule."""
        return self.declared.name

    @property
    def silence(self) -> Silence:
        """What silence means here: the rule's word, unless the row knows better."""
        return self.declared.silence

    @property
    def in_silence(self) -> str:
        """What follows where nothing is done, in words; "" where it is what the kind of silence always means."""
        return ""

    @property
    def expires_at(self) -> datetime:
        """The due instant of a limit that has one; ValueError while it is provisional."""
        if self.due_at is None:
            message = f"{self.rule} is provisional and has no date"
            raise ValueError(message)
        return self.due_at

    @property
    def begun_at(self) -> datetime:
        """The instant a limit that has been started counts from; ValueError before that."""
        if self.started_at is None:
            message = f"{self.rule} has not been started"
            raise ValueError(message)
        return self.started_at

    @property
    def running(self) -> bool:
        """Whether the limit has begun and nobody has ended it."""
        return self.started_at is not None and self.ended_at is None

    @property
    def suspended(self) -> bool:
        """Whether its clock stands still: it runs, and has no date although its calendar is there."""
        return self.interrupted and self.running and self.due_at is None and not self.provisional

    def late(self, at: datetime) -> bool:
        """Whether an act at this instant comes after the limit; the limit itself is still in time."""
        return self.due_at is not None and at > self.due_at


def timed_models() -> list[type[Any]]:
    """Every concrete model that inherits Timed: what the sweep has to look at."""

    def below(model: type[Any]) -> list[type[Any]]:
        found = []
        for child in model.__subclasses__():
            found += below(child) if child._meta.abstract else [child]
        return found

    return below(Timed)
