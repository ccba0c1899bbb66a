"""分送: an accepted file goes to every department of its list the same moment, and each has to sign for it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext

from accounts.models import Membership, Organisation
from accounts.queries import holders, people_of
from accounts.services import system_actor
from accounts.stages import Role
from approvals.models import Filing
from approvals.services.intake import on_accepted
from approvals.stages import Channel
from core.deadlines.services import end, feed, start
from core.ledger.services import lock, record
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.limits import silence
from core.steps.moves import permit
from core.steps.reasons import require
from prereview import policies, rules
from prereview.models import Dispatch, DispatchAttempt
from prereview.queries import asked_departments
from prereview.services.serving import Acts, ByHand, fresh, serve_by_hand, sign

DISPATCH = Acts("acknowledge_dispatch", "serve_dispatch", "dispatch_failed")


def _named(departments: Iterable[Organisation]) -> str:
    return gettext("、").join(department.label for department in departments)


NAMED = lazy(_named, str)  # a message is written in both languages, its names too
SILENCE = lazy(silence, str)


def departments_of(filing: Filing) -> list[Organisation]:
    """Return who gets the file: of every item that applies its department, and who reviews beside it."""
    items = filing.items.exclude(applies=False).select_related("item", "department")
    found = {
        department.pk: department
        for item in items.prefetch_related("item__co_departments")
        for department in asked_departments(item)
    }
    return sorted(found.values(), key=lambda department: department.code)


@on_accepted
def dispatch(filing: Filing, by: Membership, at: datetime) -> None:
    """分送: each department of the list is sent the file, once, the moment it is accepted (P3a)."""
    known = set(filing.dispatches.values_list("department_id", flat=True))
    departments = [one for one in departments_of(filing) if one.pk not in known]
    if not departments:
        return
    made = [
        Dispatch(filing=filing, book=filing.book, department=department, sent_at=at)
        for department in departments
    ]
    for one in made:
        start(one, rules.ACKNOWLEDGE, at=at, rulebook=filing.rulebook, save=False)
    Dispatch.objects.bulk_create(made)
    feed(made[0])
    DispatchAttempt.objects.bulk_create(
        DispatchAttempt(
            dispatch=one, channel=Channel.SYSTEM, received=False, moment=at, served_by=by
        )
        for one in made
    )
    codes = [department.code for department in departments]
    record(filing.book, "dispatch", by=by, at=at, departments=codes, channel="system")
    tell(
        people_of([department.pk for department in departments], timezone.localdate(at)),
        _("%(project)s：申报件已分送，请签收") % {"project": filing.project_name},
        about=f"dispatch:{filing.pk}",
        at=at,
        body=_("%(silence)s签收不代替提出意见。") % {"silence": SILENCE(made[0], at)},
        link=f"/cases/{filing.public_id}/",
    )


@transaction.atomic
def acknowledge_dispatch(one: Dispatch, *, by: Membership, at: datetime) -> Dispatch:
    """签收分送件: the department has the file; said twice it stands once."""
    one = fresh(one, "filing")
    permit(one, policies.own_department, by=by, at=at)
    if not one.proven:
        require(one, policies.dispatch_goes_on)
    sign(one, DISPATCH, by=by, at=at)
    return one


@transaction.atomic
def acknowledge_dispatches(
    chosen: Iterable[Dispatch], *, by: Membership, at: datetime
) -> list[Dispatch]:
    """签收多件: a department signs in one act for the files it has chosen; returns those that still waited for it."""
    permit(None, policies.department, by=by, at=at)
    books = {one.pk: one.book_id for one in chosen}
    lock(*books.values())
    # As they are now: what a colleague has signed for in the meantime waits no more.
    waiting = Dispatch.objects.visible_to(by).waiting().filter(pk__in=books)
    signed = list(waiting.select_related("book", "department", "filing").order_by("book_id"))
    for one in signed:
        sign(one, DISPATCH, by=by, at=at)
    return signed


@transaction.atomic
def serve_dispatch_by_second_channel(
    one: Dispatch, *, by: Membership, at: datetime, **hand: Any
) -> Dispatch:
    """第二种方式送达 of a file: on paper with the signed scan, or by telephone with the record of two persons."""
    one = fresh(one, "filing")
    permit(one, policies.window, by=by, at=at)
    require(one, policies.dispatch_goes_on)
    serve_by_hand(one, DISPATCH, ByHand(**hand), by=by, at=at)
    return one


def unsigned(one: Dispatch, now: datetime) -> None:
    """改用第二种方式: who has not signed for the file by then is served by the window, told once of all together.

    In a case that has ended nobody signs any more, and who has spoken on it has had the file.
    """
    due = one.expires_at
    late = Dispatch.objects.filter(filing=one.filing_id, due_at=due, act_at__isnull=False)
    waiting = set(late.waiting().values_list("pk", flat=True))
    unreached = []
    for row in late.select_related("department", "filing__book", "book").order_by(
        "department__code"
    ):
        if row.pk not in waiting:
            end(row, at=due)
            continue
        row.second_channel_at, row.act_at = due, None
        row.save()
        unreached.append(row.department)
    if not unreached:
        return
    filing, day = one.filing, timezone.localdate(now)
    codes = [department.code for department in unreached]
    record(filing.book, "dispatch_unsigned", by=system_actor(), at=due, departments=codes)
    tell(
        [*holders(Role.WINDOW, day), *holders(Role.CONVENOR, day)],
        _("%(project)s：%(departments)s未签收分送件，请用第二种方式送达")
        % {"project": filing.project_name, "departments": NAMED(unreached)},
        about=f"dispatch:{filing.pk}:second:{due:%Y%m%d%H%M}",
        at=now,
        link=f"/cases/{filing.public_id}/#dispatches",
    )
