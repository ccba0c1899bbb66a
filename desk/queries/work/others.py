"""What waits for departments, enterprises and the supervisor."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.models import Gap, StageLimit
from approvals.rules.limits import PAPER_ON_COMMITMENT
from approvals.stages import ENDS, GapState, Stage
from core.steps.limits import silence
from desk.queries.work.rows import Row, Seen, case_url, dated, filings, of_filing, of_session, slots
from prereview.models import Invitation, MakeUp, SecondVisit, Slot
from prereview.queries import open_slots, words
from prereview.queries.bearing import no_consequence
from prereview.queries.dispatches import to_sign
from prereview.stages import SessionStage, SlotState

ENTERPRISE_TASKS = {
    Stage.DRAFT: gettext_lazy("补全并申报"),
    Stage.LISTED: gettext_lazy("签收告知书，提交材料"),
    Stage.CORRECTING: gettext_lazy("补正材料"),
    Stage.COMMITTING: gettext_lazy("签署承诺书"),
}

MOST_NAMED = 3


def department(seen: Seen) -> Iterator[Row]:
    """Yield what waits for a department."""
    summons = Invitation.objects.filter(
        department_id=seen.by.organisation_id,
        session__stage__in=(SessionStage.CALLED, SessionStage.OPEN),
    ).select_related("session")
    summons = summons.annotate(
        only_seen=Exists(SecondVisit.objects.filter(session=OuterRef("session")))
    )
    for invitation in summons:
        what = (
            _("签收并答复：%(kind)s") if invitation.acknowledged_at is None else _("参加%(kind)s")
        )
        row = of_session(invitation.session, what % {"kind": invitation.session.get_kind_display()})
        none = no_consequence(invitation, second=invitation.only_seen)
        row.silence = str(none)
        if invitation.in_room and not none:
            row.silence = _(
                "已签到：逐项提出意见；没有当场提出的，议程结束后在期限内提出，逾期的，除红线事项外视同无异议。"
            )
        elif not none:
            row.silence = _("无正当理由缺席的，除红线事项外视同无异议，程序继续。")
        yield row


def files_to_sign(seen: Seen) -> Iterator[Row]:
    """Yield the files that were sent to a department and are not signed for: one row, dated by the first."""
    waiting = list(to_sign(seen.by))
    if waiting:
        names = _("、").join(str(one.filing) for one in waiting[:MOST_NAMED])
        row = Row(
            _("签收分送件（%(count)s件）") % {"count": len(waiting)},
            reverse("prereview:sign_dispatches"),
            names,
        )
        yield dated(row, waiting[0], seen)


def opinions_owed(seen: Seen) -> Iterator[Row]:
    """Yield the opinions a department owes, one row per filing, earliest limit first."""
    groups: dict[int, list[Slot]] = {}
    for slot in open_slots(seen.by).filter(agenda__closed_at__isnull=False):
        groups.setdefault(slot.filing_id, []).append(slot)
    for owed in groups.values():
        first = owed[0]
        row = Row(
            _("提出意见（%(count)s项）") % {"count": len(owed)},
            reverse("prereview:opinions", args=[first.filing.public_id]),
            f"{first.filing} · {first.filing.enterprise}", first.get_state_display(),
        )  # fmt: skip
        row = dated(row, first, seen)
        row.silence = " ".join(dict.fromkeys(_silence(slot, seen) for slot in owed))
        yield row


def _silence(slot: Slot, seen: Seen) -> str:
    """Say what silence will do; of a slot whose time is over, what comes now."""
    if slot.state in (SlotState.CANDIDATE, SlotState.HELD, SlotState.ESCALATED):
        return str(words.silence(slot, None))
    return silence(slot, seen.at)


def papers_owed(seen: Seen) -> Iterator[Row]:
    """Yield papers to issue on a commitment, and opinions to make up after a default."""
    papers = StageLimit.objects.filter(
        ended_at=None, item__department_id=seen.by.organisation_id
    ).select_related("filing", "item__item", "calendar")
    soonest: dict[
        int | None, StageLimit
    ] = {}  # an approval has several limits: one row, by the first to end
    for limit in papers.order_by("due_at", "pk"):
        soonest.setdefault(limit.item_id, limit)
    for limit in soonest.values():
        paper = limit.rule == PAPER_ON_COMMITMENT.code
        task = _("凭承诺出具文书：%(item)s") if paper else _("办理审批：%(item)s")
        row = Row(
            task % {"item": limit.item.label if limit.item else ""},
            case_url(limit.filing),
            str(limit.filing),
        )
        yield dated(row, limit, seen)
    for make_up in MakeUp.objects.filter(
        slot__department_id=seen.by.organisation_id, ended_at=None
    ).select_related("slot__filing"):
        row = Row(
            _("补做意见"),
            reverse("prereview:opinions", args=[make_up.slot.filing.public_id]),
            str(make_up.slot.filing),
        )
        yield dated(row, make_up, seen)


def enterprise(seen: Seen) -> Iterator[Row]:
    """Yield what waits for an enterprise."""
    mine = filings(ENTERPRISE_TASKS).filter(pk__in=seen.cases())
    mine = mine.exclude(stage=Stage.DRAFT, on_paper=True)  # the window types it, and files it
    for filing in mine.prefetch_related("letters"):
        signed = any(x.signed_at and not x.withdrawn_at for x in filing.letters.all())
        if filing.stage == Stage.COMMITTING and signed:
            continue
        yield of_filing(filing, str(ENTERPRISE_TASKS[Stage(filing.stage)]), seen)
    gaps = (
        Gap.objects.filter(
            filing__in=seen.cases(),
            state__in=(GapState.OPEN, GapState.SUSPENDED),
        )
        .exclude(filing__stage__in=ENDS)
        .select_related("filing", "material")
    )
    for gap in gaps:
        row = Row(
            _("补齐容缺材料：%(what)s") % {"what": gap.material},
            case_url(gap.filing),
            str(gap.filing),
            gap.get_state_display(),
        )
        yield dated(row, gap, seen)


def supervisor(seen: Seen) -> Iterator[Row]:
    """Yield what waits for the supervisor."""
    yield from slots(
        Slot.objects.waiting().filter(state=SlotState.ESCALATED),
        seen,
        reverse_name="prereview:matrix",
    )
    late = StageLimit.objects.filter(escalated_at__isnull=False, ended_at=None).select_related(
        "filing__enterprise", "item__item"
    )
    for limit in late:
        row = Row(
            _("逾期：%(what)s") % {"what": limit.declared.name},
            case_url(limit.filing),
            str(limit.filing),
            str(limit.declared.actor),
        )
        yield dated(row, limit, seen)


DEPARTMENT = (department, files_to_sign, opinions_owed, papers_owed)
