"""What a case and a session offer of this desk."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.asked import Asked
from accounts.models import Membership
from approvals.models import Filing
from approvals.models.seeing import ALSO_ASKED
from approvals.queries import BESIDE, FILES_SEEN, FILES_WITHHELD, KEPT_BACK, PAPERS_SEEN
from approvals.stages import WORKS, Stage
from approvals.views.deadlines import silences
from core.documents.models import Attachment
from core.steps.offers import Offer, offer
from core.steps.templatetags.look import deadline
from prereview import policies, rules
from prereview.models import (
    AddedDepartment,
    AgendaItem,
    Dispatch,
    EnteredOpinion,
    Invitation,
    Mandate,
    RollContest,
    RollCopy,
    Session,
    SitePhoto,
)
from prereview.queries.dispatches import to_sign
from prereview.stages import SessionKind, SessionStage
from prereview.views.base import DEPARTMENT, ITS_MOMENT

UNDER_WAY = (Stage.SURVEYING, Stage.PREREVIEWING)
BEFORE_THE_START = (
    Stage.ACCEPTED, *UNDER_WAY, Stage.COMMITTING, Stage.COMMITTED, Stage.NOTICED, Stage.CLEARED,
)  # fmt: skip
SPOKEN = (
    *UNDER_WAY, Stage.COMMITTING, Stage.COMMITTED, Stage.NOTICED, Stage.CLEARED, *WORKS, Stage.COMPLETED,
    Stage.NOT_PASSED,
)  # fmt: skip
RUNNING = (SessionStage.CALLED, SessionStage.OPEN)


def meeting_of(filing: Filing) -> AgendaItem | None:
    """Return the meeting of the present round that a filing is on the agenda of, if one was called."""
    found = filing.agenda_items.filter(session__kind=SessionKind.MEETING, round=filing.round)
    return found.exclude(session__stage=SessionStage.CANCELLED).order_by("-pk").first()


def no_meeting_yet(filing: Filing) -> bool:
    """Whether a meeting is still to be called in this round."""
    return meeting_of(filing) is None


def to_conclude(filing: Filing) -> bool:
    """Whether a meeting of this round has no conclusion yet."""
    item = meeting_of(filing)
    return item is not None and not item.conclusion


def session_running(filing: Filing) -> bool:
    """Whether a session of the filing is called or open."""
    return filing.agenda_items.filter(session__stage__in=RUNNING).exists()


def has_slots(filing: Filing) -> bool:
    """Whether anybody was asked."""
    return filing.slots.exists()


def owes(filing: Filing, by: Membership) -> bool:
    """Whether a person's department owes an opinion."""
    return (
        by.role in DEPARTMENT
        and filing.slots.waiting().filter(department_id=by.organisation_id).exists()
    )


def has_to_sign(filing: Filing, by: Membership) -> bool:
    """Whether a person's department was sent the file and has not signed for it."""
    return by.role in DEPARTMENT and to_sign(by).filter(filing=filing).exists()


def invited(filing: Filing, by: Membership) -> bool:
    """The staff, or a department that was summoned."""
    if policies.staff(filing, by):
        return True
    return by.role in DEPARTMENT and filing.slots.filter(department_id=by.organisation_id).exists()


def several_stops(session: Session) -> bool:
    """Whether there is a route to be planned."""
    return session.is_survey and session.agenda.count() > 1


def notices_seen(by: Membership) -> QuerySet[Any]:
    """Return the summonses on paper of the sessions that a person sees."""
    return Session.objects.visible_to(by).exclude(notice=None).order_by().values("notice")


def own_notices_seen(by: Membership) -> QuerySet[Any]:
    """Return the summonses on paper that one department alone was sent: to itself, and to the county's staff."""
    found = Invitation.objects.filter(session__in=Session.objects.visible_to(by))
    if by.role in DEPARTMENT:
        found = found.filter(department_id=by.organisation_id)
    return found.exclude(notice=None).order_by().values("notice")


def asked_beside(organisation_id: int) -> Any:
    """Return the filings on which the convenor asked a department beside those of the list."""
    return AddedDepartment.objects.filter(department_id=organisation_id).values("agenda__filing")


def everybody(filing: Filing, by: Membership) -> bool:
    """Whoever sees the case."""
    return True


def opinions_silence(filing: Filing) -> str:
    """Say what silence does to the opinions of this filing, with the date where all share one."""
    dates = set(filing.slots.waiting().values_list("due_at", flat=True))
    until = (
        _("%(until)s前") % {"until": deadline(dates.pop())}
        if len(dates) == 1 and None not in dates
        else ""
    )
    return until + _(
        "未提出意见的，视同无异议，程序继续；应办的审批仍须办理。红线事项转效能监督督办，不视为同意。"
    )


def minutes_silence(filing: Filing) -> str:
    """Say until when the conclusion is due."""
    return silences(filing, rules.MINUTES.code)


