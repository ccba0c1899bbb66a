"""A condition carries the sentence that is said when it does not hold; a refusal carries its sentences."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

Condition = Callable[[Any], bool]

# What apps know of why somebody may not, or no longer, act on a thing: (thing, membership) → sentence or "". Filled in
# ready(); the first that has a word says it.
WHY_NOT_YOURS: list[Callable[[Any, Any], str]] = []
# The same of a thing that somebody does not see at all, but saw once; of nothing that was ever kept from them.
WHY_NO_LONGER: list[Callable[[Any, Any], str]] = []


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


def _said(asked: list[Callable[[Any, Any], str]], thing: Any, by: Any) -> str:
    if thing is None or by is None:
        return ""
    return next((said for why in asked if (said := why(thing, by))), "")


def why_not_yours(thing: Any, by: Any) -> str:
    """Return the sentence that says why a thing is not, or no longer, this person's; empty where there is none."""
    return _said(WHY_NOT_YOURS, thing, by)


def why_no_longer(thing: Any, by: Any) -> str:
    """Return why a person does not see a thing any more that was theirs to see; empty where it never was."""
    return _said(WHY_NO_LONGER, thing, by)


def not_yours(thing: Any, by: Any) -> PermissionDenied:
    """Return the refusal of a person, with its sentence where one is known."""
    said = why_not_yours(thing, by)
    return PermissionDenied(said) if said else PermissionDenied()


def need_words(reason: str) -> None:
    """Raise ValidationError unless a reason was written: a decision against somebody says why."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明理由。")})
