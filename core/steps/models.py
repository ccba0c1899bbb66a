"""What every case that moves through stages has, what was answered once, and how a paper was signed and sealed."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import ConcurrentTransitionMixin, FSMModelMixin, Transition

from accounts.models import Membership
from core.documents.models import Attachment, Paper
from core.ledger.models import Book
from core.steps.stages import Method, SealState


class SafeRefresh(FSMModelMixin):
    """Reload a row without lifting the protection of its stage for the whole process.

    The library's own method switches `protected` off on the shared field object while it reloads: two
    threads then collide, and a vanished row leaves the protection off for good. Here the protected values
    leave this instance's dictionary instead, and come back if the reload fails.
    """

    def _get_protected_fsm_fields(self) -> set[str]:
        return set()

    def get_deferred_fields(self) -> set[str]:
        """Leave protected fields out: they count as loaded, so a reload fetches them with all others."""
        return super().get_deferred_fields() - set(self._protected())

    def _protected(self) -> list[str]:
        return [f.attname for f in self._meta.concrete_fields if getattr(f, "protected", False)]

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Reload the row; on an error the instance is as it was."""
        kept = {
            name: self.__dict__.pop(name) for name in self._protected() if name in self.__dict__
        }
        try:
            super().refresh_from_db(*args, **kwargs)
        except BaseException:
            self.__dict__.update(kept)
            raise
        for name, value in kept.items():
            self.__dict__.setdefault(name, value)


class Stepped(SafeRefresh, ConcurrentTransitionMixin, models.Model):
    """A case with a stage; its stage changes through `core.steps.moves.move` and nowhere else."""

    # What nearly every act on a case asks of it: read with it, in one statement, when its book is locked.
    read_beside: tuple[str, ...] = ()

    book = models.OneToOneField(Book, models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    def transition_named(self, name: str) -> Transition | None:
        """Return the transition of this name that leaves the present stage, if there is one."""
        return getattr(type(self), name)._django_fsm.get_transition(self.stage)

    def why_not(self, name: str) -> list[str]:
        """Return the sentences that stand against a step now; an empty list means nothing does."""
        found = self.transition_named(name)
        if found is None:
            return [str(self.wrong_stage(name))]
        return [str(check.reason) for check in found.conditions if not check(self)]

    def overtaken(self, name: str, at: datetime) -> list[str]:
        """Return why a step comes too late at an instant: a limit has passed and its silence has decided."""
        return []

    def wrong_stage(self, name: str) -> str:
        """Return the sentence for a step that does not leave the present stage."""
        raise NotImplementedError


class Answered(models.Model):
    """已答复的请求: what was answered under a key; sent again, the request is answered with it and does nothing.

    The row is written in the transaction of the act: it is there with the act, or neither is.
    """

    who = models.CharField(max_length=24)
    key = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.JSONField(null=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = _("已答复的请求")
        constraints = (models.UniqueConstraint(fields=["who", "key"], name="one_answer_per_key"),)

    def __str__(self) -> str:
        return f"{self.who} {self.key}"


class Seal(models.Model):
    """签章: how a paper was signed or sealed: a scan that a second person compared, or a file signed by certificate.

    The frozen paper stays as it is; this is a further version of it, with a digest of its own in the ledger.
    """

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="seals")
    method = models.CharField(_("签章方式"), max_length=8, choices=Method.choices)
    state = models.CharField(_("状态"), max_length=8, choices=SealState.choices)
    over_sha256 = models.CharField(_("所签文书的文件摘要"), max_length=64)
    sha256 = models.CharField(_("签章件摘要"), max_length=64, db_index=True)
    pages = models.PositiveIntegerField(_("页数"))
    scan = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True, related_name="+")
    file = models.FileField(_("文件"), max_length=200, blank=True)
    made_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("办理时间"))
    decided_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("核验时间"), null=True, blank=True)
    reason = models.CharField(_("不予确认的理由"), max_length=300, blank=True)
    signer = models.CharField(_("签名人"), max_length=200, blank=True)
    issuer = models.CharField(_("证书签发者"), max_length=200, blank=True)
    certificate = models.CharField(_("证书指纹（SHA-256）"), max_length=64, blank=True)
    revocation = models.BooleanField(_("已核对吊销列表"), default=False)
    stamped_at = models.DateTimeField(_("时间戳"), null=True, blank=True)
    stamped_by = models.CharField(_("时间戳服务"), max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("签章")
        ordering = ("pk",)
        constraints = (
            # Twice, or by two at once: one of a kind stands or waits.
            models.UniqueConstraint(
                fields=["paper", "method"],
                condition=~models.Q(state=SealState.REFUSED),
                name="one_seal_of_a_kind",
            ),
            # One scan is of one paper, also for two people who hand it in for two papers at the same moment.
            models.UniqueConstraint(
                fields=["sha256"],
                condition=models.Q(method=Method.SCAN) & ~models.Q(state=SealState.REFUSED),
                name="a_scan_is_of_one_paper",
            ),
            models.CheckConstraint(
                condition=models.Q(state=SealState.WAITING, decided_at=None)
                | models.Q(~models.Q(state=SealState.WAITING), decided_at__isnull=False),
                name="seal_is_decided_or_waits",
            ),
            models.CheckConstraint(
                condition=models.Q(method=Method.SCAN, scan__isnull=False)
                | models.Q(method=Method.CERTIFICATE, scan=None, state=SealState.VERIFIED),
                name="seal_is_a_scan_or_a_signature",
            ),
        )

    def __str__(self) -> str:
        return f"{self.paper} {self.method}"

    @property
    def book(self) -> Book:
        """The paper's book."""
        return self.paper.book
