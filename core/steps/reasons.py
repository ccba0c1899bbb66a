"""A condition carries the sentence that is said when it does not hold; a refusal carries its sentences."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

Condition = Callable[[Any], bool]


def because(reason: Any) -> Callable[[Condition], Condition]:
    """Give a condition its sentence: what is missing, whose move it is, which clause says so."""

    def keep(condition: Condition) -> Condition:
        condition.reason = reason  # type: ignore[attr-defined]
        return condition

    return keep


class NotNow(Exception):
    """The act is not possible now; `reasons` are sentences for the person (409)."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def require(thing: Any, *conditions: Condition) -> None:
    """Raise NotNow with the sentence of every condition that does not hold for a thing."""
    if reasons := [str(c.reason) for c in conditions if not c(thing)]:  # type: ignore[attr-defined]
        raise NotNow(reasons)


def need_words(reason: str) -> None:
    """Raise ValidationError unless a reason was written: a decision against somebody says why."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明理由。")})
