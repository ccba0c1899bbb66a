"""两人以上: who holds a check, looks again or bears witness; each with the number of their own card."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LEAST_OFFICERS = 2


def two_officers(officers: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """Return the officers, cleaned; ValidationError for fewer than two, or one without name or card."""
    named = [{key: str(x.get(key, "")).strip() for key in ("name", "card")} for x in officers]
    named = [x for x in named if x["name"] or x["card"]]
    if any(not (x["name"] and x["card"]) for x in named):
        raise ValidationError({"officers": _("每名检查人员都要写明姓名和执法证号。")})
    if len({x["card"] for x in named}) < max(LEAST_OFFICERS, len(named)):
        raise ValidationError({"officers": _("检查须由两名以上人员进行，每人写明各自的执法证号。")})
    return named
