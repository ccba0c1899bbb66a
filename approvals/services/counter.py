"""窗口收纸质申报: an application that comes on paper is typed at the window, compared by a second person, then filed.

And what service means for an enterprise without an account: it fetches each paper at the counter and signs for it.
What falls on such an enterprise runs from there (design §2.3: no proof of service, no default).
"""

from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import Membership, Organisation
from accounts.rules import check_uscc, unseen_in
from accounts.services import enterprise_on_paper
from accounts.stages import Kind
from approvals import policies
from approvals.models import Fetched, Filing, PaperIntake, StageLimit
from approvals.queries import catalogue_at
from approvals.rules import limits
from approvals.services.telling import tell_second_person
from approvals.stages import ENDS, PaperState, PaperStep, Stage
from core.deadlines.queries import NoEdition
from core.deadlines.rules import Rule
from core.deadlines.services import start
from core.documents.models import Attachment, Paper
from core.documents.services import keep, look
from core.ledger.services import open_book
from core.notify.words import said as _
from core.steps.moves import act, locked, permit
from core.steps.reasons import NotNow, need_words, require

CHECKLIST_NOTICE = "DOC01"
# Which paper an enterprise must have in hand before its time runs; of any other stage, whichever was issued in it.
BEGINS_WITH = {
    Stage.CORRECTING: "DOC04",
    Stage.COMMITTING: "DOC16",
    Stage.START_NOTIFIED: "DOC21",
    Stage.AMENDING: "DOC42",
}
# What other desks know of what is owed no more, so that no paper begins it: (filing, rule). Filled in ready().
OWED_NO_MORE: list[Callable[[Filing, Rule], bool]] = []


@transaction.atomic
def open_at_counter(
    *,
    uscc: str,
    name: str,
    legal_representative: str = "",
    contact: str = "",
    phone: str = "",
    uscc_confirmed: bool = False,
    by: Membership,
    at: datetime,
) -> Filing:
    """Open a filing for the enterprise that a paper application names, found by its code or entered from the paper.

    Raises ValidationError for what is no code, for a doubtful one that was not compared again, and for a code that is
    known under another name.
    """
    permit(None, policies.window, by=by, at=at)
    code = check_uscc(uscc)
    if code.verdict == "invalid" or (code.verdict == "warn" and not uscc_confirmed):
        raise ValidationError({"uscc": code.reason})
    if against := _against_name(code.normalised, name.strip()):
        raise ValidationError({"name": against})
    at_hand = {
        "legal_representative": legal_representative.strip(),
        "contact": contact.strip(),
        "phone": phone.strip(),
    }
    enterprise = enterprise_on_paper(uscc=code.normalised, name=name.strip(), at_hand=at_hand)
    filing = Filing(enterprise=enterprise, created_by=by, stage_since=at, on_paper=True)
    filing.book = open_book(f"filing:{filing.public_id}")
    filing.save()
    act(
        filing, "open_at_counter", policy=policies.window, by=by, at=at, enterprise=enterprise.name,
        uscc=enterprise.uscc,
    )  # fmt: skip
    return filing


def _against_name(code: str, name: str) -> str:
    if unseen := unseen_in(name):
        return unseen
    known = Organisation.objects.filter(kind=Kind.ENTERPRISE, uscc=code).first()
    if known is None:
        return "" if name else _("请填写企业名称，与营业执照一致。")
    if name and name != known.name and not _never_filed(known):
        return _("这个信用代码登记的企业是“%(name)s”：请对照营业执照核对代码和名称。") % {
            "name": known.name
        }
    return ""


def _never_filed(known: Organisation) -> bool:
    """Tell whether a code was only ever typed at the counter: its name may have been another's, mistyped."""
    filed = Filing.objects.filter(enterprise=known).exclude(stage=Stage.DRAFT)
    return known.only_on_paper() and not filed.exists()


@transaction.atomic
def enter_application(
    filing: Filing,
    *,
    paper_at: datetime,
    bearer: str,
    upload: UploadedFile | None = None,
    by: Membership,
    at: datetime,
) -> PaperIntake:
    """送第二人确认: the application is typed; with its scan, its time and its bearer it waits for a second person.

    Without a new scan the last one entered in this filing stands. Nothing runs before the confirmation.
    """
    found = look(upload) if upload else None
    filing = locked(filing)
    permit(filing, policies.window, by=by, at=at)
    if against := why_not_entered(filing):
        raise NotNow(against)
    before = last_scan(filing)
    if faults := _faults(paper_at, bearer, bool(found or before), at):
        raise ValidationError(faults)
    scan = keep(found, book=filing.book, by=by, at=at) if found else before
    assert scan is not None  # else there was a fault
    made = PaperIntake.objects.create(
        filing=filing, step=PaperStep.FILING, paper_at=paper_at, bearer=bearer.strip(), scan=scan,
        doubles=[other.number or other.public_id for other in doubles_of(filing)], entered_by=by, entered_at=at,
    )  # fmt: skip
    act(
        filing, "enter_paper", policy=policies.window, by=by, at=at, intake=made.pk, paper_at=paper_at,
        sha256=scan.sha256,
    )  # fmt: skip
    tell_second_person(made, by=by, at=at)
    return made


