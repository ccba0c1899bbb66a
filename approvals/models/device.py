"""What is entered on a site by a telephone, often without a network: named by its sender, with two times."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation


def degrees(label: Any, most: int) -> models.DecimalField:
    """Return a field for degrees, to a tenth of a metre or so."""
    bounds = [MinValueValidator(-most), MaxValueValidator(most)]
    return models.DecimalField(
        label, max_digits=9, decimal_places=6, null=True, blank=True, validators=bounds
    )


class DeviceEntry(models.Model):
    """What is entered on a site, often without a network: named by the sender, so that sent twice it is there once.

    `made_at` is the time on the device as it was said, `happened_at` the same but never after the arrival, and
    `received_at` the arrival. `late`: it arrived long after it was made. What arrived after the recorded close is
    kept and not `counted`.
    """

    uid = models.UUIDField(_("编号"), unique=True)
    department: Any = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    department_id: int
    by: Any = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("设备时间"))
    happened_at = models.DateTimeField(_("发生时间"))
    received_at = models.DateTimeField(_("收到时间"))
    late = models.BooleanField(_("迟到"))
    counted = models.BooleanField(_("计入记录"))
    digest = models.CharField(_("内容摘要"), max_length=64)

    class Meta:
        abstract = True
        ordering = ("happened_at", "uid")

    def __str__(self) -> str:
        return f"{self.department} {self.uid}"


class Located(models.Model):
    """An entry with the position that its sender expressly added: degrees of WGS 84, and the radius in metres."""

    latitude = degrees(_("纬度"), 90)
    longitude = degrees(_("经度"), 180)
    accuracy = models.PositiveIntegerField(_("精度（米）"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def position(self) -> str:
        """The position in words; empty where none was added."""
        if self.latitude is None or self.longitude is None:
            return ""
        within = f" ±{self.accuracy} m" if self.accuracy is not None else ""
        return f"{self.latitude:.5f}, {self.longitude:.5f}{within}"
