"""What waits for the window and for the convenor."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership
from approvals.models import DraftEdit, Fetched, Filing, Gap, Letter, PaperIntake, StageLimit
from approvals.rules.limits import SORTS, LimitSort
from approvals.stages import ENDS, GapState, PaperState, PaperStep, Stage
from core.documents.models import Paper
from desk.queries.work.rows import Row, Seen, case_url, dated, filings, of_filing, of_session, slots
from prereview.models import (
    AgendaItem,
    Dispatch,
    Invitation,
    MinutesDraft,
    Question,
    SecondVisit,
    Session,
    Slot,
)
from prereview.queries import wants_another_day
from prereview.queries.dispatches import to_serve
from prereview.stages import Answer, DraftState, RequestState, SessionStage, SlotState
from public_notice.models import Objection
from public_notice.stages import Finding

WINDOW_TASKS = {
    Stage.SUBMITTED: gettext_lazy("核对执照，决定是否适用，送达一次性告知书"),
    Stage.RECEIVED: gettext_lazy("核收材料，作出受理决定"),
    Stage.COMMITTED: gettext_lazy("发布承诺公示"),
    Stage.CLEARED: gettext_lazy("核对开工条件"),
}
CONVENOR_TASKS = {
    Stage.ACCEPTED: gettext_lazy("召集联合勘察（或决定无须勘察）"),
    Stage.PREREVIEWING: gettext_lazy("召集联合预审会，形成结论"),
}


def window(seen: Seen) -> Iterator[Row]:
    """Yield what waits for the window."""
    for filing in filings(WINDOW_TASKS):
        yield of_filing(filing, str(WINDOW_TASKS[Stage(filing.stage)]), seen)


def letters_to_verify(seen: Seen) -> Iterator[Row]:
    """Yield sealed scans that nobody has checked against their letter."""
    signed = Letter.objects.filter(
        withdrawn_at=None, verified_at=None, signed_at__isnull=False, filing__stage=Stage.COMMITTING
    ).select_related("filing__enterprise")
    for letter in signed:
        yield Row(
            _("核验承诺书盖章扫描件"),
            case_url(letter.filing),
            str(letter.filing),
            letter.filing.get_stage_display(),
        )


def papers_to_confirm(seen: Seen) -> Iterator[Row]:
    """Yield what came on paper and waits for a second person, of whom the reader can be one."""
    typed = DraftEdit.objects.filter(filing=OuterRef("filing"), by__user=seen.by.user_id)
    waiting = PaperIntake.objects.filter(state=PaperState.ENTERED).exclude(
        Exists(typed), step=PaperStep.FILING
    )
    for intake in waiting.exclude(entered_by__user_id=seen.by.user_id).select_related(
        "filing__enterprise"
    ):
        yield Row(
            _("确认纸质收件（第二人）"),
            reverse("approvals:decide_paper", args=[intake.filing.public_id, intake.pk]),
            f"{intake.filing} · {intake.filing.enterprise}",
            intake.filing.get_stage_display(),
        )


def papers_to_type(seen: Seen) -> Iterator[Row]:
    """Yield applications on paper that are being typed: nothing runs for the enterprise until they are filed."""
    waits = PaperIntake.objects.filter(filing=OuterRef("pk"), state=PaperState.ENTERED)
    typed = Filing.objects.filter(on_paper=True, stage=Stage.DRAFT, ended_because="")
    for filing in typed.exclude(Exists(waits)).select_related("enterprise").order_by("pk"):
        yield Row(
            _("录完纸质申报，送第二人确认"),
            case_url(filing),
            f"{filing} · {filing.enterprise}",
            filing.get_stage_display(),
            silence=_(
                "没有送确认的纸质申报不算申报；企业交来的时间以纸面登记为准，延误由窗口负责。"
            ),
        )


def papers_to_hand_out(seen: Seen) -> Iterator[Row]:
    """Yield papers for enterprises without an account, which fetch them at the counter: one row a case.

    An account that comes later does not serve what was issued before it: until that is fetched nothing runs.
    """
    people = Membership.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=timezone.localdate(seen.at)),
        organisation=OuterRef("enterprise"),
        user__is_active=True,
        valid_from__lte=timezone.localdate(seen.at),
    )
    fetched = Fetched.objects.filter(paper=OuterRef("pk"))
    issued = Paper.objects.filter(~Exists(fetched), book=OuterRef("book"))
    alone = ~Exists(people) | Q(enterprise__licence_confirmed_at=None)
    cases = Filing.objects.filter(alone | _not_begun(), Exists(issued), on_paper=True)
    cases = cases.annotate(reached=Exists(people))
    for filing in cases.select_related("enterprise").order_by("pk"):
        yield Row(
            _("通知企业到窗口领取文书并签收"),
            f"{reverse('approvals:paper_intake', args=[filing.public_id])}#fetched",
            f"{filing} · {filing.enterprise} · {filing.enterprise.phone}",
            filing.get_stage_display(),
            silence=_("企业有了账户，本阶段的文书在那以前出具：没有领取的不算送达，期限不起算。")
            if filing.reached
            else _("企业没有账户：没有领取的文书不算送达，由企业承担的期限不起算。"),
        )


def _not_begun() -> Q:
    """Return what says that the enterprise's own limit of the present stage has never begun, nor need it any more."""
    theirs = [code for code, sort in SORTS.items() if sort == LimitSort.ENTERPRISE]
    begun = StageLimit.objects.filter(
        filing=OuterRef("pk"), started_at__gte=OuterRef("stage_since"), rule__in=theirs
    )
    signed = Letter.objects.filter(
        filing=OuterRef("pk"), withdrawn_at=None, signed_at__isnull=False
    )
    waits = Q(stage__in=(Stage.CORRECTING, Stage.START_NOTIFIED, Stage.AMENDING))
    waits |= Q(~Exists(signed), stage=Stage.COMMITTING)
    return waits & Q(~Exists(begun))


