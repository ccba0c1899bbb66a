"""What a session is planned by: rooms that are taken, days a department cannot come, whom the convenor added."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation
from prereview.models.session import AgendaItem, Session


class RoomHour(models.Model):
    """会议室占用: half an hour of a room of the county's list, taken by one session; a second one is refused here.

    A meeting takes as many rows as it has half hours, so that the same constraint holds on every database.
    """

    room = models.CharField(_("会议室"), max_length=20)
    starts = models.DateTimeField(_("时段"))
    session = models.ForeignKey(Session, models.CASCADE, related_name="hours")

    class Meta:
        verbose_name = verbose_name_plural = _("会议室占用")
        ordering = ("starts", "room")
        constraints = (
            models.UniqueConstraint(fields=["room", "starts"], name="one_session_in_a_room"),
        )

    def __str__(self) -> str:
        return f"{self.room} {self.starts:%Y-%m-%d %H:%M}"


class DayAway(models.Model):
    """不便日期: a day on which a department says beforehand that it cannot come. It guides the planning, no more."""

    department = models.ForeignKey(Organisation, models.PROTECT, related_name="days_away")
    day = models.DateField(_("日期"))
    reason = models.CharField(_("事由"), max_length=120)
    entered_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("不便日期")
        ordering = ("day", "department")
        constraints = (
            models.UniqueConstraint(fields=["department", "day"], name="one_day_away_once"),
        )

    def __str__(self) -> str:
        return f"{self.department} {self.day}"


class AddedDepartment(models.Model):
    """增加的部门: whom the convenor asked beside those of the list, on which filing, and why."""

    agenda = models.ForeignKey(AgendaItem, models.PROTECT, related_name="added")
    department = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    reason = models.CharField(_("理由"), max_length=300)
    added_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("增加时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("增加的部门")
        ordering = ("agenda", "department")
        constraints = (models.UniqueConstraint(fields=["agenda", "department"], name="added_once"),)

    def __str__(self) -> str:
        return f"{self.agenda} + {self.department}"


class Question(models.Model):
    """会前提问: what a department asks the convenor before the session. No clock stops for it and none starts."""

    invitation = models.ForeignKey("prereview.Invitation", models.PROTECT, related_name="questions")
    text = models.CharField(_("问题"), max_length=500)
    asked_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("提问时间"))
    answer = models.CharField(_("答复"), max_length=1000, blank=True)
    answered_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    to_all = models.BooleanField(_("答复全部部门"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("会前提问")
        ordering = ("asked_at", "pk")

    def __str__(self) -> str:
        return self.text

    @property
    def book(self) -> object:
        """The session's book."""
        return self.invitation.session.book

    @property
    def book_id(self) -> int:
        """The key of the session's book."""
        return self.invitation.book_id
