"""What was promised in numbers beside what was built and invested, as the enterprise states it; no ground by itself."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from approvals.models import Filing
from inspection.models import Report
from inspection.stages import ReportKind

WHOLE = 100  # percent


@dataclass(frozen=True)
class Amount:
    """One number of the filing beside the one that was stated at completion; None: not known."""

    key: str
    what: str
    unit: str
    promised: Decimal | None
    real: Decimal | None

    @property
    def share(self) -> int | None:
        """The real amount in percent of the promised one, rounded; None where one of both is not known, or nothing."""
        if self.real is None or not self.promised:
            return None
        return round(self.real / self.promised * WHOLE)


def amounts_of(filing: Filing) -> list[Amount]:
    """Return floor area and investment, promised and stated: one query."""
    done = Report.objects.filter(filing=filing, kind=ReportKind.COMPLETION).order_by("-pk")
    built, invested = done.values_list("built_m2", "invested_wan").first() or (None, None)
    return [
        Amount("floor_area", _("建筑面积"), _("平方米"), filing.floor_area_m2, built),
        Amount("investment", _("总投资"), _("万元"), filing.investment_wan, invested),
    ]


def facts_of_amounts(filing: Filing) -> dict[str, Any]:
    """Return the numbers for a bundle, as text without needless zeros, in keys that hang on no language."""
    return {
        one.key: {"promised": _text(one.promised), "real": _text(one.real)}
        for one in amounts_of(filing)
    }


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"
