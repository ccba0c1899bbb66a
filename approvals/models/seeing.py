"""Which filings are whose: found by query and not by hidden buttons."""

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Membership
from accounts.stages import Role
from approvals.stages import ACCEPTANCE_LEAD, AFTER_LIST, AT_ACCEPTANCE, ENDS, Stage
from core import clock

if TYPE_CHECKING:
    from approvals.models.filing import Filing  # noqa: F401 - named in annotations

# What else makes a case a department's, by another desk: each returns the cases of an organisation. Filled in ready().
ALSO_ASKED: list[Callable[[int], Any]] = []


def of_department(organisation_id: int) -> Q:
    """Return what makes a case a department's: an item of its own or beside its own, or a clause it checks."""
    also = (Q(pk__in=cases(organisation_id)) for cases in ALSO_ASKED)
    return reduce(or_, also, _by_the_list(organisation_id))


def _by_the_list(organisation_id: int) -> Q:
    return (
        Q(items__department_id=organisation_id)
        | Q(items__item__co_departments=organisation_id)
        | Q(items__clauses__checked_by=organisation_id)
    )


def _lent_to(by: Membership) -> Q:
    """Return what makes a case theirs who act for another enterprise today (代办): one filing, or all."""
    held = apps.get_model("approvals", "Authority").objects.of(by)
    held = held.on(timezone.localdate(clock.judged()))
    one, every = held.exclude(filing=None).values("filing"), held.exclude(enterprise=None)
    return Q(pk__in=one) | Q(enterprise__in=every.values("enterprise"))


class FilingQuerySet(models.QuerySet["Filing"]):
    """Cases as a person may see them; pages and lists start from here."""

    def visible_to(self, by: Membership) -> "FilingQuerySet":
        """Return what concerns a person, by query and not by hidden buttons."""
        if by.role == Role.ENTERPRISE:
            own = Q(enterprise_id=by.organisation_id) | _lent_to(by)
            # A code is public: whoever registered it first is the enterprise once the window has seen the licence.
            return self.filter(own).exclude(
                on_paper=True, enterprise__licence_confirmed_at__isnull=True
            )
        if by.role in (Role.CLERK, Role.HEAD):
            mine = Q(stage__in=AFTER_LIST) & of_department(by.organisation_id)
            if ACCEPTANCE_LEAD in by.organisation.duties:
                mine |= Q(stage__in=AT_ACCEPTANCE)
            return self.filter(mine).distinct()
        if by.role in (Role.WINDOW, Role.CONVENOR):
            return self.exclude(stage=Stage.DRAFT, on_paper=False)
        if by.role in (Role.SUPERVISOR, Role.ADMINISTRATOR):
            return self.exclude(stage=Stage.DRAFT)
        return self.none()

    def running(self) -> "FilingQuerySet":
        """Leave out drafts and whatever has come to an end."""
        return self.exclude(stage__in=(Stage.DRAFT, Stage.COMPLETED, *ENDS))
