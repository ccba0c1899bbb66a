"""Use before acceptance for programs: recorded by a department on a clause of its own."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from accounts.models import Membership
from approvals.api.filings import FILINGS
from approvals.models import Filing
from core.steps.api import Step, addresses
from inspection import policies, services
from inspection.api.checks import BreachBody, FindingShown
from inspection.api.onsite import Officer
from inspection.queries.works import clauses_of


class UseBody(BreachBody):
    """Which clause has not passed, since when it is used, and the breach.

    Without `legal_basis` it rests on the clause's standard and the county's rule; without `severity` it is as grave
    as the rulebook says (P43).
    """

    clause = serializers.CharField(max_length=12)
    since = serializers.DateField()
    legal_basis = serializers.CharField(
        max_length=200, required=False, allow_blank=True, default=""
    )
    officers = Officer(many=True)
    statement = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    upload = serializers.FileField(max_length=200, required=False)


BREACH = ("text", "legal_basis", "demand", "days", "severity", "severity_reason")


def used(filing: Filing, data: dict[str, Any], _by: Membership) -> dict[str, Any]:
    """Return what was seen as the service takes it: the clause by its number in the present letter."""
    clause = clauses_of(filing).filter(number=data["clause"]).first()
    if clause is None:
        said = _("现行承诺书没有这些条款：%(numbers)s。") % {"numbers": data["clause"]}
        raise ValidationError({"clause": said})
    breach = services.Breach(**{name: data[name] for name in BREACH})
    rest: dict[str, Any] = {
        name: data[name] for name in ("officers", "statement", "upload") if name in data
    }
    return {**rest, "use": services.Use(clause, data["since"], breach)}


STEPS = (
    Step(
        "record-use", services.record_use, policies.checks,
        gettext_lazy("记录验收合格前投入使用"), UseBody, take=used, shown=FindingShown,
    ),
)  # fmt: skip
ADDRESSES = addresses(FILINGS, *STEPS)