def gaps_to_check(seen: Seen) -> Iterator[Row]:
    """Yield tolerated materials that were brought and wait for the window's look."""
    supplied = Gap.objects.filter(state=GapState.SUPPLIED).exclude(filing__stage__in=ENDS)
    for gap in supplied.select_related("filing__enterprise", "material"):
        yield dated(
            Row(_("核验容缺补交材料"), case_url(gap.filing), str(gap.filing), str(gap.material)),
            gap,
            seen,
        )


def objections_to_answer(seen: Seen) -> Iterator[Row]:
    """Yield objections without a reply."""
    for objection in Objection.objects.filter(finding=Finding.OPEN).select_related(
        "notice__filing"
    ):
        filing = objection.notice.filing
        row = Row(_("答复公示异议"), case_url(filing), str(filing), objection.number)
        yield dated(row, objection, seen)


def summons_to_serve(seen: Seen) -> Iterator[Row]:
    """Yield summons nobody has signed for: they go by the second channel, and as long as a default is held for it."""
    held = Slot.objects.waiting().filter(
        state=SlotState.HELD, agenda__session=OuterRef("session"), department=OuterRef("department")
    )
    running = Q(session__stage__in=(SessionStage.CALLED, SessionStage.OPEN))
    unreached = Invitation.objects.filter(
        running | Exists(held), second_channel_at__isnull=False, acknowledged_at=None
    ).select_related("session", "department")
    for invitation in unreached:
        yield of_session(
            invitation.session, _("用第二种方式送达：%(who)s") % {"who": invitation.department}
        )


def files_to_serve(seen: Seen) -> Iterator[Row]:
    """Yield the cases whose file some departments have not signed for in time, one row a case."""
    cases: dict[int, list[Dispatch]] = {}
    for one in to_serve():
        cases.setdefault(one.filing_id, []).append(one)
    for unsigned in cases.values():
        first = unsigned[0]
        who = _("、").join(one.department.label for one in unsigned)
        row = Row(
            _("用第二种方式送达分送件：%(who)s") % {"who": who},
            f"{case_url(first.filing)}#dispatches",
            f"{first.filing} · {first.filing.enterprise}",
            first.filing.get_stage_display(),
        )
        yield dated(row, first, seen)


