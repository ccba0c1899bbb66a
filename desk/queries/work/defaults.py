"""What waits for a person of defaults: contests to decide, withdrawals to approve, departments to be spoken to."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.stages import Role
from desk.queries.work.rows import Row, Seen, dated
from prereview.models import Contest, MakeUp, RollContest, Slot, Withdrawal
from prereview.policies import offices_in_departments
from prereview.queries.follow_ups import tasks
from prereview.stages import ContestResult, WithdrawalState
from public_notice.models import Bulletin
from public_notice.queries.bulletins import months_without
from public_notice.stages import BulletinState

# the contest of the roll on which a default by absence rests
OF_THE_ROLL = RollContest.objects.filter(
    invitation__session=OuterRef("opinion__slot__agenda__session"),
    invitation__department=OuterRef("opinion__slot__department"),
)


def _row(what: str, name: str, slot: Slot, stage: str = "") -> Row:
    url = reverse(f"prereview:{name}", args=[slot.pk])
    return Row(what % {"department": slot.department}, url, str(slot.filing), stage)


def _contests() -> Iterator[Contest]:
    found = Contest.objects.filter(result=ContestResult.OPEN)
    yield from found.select_related("opinion__slot__department", "opinion__slot__filing")


def contests_to_decide(seen: Seen) -> Iterator[Row]:
    """Yield the contests that the convenor decides."""
    for contest in _contests():
        row = _row(_("决定%(department)s对默认的异议"), "decide_contest", contest.opinion.slot)
        yield dated(row, contest, seen)


def contests_overdue(seen: Seen) -> Iterator[Row]:
    """Yield the contests nobody has decided in time."""
    for contest in _contests():
        if contest.escalated_at is not None:
            row = _row(_("逾期：决定%(department)s对默认的异议"), "proof", contest.opinion.slot)
            yield dated(row, contest, seen)


def withdrawals_to_approve(seen: Seen) -> Iterator[Row]:
    """Yield the withdrawals that wait for a second person: a supervisor, or the lead unit where one proposed it."""
    found = Withdrawal.objects.filter(state=WithdrawalState.PROPOSED).exclude(
        proposer_id=seen.by.user_id
    )
    found = (
        found.exclude(opinion__slot__department__in=offices_in_departments(seen.by))
        .exclude(opinion__contest__lodged_by__user=seen.by.user_id)
        .exclude(Exists(OF_THE_ROLL.filter(lodged_by__user=seen.by.user_id)))
    )
    if seen.by.role == Role.CONVENOR:  # the lead unit has a word on what a supervisor proposed
        found = found.filter(proposed_by__role=Role.SUPERVISOR)
    for one in found.select_related("opinion__slot__department", "opinion__slot__filing"):
        row = _row(_("批准撤回默认：%(department)s"), "decide_withdrawal", one.opinion.slot)
        row.silence = _("不批准以前默认继续有效。")
        yield row


def make_ups_overdue(seen: Seen) -> Iterator[Row]:
    """Yield the opinions that departments still owe after a default and its limit."""
    late = MakeUp.objects.filter(escalated_at__isnull=False, ended_at=None)
    for made in late.select_related("slot__department", "slot__filing"):
        yield dated(_row(_("逾期：%(department)s补做意见"), "proof", made.slot), made, seen)


def departments_to_speak_to(seen: Seen) -> Iterator[Row]:
    """Yield the interviews and referrals that the defaults which stand lead to."""
    for task in tasks(seen.at):
        yield Row(
            _("%(kind)s：%(department)s") % {"kind": task.label, "department": task.department},
            reverse("prereview:follow_up", args=[task.slot_id]),
            str(task.agenda.filing), _("期间内第%(n)s次默认") % {"n": task.nth},
        )  # fmt: skip


def bulletins_to_draft(seen: Seen) -> Iterator[Row]:
    """Yield the newest month that is over and has no bulletin."""
    for month in months_without(seen.at)[:1]:
        yield Row(_("起草默认情况通报"), reverse("public_notice:bulletin_desk"), month)


def bulletins_to_review(seen: Seen) -> Iterator[Row]:
    """Yield the bulletins that another person has drafted."""
    drafted = Bulletin.objects.filter(state=BulletinState.DRAFTED)
    for one in drafted.exclude(drafter_id=seen.by.user_id):
        url = reverse("public_notice:bulletin_review", args=[one.pk])
        yield Row(_("审核默认情况通报"), url, one.period)


CONVENOR = (contests_to_decide, withdrawals_to_approve)
SUPERVISOR = (
    withdrawals_to_approve, contests_overdue, make_ups_overdue, departments_to_speak_to,
    bulletins_to_draft, bulletins_to_review,
)  # fmt: skip
ADMINISTRATOR = (bulletins_to_review,)