def why_not_entered(filing: Filing) -> list[str]:
    """Return what keeps an application from its second person."""
    if filing.paper_intakes.filter(state=PaperState.ENTERED).exists():
        return [_("已有一份纸质收件待第二人确认：请先确认或者不予确认。")]
    return filing.why_not("submit_on_paper")


def last_scan(filing: Filing) -> Attachment | None:
    """Return the scan of the application that was entered last, if one was."""
    last = filing.paper_intakes.filter(step=PaperStep.FILING).select_related("scan").last()
    return last.scan if last else None


def doubles_of(filing: Filing) -> list[Filing]:
    """Return the filings on their way that bear the same project code."""
    if not filing.project_code:
        return []
    same = Filing.objects.filter(project_code=filing.project_code).exclude(pk=filing.pk)
    return list(same.exclude(stage__in=(Stage.DRAFT, *ENDS)).order_by("pk"))


def _faults(paper_at: datetime, bearer: str, scanned: bool, at: datetime) -> dict[str, str]:
    rules = (
        ("paper_at", paper_at > at and _("纸质申报交到窗口的时间不能晚于现在。")),
        ("paper_at", not _in_force(paper_at) and _("那时还没有施行的事项清单，不能申报。")),
        ("bearer", not bearer.strip() and _("请写明交件人。")),
        ("upload", not scanned and _("请上传企业签字盖章的申请书扫描件。")),
    )
    return {name: str(said) for name, said in rules if said}


def _in_force(at: datetime) -> bool:
    try:
        return catalogue_at(at) is not None
    except NoEdition:
        return False


@transaction.atomic
def drop_application(filing: Filing, *, reason: str, by: Membership, at: datetime) -> Filing:
    """作废录入: typed for the wrong enterprise, or taken back by it before it was filed; it stays on record."""
    need_words(reason)
    filing = locked(filing)
    permit(filing, policies.window, by=by, at=at)
    require(filing, policies.is_on_paper)
    if filing.stage != Stage.DRAFT:
        raise NotNow([filing.wrong_stage("submit_on_paper")])
    if filing.paper_intakes.filter(state=PaperState.ENTERED).exists():
        raise NotNow([_("已有一份纸质收件待第二人确认：请先确认或者不予确认。")])
    act(filing, "drop_application", policy=policies.window, by=by, at=at, reason=reason.strip())
    filing.ended_because = reason.strip()
    filing.save(update_fields=["ended_because"])
    return filing


@transaction.atomic
def hand_out_paper(
    filing: Filing,
    *,
    paper: Paper,
    collector: str,
    upload: UploadedFile,
    by: Membership,
    at: datetime,
) -> Fetched:
    """窗口领取: a paper is handed to the enterprise, which signs for it; it counts from now, never from before.

    What falls on the enterprise with this paper begins here, where nobody could be reached when it was issued.
    """
    found = look(upload)
    filing = locked(filing)
    permit(filing, policies.window, by=by, at=at)
    require(filing, policies.came_on_paper)
    if not collector.strip():
        raise ValidationError({"collector": _("请写明领取人。")})
    if paper.book_id != filing.book_id or Fetched.objects.filter(paper=paper).exists():
        raise NotNow([_("这份文书已经领取过，或者不是本件的文书。")])
    scan = keep(found, book=filing.book, by=by, at=at)
    act(
        filing, "hand_out_paper", policy=policies.window, by=by, at=at, number=paper.number, sha256=scan.sha256
    )  # fmt: skip
    made = Fetched.objects.create(
        filing=filing, paper=paper, collector=collector.strip(), scan=scan, handed_by=by, handed_at=at
    )  # fmt: skip
    if paper.kind == CHECKLIST_NOTICE and filing.acknowledged_at is None:
        filing.acknowledged_at = at
        filing.save(update_fields=["acknowledged_at"])
    _begin(filing, paper, at)
    return made


def _begin(filing: Filing, paper: Paper, at: datetime) -> None:
    """Start what falls on the enterprise in this stage and could not begin, if this is the paper that tells it so."""
    stage = Stage(filing.stage)
    if stage == Stage.COMMITTING and policies.letter_is_signed(filing):
        return  # an account came in between, and it signed online: nothing is left to fall on it
    if paper.issued_at < filing.stage_since or paper.kind != BEGINS_WITH.get(stage, paper.kind):
        return
    for rule in limits.BY_STAGE.get(stage, ()):
        if any(owed_no_more(filing, rule) for owed_no_more in OWED_NO_MORE):
            continue
        begun = filing.limits.filter(rule=rule.code, started_at__gte=filing.stage_since)
        if rule == limits.PROGRESS_REPORT:
            begun = begun.filter(ended_at=None)  # each report ends one, and the next begins anew
        if limits.SORTS.get(rule.code) == limits.LimitSort.ENTERPRISE and not begun.exists():
            start(
                StageLimit(filing=filing, book=filing.book), rule, at=at, rulebook=filing.rulebook
            )