def convenor(seen: Seen) -> Iterator[Row]:
    """Yield what waits for the convenor."""
    busy = set(
        AgendaItem.objects.filter(
            conclusion="", session__stage__in=(SessionStage.CALLED, SessionStage.OPEN, SessionStage.CLOSED),
            session__kind="meeting",
        ).values_list("filing_id", flat=True)
    )  # fmt: skip
    for filing in filings(CONVENOR_TASKS):
        if filing.pk not in busy:
            yield of_filing(filing, str(CONVENOR_TASKS[Stage(filing.stage)]), seen)


def sessions_to_hold(seen: Seen) -> Iterator[Row]:
    """Yield sessions that are called or running, excuses to decide, and defaults to confirm or mend."""
    for session in Session.objects.filter(stage__in=(SessionStage.CALLED, SessionStage.OPEN)):
        said = (
            _("改期：%(kind)s")
            if wants_another_day(session, seen.at, seen.calendar)
            else _("主持%(kind)s")
        )
        yield of_session(session, said % {"kind": session.get_kind_display()})
    excuses = Invitation.objects.filter(answer=Answer.EXCUSE).select_related(
        "session", "department"
    )
    excuses = excuses.exclude(session__stage=SessionStage.CANCELLED)
    for invitation in excuses:
        yield of_session(
            invitation.session, _("决定请假：%(who)s") % {"who": invitation.department}
        )
    asked = Question.objects.filter(
        answered_at=None, invitation__session__stage=SessionStage.CALLED
    )
    for question in asked.select_related("invitation__session", "invitation__department"):
        yield of_session(
            question.invitation.session,
            _("答复会前提问：%(who)s") % {"who": question.invitation.department},
        )
    yield from slots(
        Slot.objects.waiting().filter(state__in=(SlotState.CANDIDATE, SlotState.HELD)),
        seen,
        reverse_name="prereview:matrix",
    )


def second_visits_to_decide(seen: Seen) -> Iterator[Row]:
    """Yield requests for a second visit: each is decided with reasons."""
    asked = SecondVisit.objects.filter(state=RequestState.ASKED)
    for request in asked.select_related("agenda__filing__enterprise", "department"):
        yield Row(
            _("决定再次勘察申请：%(who)s") % {"who": request.department},
            reverse("prereview:decide_second_visit", args=[request.pk]), str(request.agenda.filing),
            request.get_state_display(),
        )  # fmt: skip


def conclusions_to_draw(seen: Seen) -> Iterator[Row]:
    """Yield filings whose opinions are all settled; of minutes that were read, who has to confirm them."""
    limits = Prefetch(
        "filing__limits", StageLimit.objects.filter(ended_at=None), to_attr="open_limits"
    )
    drafts = Prefetch("drafts", MinutesDraft.objects.filter(state=DraftState.READ), to_attr="read")
    open_states = [state for state in SlotState.values if state != SlotState.SETTLED]
    settled = (
        AgendaItem.objects.filter(
            session__stage=SessionStage.CLOSED, session__kind="meeting", conclusion=""
        )
        .exclude(slots__state__in=open_states)
        .select_related("filing__enterprise", "session__recorder__user")
        .prefetch_related(limits, drafts)
    )
    for agenda in settled:
        read = next(iter(agenda.read), None)
        if read is None:
            yield of_filing(agenda.filing, _("作出预审结论"), seen)
            continue
        recorder = agenda.session.recorder
        what = _("纪要已宣读，等待记录人%(who)s确认") % {
            "who": recorder.user.name if recorder else ""
        }
        row = of_filing(agenda.filing, what, seen, who=_("记录人"))
        row.url = reverse("prereview:reading", args=[agenda.pk])
        yield row


WINDOW = (
    window,
    letters_to_verify,
    gaps_to_check,
    papers_to_confirm,
    papers_to_type,
    papers_to_hand_out,
    objections_to_answer,
    summons_to_serve,
    files_to_serve,
)
CONVENOR = (
    convenor,
    sessions_to_hold,
    second_visits_to_decide,
    conclusions_to_draw,
    papers_to_confirm,
    papers_to_type,
    papers_to_hand_out,
)
