"""The one door: every change of stage, and every act that is none, goes through here."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from core import clock
from core.ledger.services import lock, record
from core.rows import Read
from core.steps.models import Stepped
from core.steps.reasons import Condition, NotNow, not_yours, require


def permit(thing: Any, policy: Callable[[Any, Any], bool], *, by: Membership, at: datetime) -> None:
    """Raise PermissionDenied unless the person's authority holds on that day and the policy says yes."""
    with clock.judging(at):
        if by is None or not by.valid_on(timezone.localdate(at)) or not policy(thing, by):
            raise not_yours(thing, by)


def locked(thing: Any) -> Any:
    """Take the book's row lock and return the row as it now is, with its book; called inside the act's transaction."""
    (book,) = lock(thing.book_id)
    kind: Any = type(thing)
    found = _read(kind).get(thing.pk)
    found.book = book
    return found


@cache
def _read(model: Any) -> Read:
    beside = getattr(model, "read_beside", ())
    return Read(
        lambda: model.objects.select_related(*beside) if beside else model.objects.all(), "pk"
    )


@transaction.atomic
def move(
    step: Callable[..., None],
    *,
    by: Membership,
    at: datetime,
    entered_at: datetime | None = None,
    **evidence: Any,
) -> Stepped:
    """Take one step, whole or not at all: lock, reasons (409), permission (403), transition, clock, save, ledger.

    `step` is the bound transition of a case, e.g. `filing.accept`; `evidence` are its arguments and go into
    the ledger. `entered_at` is when the person acts, where the event was earlier and its time is entered by hand: by it
    are judged who may act and what has been overtaken, so that no hand-entered time takes back what silence decided.
    Returns the case; raises NotNow or PermissionDenied and then nothing has happened.
    """
    acted_at = entered_at or at
    name = step.__name__
    subject: Stepped = step.__self__  # type: ignore[attr-defined]
    (book,) = lock(subject.book_id)
    subject.refresh_from_db()
    subject.book = book
    if reasons := subject.why_not(name) + subject.overtaken(name, acted_at):
        raise NotNow(reasons)
    found = subject.transition_named(name)
    assert found is not None  # without one there was a reason
    permit(subject, found.permission, by=by, at=acted_at)
    came_from = subject.stage
    getattr(subject, name)(**evidence)
    subject.on_the_clock(came_from=came_from, by=by, at=at)
    subject.save()
    record(
        subject.book,
        name,
        by=by,
        at=at,
        came_from=came_from,
        stage=subject.stage,
        **_said(evidence),
    )
    return subject


def act(
    thing: Any,
    name: str,
    *,
    policy: Callable[[Any, Any], bool],
    by: Membership,
    at: datetime,
    conditions: tuple[Condition, ...] = (),
    **evidence: Any,
) -> None:
    """Write down an act that changes no stage, once reasons and permission are settled; the caller holds the lock."""
    require(thing, *conditions)
    permit(thing, policy, by=by, at=at)
    record(thing.book, name, by=by, at=at, **_said(evidence))


def _said(evidence: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in evidence.items() if value is not None}
