"""What a person can do with a case now, and why not yet: the page asks, nothing is guessed in a template."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from core import clock
from core.steps.reasons import Condition

Answer = Callable[[Any, Any], bool]


@dataclass(frozen=True)
class Offer:
    """An act that a case may offer: a transition, or an act with conditions of its own.

    `stages` are the stages in which it is shown; `policy` says whose business it is; `transition` names the
    step whose conditions decide; `silence` is the sentence that stands beside the button.
    """

    name: str
    label: Any
    view: str
    stages: tuple[str, ...]
    policy: Answer
    transition: str = ""
    conditions: tuple[Condition, ...] = ()
    silence: Callable[[Any], str] | None = None
    primary: bool = True
    shown: Callable[[Any], bool] | None = None
    judged_as: str = ""  # the act whose limit may have passed, where it is not the transition


@dataclass
class Offered:
    """An offer as it stands for one person now."""

    name: str
    label: str
    url: str
    reasons: list[str] = field(default_factory=list)
    silence: str = ""
    primary: bool = True

    @property
    def allowed(self) -> bool:
        """Whether nothing stands against it."""
        return not self.reasons


OFFERS: dict[str, list[Offer]] = {}


def offer(model_label: str, *offers: Offer) -> None:
    """Put acts on the list of a model, e.g. `offer("approvals.Filing", Offer(...))`; called from ready()."""
    OFFERS.setdefault(model_label.lower(), []).extend(offers)


def passed(subject: Any, act: str) -> list[str]:
    """Say that silence has decided instead of an act, though no sweep has written it down yet.

    A book whose next limit is still to come is not asked any further.
    """
    book = getattr(subject, "book", None) if act else None
    if book is None or book.next_due is None or book.next_due > (at := clock.judged()):
        return []
    return list(subject.overtaken(act, at))


def offered(subject: Any, by: Any, names: Collection[str] | None = None) -> list[Offered]:
    """Return what a case offers to a person now, in the order of the list; only what is named, where a page says so."""
    found = []
    for item in OFFERS.get(subject._meta.label_lower, []):
        if names is not None and item.name not in names:
            continue
        if subject.stage not in item.stages or not item.policy(subject, by):
            continue
        if item.shown and not item.shown(subject):
            continue
        reasons = subject.why_not(item.transition) if item.transition else []
        reasons += [str(c.reason) for c in item.conditions if not c(subject)]  # type: ignore[attr-defined, operator]
        reasons += passed(subject, item.judged_as or item.transition)
        found.append(
            Offered(
                item.name,
                str(item.label),
                reverse(item.view, args=[subject.public_id]),
                list(dict.fromkeys(reasons)),
                item.silence(subject) if item.silence else "",
                item.primary,
            )
        )
    return found