FILING: tuple[Offer, ...] = (
    Offer("sign_file", gettext_lazy("签收分送件"), "prereview:sign_file", BEFORE_THE_START, has_to_sign),
    Offer("opinions", gettext_lazy("提出意见"), "prereview:opinions", UNDER_WAY, owes, silence=opinions_silence),
    Offer(
        "begin_survey", gettext_lazy("召集联合勘察"), "prereview:call_case", (Stage.ACCEPTED,),
        policies.convenor, transition="begin_survey",
    ),
    Offer(
        "skip_survey", gettext_lazy("不勘察，直接预审"), "prereview:skip_survey", (Stage.ACCEPTED,),
        policies.convenor, transition="skip_survey", primary=False,
    ),
    Offer(
        "call_meeting", gettext_lazy("召集联合预审会"), "prereview:call_case", (Stage.PREREVIEWING,),
        policies.convenor, conditions=(policies.filing_not_suspended,), shown=no_meeting_yet,
    ),
    Offer(
        "conclude", gettext_lazy("作出预审结论"), "prereview:case_conclude", (Stage.PREREVIEWING,),
        policies.convenor, conditions=(policies.filing_was_heard, policies.filing_opinions_are_settled),
        silence=minutes_silence, shown=to_conclude,
    ),
    Offer(
        "case_session", gettext_lazy("会次"), "prereview:case_session", UNDER_WAY, invited, primary=False,
        shown=session_running,
    ),
    Offer(
        "matrix", gettext_lazy("部门意见一览"), "prereview:matrix", SPOKEN, everybody, primary=False,
        shown=has_slots,
    ),
)  # fmt: skip

SESSION: tuple[Offer, ...] = (
    Offer(
        "open", gettext_lazy("宣布开始"), "prereview:session_open", (SessionStage.CALLED,), policies.convenor,
        transition="open", conditions=ITS_MOMENT,
    ),
    Offer(
        "close", gettext_lazy("宣布结束"), "prereview:session_close", (SessionStage.OPEN,), policies.convenor,
        transition="close",
    ),
    Offer(
        "move", gettext_lazy("改期"), "prereview:session_move", (SessionStage.CALLED,), policies.convenor,
        primary=False,
    ),
    Offer(
        "add_department", gettext_lazy("增加部门"), "prereview:session_add", (SessionStage.CALLED,),
        policies.convenor, primary=False, conditions=(policies.takes_departments,),
    ),
    Offer(
        "route", gettext_lazy("安排路线"), "prereview:session_route", (SessionStage.CALLED,), policies.convenor,
        primary=False, shown=several_stops,
    ),
    Offer(
        "cancel", gettext_lazy("取消会次"), "prereview:session_cancel", (SessionStage.CALLED,), policies.convenor,
        transition="cancel", primary=False,
    ),
)  # fmt: skip


def sees_proof(kept: Attachment, by: Membership) -> bool:
    """Whether a file is a proof this person may read, of service, authority or words: a department its own."""
    sessions = Session.objects.visible_to(by)
    summons = Invitation.objects.filter(
        Q(attempts__proof=kept) | Q(authority_file=kept) | Q(excuse_file=kept), session__in=sessions
    )
    own = by.role in DEPARTMENT and Mandate.objects.filter(scan=kept, department=by.organisation_id)
    if own and own.exists():
        return True
    contested = RollContest.objects.filter(proof=kept, invitation__session__in=sessions)
    entered = EnteredOpinion.objects.filter(proof=kept, slot__agenda__session__in=sessions)
    if by.role in DEPARTMENT:
        summons = summons.filter(department_id=by.organisation_id)
        entered = entered.filter(slot__department_id=by.organisation_id)
        contested = contested.filter(invitation__department_id=by.organisation_id)
    return contested.exists() or summons.exists() or entered.exists()


def rolls_seen(by: Membership) -> QuerySet[Any]:
    """Return the rolls of the sessions to which a person's department was summoned, as papers; to the staff, all."""
    seen = RollCopy.objects.filter(session__in=Session.objects.visible_to(by))
    return seen.order_by().values("paper")


def sees_photo(kept: Attachment, by: Membership) -> bool:
    """Whether a file is a photograph of a site that this person's office saw, or that the county's staff watches."""
    seen = Session.objects.visible_to(by)
    return SitePhoto.objects.filter(file=kept, agenda__session__in=seen).exists()


def withholds_receipt(kept: Attachment, by: Membership) -> bool:
    """Whether a file proves how the case's file was served on a department, and this person is neither it nor staff."""
    sent = Dispatch.objects.filter(attempts__proof=kept)
    return sent.exists() and not sent.visible_to(by).exists()


def receipts_of(filing: Filing) -> set[int]:
    """Return the keys of the files that prove how a case's file was served on its departments."""
    return set(_receipts(filing.pk))


@Asked
def _receipts(filing: int) -> QuerySet[Any]:
    proven = Dispatch.objects.filter(filing=filing, attempts__proof__isnull=False)
    return proven.order_by().values_list("attempts__proof", flat=True)


def books_of_sessions(filing: Filing) -> set[int]:
    """Return the books of the sessions at which a filing was on the agenda."""
    return set(filing.agenda_items.values_list("session__book_id", flat=True))


offer("approvals.Filing", *FILING)
offer("prereview.Session", *SESSION)
FILES_SEEN.extend((sees_proof, sees_photo))
PAPERS_SEEN.extend((rolls_seen, notices_seen, own_notices_seen))
FILES_WITHHELD.append(withholds_receipt)
KEPT_BACK.append(receipts_of)
BESIDE.append(books_of_sessions)
ALSO_ASKED.append(asked_beside)
