"""日历订阅: the secret address under which one person's calendar program reads their sessions."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership


class CalendarFeed(models.Model):
    """日历订阅: an address that its holder drew; of its secret the digest is kept, and also once it is withdrawn.

    So a program that still asks under an old address is told apart from one that guesses.
    """

    holder = models.ForeignKey(Membership, models.PROTECT, related_name="calendar_feeds")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    drawn_at = models.DateTimeField(_("生成时间"))
    withdrawn_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    address = ""  # the whole address, on the row that was drawn just now and on no other

    class Meta:
        verbose_name = verbose_name_plural = _("日历订阅")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["holder"],
                condition=Q(withdrawn_at=None),
                name="one_calendar_feed_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("drawn_at")),
                name="calendar_feed_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return str(self.holder)
