"""People, the organisations they act for, and in which role and from when to when they do."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.asked import Asked
from accounts.stages import Kind, Role, Scope


def new_reference() -> str:
    """Return the random name under which a membership stands in the ledger, in place of the person's name."""
    return secrets.token_hex(8)


class User(AbstractUser):
    """A natural person with an account of their own; what they may do comes from memberships."""

    name = models.CharField(_("姓名"), max_length=60)
    phone = models.CharField(_("联系电话"), max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("用户")

    def __str__(self) -> str:
        return self.name or self.username


class Organisation(models.Model):
    """单位: an enterprise, a department of the county, or the county itself."""

    kind = models.CharField(_("类别"), max_length=12, choices=Kind.choices)
    code = models.CharField(_("代码"), max_length=24, unique=True)
    name = models.CharField(_("名称"), max_length=120)
    name_en = models.CharField(_("英文名称"), max_length=200, blank=True)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, blank=True, db_index=True)
    uscc_note = models.CharField(_("信用代码说明"), max_length=200, blank=True)
    legal_representative = models.CharField(_("法定代表人"), max_length=60, blank=True)
    contact = models.CharField(_("联系人"), max_length=60, blank=True)
    phone = models.CharField(_("联系电话"), max_length=40, blank=True)
    licence_confirmed_at = models.DateTimeField(_("执照核对时间"), null=True, blank=True)
    duties = models.JSONField(_("职责"), default=list, blank=True)
    # A branch of a higher bureau, or an office led from above: the county's government does not review its acts.
    led_from_above_since = models.DateField(_("自何日起由上级领导"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=120, blank=True)
    certainty = models.CharField(_("可信度"), max_length=1, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("单位")
        ordering = ("code",)
        constraints = (
            models.UniqueConstraint(
                fields=["uscc"],
                condition=Q(kind="enterprise"),
                name="one_enterprise_per_uscc",
                violation_error_message=_("该统一社会信用代码已注册，请由本单位已有账户办理。"),
            ),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the language of the page."""
        return self.name_en if self.name_en and get_language() == "en" else self.name

    def only_on_paper(self) -> bool:
        """Tell whether nobody ever acted for it here and nobody has seen its licence: known from a paper alone."""
        return self.licence_confirmed_at is None and not self.memberships.exists()

    def led_from_above(self, day: date) -> bool:
        """Tell whether a higher authority leads it on a day: a branch of the city's bureau, a vertical office."""
        return self.led_from_above_since is not None and self.led_from_above_since <= day

    def label_on(self, day: date) -> str:
        """Return the name for a page: in English the English one, else the one that was valid on the day."""
        english = self.name_en if get_language() == "en" else ""
        return english or self.name_on(day)

    def name_on(self, day: date) -> str:
        """Return the Chinese name that was valid on a day; papers and lists of 2018 carry the names of 2018."""
        for former in self._former_names():
            if former.valid_from <= day and (former.valid_to is None or day <= former.valid_to):
                return former.name
        return self.name

    def _former_names(self) -> Iterable["OrganisationName"]:
        """Return the former names: those that were read beside it, else as they are now."""
        read = vars(self).get("_prefetched_objects_cache", {}).get("names")
        return _names_of(self.pk) if read is None else read


@Asked
def _names_of(organisation: int) -> models.QuerySet["OrganisationName"]:
    return OrganisationName.objects.filter(organisation=organisation)


class OrganisationName(models.Model):
    """A name of an organisation with the days it was valid, both included."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="names")
    name = models.CharField(_("名称"), max_length=120)
    valid_from = models.DateField(_("启用日"))
    valid_to = models.DateField(_("停用日"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("单位名称")
        ordering = ("organisation", "valid_from")
        constraints = (
            models.UniqueConstraint(fields=["organisation", "valid_from"], name="one_name_per_day"),
        )

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """任职: a person acting for an organisation in a role, between two dates. Every act is signed by one."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    role = models.CharField(_("角色"), max_length=14, choices=Role.choices)
    valid_from = models.DateField(_("生效日"))
    valid_to = models.DateField(_("失效日"), null=True, blank=True)
    reference = models.CharField(max_length=16, unique=True, default=new_reference, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("任职")
        ordering = ("user", "role")
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="membership_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation} · {self.get_role_display()}"

    def valid_on(self, day: date) -> bool:
        """Tell whether the authority holds on a day; checked at the time of every act."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class AccessToken(models.Model):
    """访问令牌: lets a program act as one person in one office; the secret is shown once, its digest is kept."""

    membership = models.ForeignKey(
        Membership, models.PROTECT, related_name="tokens", verbose_name=_("任职")
    )
    name = models.CharField(_("用途"), max_length=60)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scope = models.CharField(_("权限"), max_length=4, choices=Scope.choices)
    created_at = models.DateTimeField(_("创建时间"))
    expires_at = models.DateTimeField(_("到期时间"))
    last_used_at = models.DateTimeField(_("最近使用"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("访问令牌")
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="token_ends_after_it_begins"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def valid_at(self, at: datetime) -> bool:
        """Tell whether the token opens anything: not revoked, not expired, its person still in office."""
        alive = self.revoked_at is None and at < self.expires_at
        holder = self.membership
        return alive and holder.user.is_active and holder.valid_on(timezone.localdate(at))


class County(models.Model):
    """县: the one county this installation serves, with what its pack says of it."""

    code = models.CharField(_("区划代码"), max_length=6, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=80)
    window = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("窗口单位")
    )
    supervision = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("监督单位")
    )
    profile = models.JSONField(_("设置"), default=dict)

    class Meta:
        verbose_name = verbose_name_plural = _("县")

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" else self.name
