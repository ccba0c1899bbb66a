"""The book (lock, clock and chain of a case), the entries of its ledger (台账), the checkpoints over all books."""

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
        # A paper prints its own place in the ledger: found among the papers of its book, not among all that happened.
        indexes = (
            models.Index(
                fields=["book", "sequence"],
                condition=Q(act="issue_paper"),
                name="papers_issued_in_book",
            ),
        )

    def __str__(self) -> str:
        return f"{self.book_id}/{self.sequence} {self.act}"


class CheckpointKey(models.Model):
    """A key that signs checkpoints, from its announcement until the next is announced; old ones stay on the list."""

    name = models.CharField(_("名称"), max_length=120)
    public = models.CharField(_("公钥"), max_length=44)  # 32 bytes in base64
    announced_at = models.DateTimeField(_("启用时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("检查点密钥")
        constraints = (models.UniqueConstraint(fields=["public"], name="checkpoint_key_once"),)

    def __str__(self) -> str:
        return f"{self.name} {self.public[:8]}"


class Span(models.Model):
    """A run of entries of one book in the order of the log: where it starts there, and its last entry's digest.

    It names its book by the code and not by the row: what a checkpoint has covered stays said when a row is gone.
    """

    start = models.PositiveBigIntegerField(_("起始位置"), unique=True)
    code = models.CharField(_("账簿"), max_length=60)
    first = models.PositiveBigIntegerField(_("首条序号"))
    last = models.PositiveBigIntegerField(_("末条序号"))
    head = models.CharField(_("末条摘要"), max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = _("检查点所含条目")
        ordering = ("start",)
        constraints = (models.UniqueConstraint(fields=["code", "last"], name="span_once"),)

    def __str__(self) -> str:
        return f"{self.code} {self.first}-{self.last}"


class Checkpoint(models.Model):
    """A signed statement of the whole ledger: how many entries, the root of their tree, and the text as published."""

    number = models.PositiveBigIntegerField(_("检查点编号"), unique=True)
    size = models.PositiveBigIntegerField(_("条目数"))
    root = models.CharField(_("根摘要"), max_length=64)
    peaks = models.TextField(
        _("子树摘要"), blank=True
    )  # hex, parted by blanks: from them the tree grows on
    text = models.TextField(_("原文"))
    made_at = models.DateTimeField(_("生成时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("检查点")
        ordering = ("-number",)

    def __str__(self) -> str:
        return f"{self.number}"
