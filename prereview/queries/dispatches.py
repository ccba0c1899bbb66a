"""What the desks ask of dispatches: those of a case, and those that wait for somebody."""

from django.db.models import Prefetch, QuerySet

from accounts.models import Membership
from approvals.models import Filing
from prereview.models import Dispatch, DispatchAttempt


def dispatch_tries() -> Prefetch:
    """Fetch with dispatches the record of their service, with the persons in it."""
    return Prefetch(
        "attempts",
        DispatchAttempt.objects.select_related("served_by__user", "acknowledged_by__user", "proof"),
    )


def dispatches_of(filing: Filing, by: Membership) -> QuerySet[Dispatch]:
    """Return a case's dispatches as a person may see them, with their record of service: two queries."""
    found = Dispatch.objects.visible_to(by).filter(filing=filing).order_by("department__code")
    return found.select_related(
        "department", "acknowledged_by__user", "calendar", "proof"
    ).prefetch_related(dispatch_tries())


def service_of(filing: Filing, by: Membership) -> list[tuple[Dispatch, list[DispatchAttempt]]]:
    """Return the same in one query, each with its attempts: there is one at least, its sending."""
    seen = Dispatch.objects.visible_to(by).filter(filing=filing).order_by()
    tries = DispatchAttempt.objects.filter(dispatch__in=seen.values("pk")).select_related(
        "dispatch__department", "dispatch__acknowledged_by__user", "dispatch__calendar",
        "served_by__user", "acknowledged_by__user",
    )  # fmt: skip
    found: dict[int, tuple[Dispatch, list[DispatchAttempt]]] = {}
    for one in tries.order_by("dispatch__department__code", "moment", "pk"):
        found.setdefault(one.dispatch_id, (one.dispatch, []))[1].append(one)
    return list(found.values())


def to_sign(by: Membership) -> QuerySet[Dispatch]:
    """Return the files a person's department has not signed for, the earliest limit first."""
    waiting = Dispatch.objects.filter(department_id=by.organisation_id).waiting()
    return waiting.select_related("filing__enterprise", "department", "calendar").order_by(
        "due_at", "pk"
    )


def to_serve() -> QuerySet[Dispatch]:
    """Return the files that the window has to bring by hand, case by case."""
    waiting = Dispatch.objects.waiting().filter(second_channel_at__isnull=False)
    return waiting.select_related("filing__enterprise", "department").order_by(
        "due_at", "filing_id", "department__code"
    )
