"""What nearly every act asks of a case, each question put together once (`accounts.asked`)."""

from typing import Any

from django.apps import apps
from django.db import models

from accounts.asked import Asked
from approvals.models.limits import StageLimit
from approvals.models.seeing import of_department
from core.deadlines.models import RulebookEdition
from core.rows import Read

RULEBOOK = Read(RulebookEdition.objects.all, "pk")


@Asked
def concerned(filing: int, organisation: int) -> models.QuerySet[Any]:
    """Return the key of a case that is a department's; nothing where it is not."""
    found = apps.get_model("approvals", "Filing").objects.filter(
        of_department(organisation), pk=filing
    )
    return found.order_by().values_list("pk", flat=True)[:1]


@Asked
def present_letter(filing: int) -> models.QuerySet[Any]:
    """Return the letter of the newest version that stands, if one was offered."""
    letters = apps.get_model("approvals", "Letter").objects
    return letters.filter(filing=filing, withdrawn_at=None).order_by("-version")[:1]


@Asked
def running_limits(filing: int, rules: tuple[str, ...]) -> models.QuerySet[StageLimit]:
    """Return the limits of some rules that still run."""
    return StageLimit.objects.filter(filing=filing, rule__in=rules, ended_at=None)


@Asked
def limits_of_stage(filing: int) -> models.QuerySet[StageLimit]:
    """Return the limits that run and belong to no item: those that a stage may end."""
    return StageLimit.objects.filter(filing=filing, ended_at=None, item=None)


@Asked
def running_gaps(filing: int, rules: tuple[str, ...]) -> models.QuerySet[Any]:
    """Return the promises of papers whose limits, of some rules, still run."""
    gaps = apps.get_model("approvals", "Gap").objects
    return gaps.filter(filing=filing, rule__in=rules, ended_at=None)
