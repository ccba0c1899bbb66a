"""The book, which is lock, clock and chain of a case, and the entries of its ledger (台账)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership

GENESIS = "0" * 64


class Book(models.Model):
    """One per filing, per joint session and for the county; whoever acts on a case holds its row lock."""

    code = models.CharField(_("账簿"), max_length=60, unique=True)
    sequence = models.PositiveBigIntegerField(_("末条序号"), default=0)
    head = models.CharField(_("末条摘要"), max_length=64, default=GENESIS)
    next_due = models.DateTimeField(_("下次巡查"), null=True, blank=True)
    # the oldest calendar edition by which one of its limits was counted: behind the newest, they are counted anew
    counted_by = models.PositiveIntegerField(_("日历版次"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("账簿")
        indexes = (
            models.Index(
                fields=["next_due"], condition=Q(next_due__isnull=False), name="book_next_due"
            ),
            models.Index(
                fields=["counted_by"], condition=Q(counted_by__isnull=False), name="book_counted_by"
            ),
        )

    def __str__(self) -> str:
        return self.code


class Entry(models.Model):
    """One act: who, what, when it happened, when it was written, and the digest that binds it to all before."""

    book = models.ForeignKey(Book, models.PROTECT, related_name="entries")
    sequence = models.PositiveBigIntegerField(_("序号"))
    act = models.CharField(_("行为"), max_length=60)
    actor = models.ForeignKey(
        Membership, models.PROTECT, related_name="+", verbose_name=_("行为人")
    )
    event_at = models.DateTimeField(_("发生时间"))
    entered_at = models.DateTimeField(_("记录时间"))
    payload = models.TextField(_("内容"))
    previous = models.CharField(_("前条摘要"), max_length=64)
    digest = models.CharField(_("摘要"), max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = _("台账条目")
        ordering = ("book", "sequence")
        constraints = (
            models.UniqueConstraint(fields=["book", "sequence"], name="one_entry_per_place"),
        )

    def __str__(self) -> str:
        return f"{self.book_id}/{self.sequence} {self.act}"
