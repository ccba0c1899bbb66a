"""窗口纸质收件: what an enterprise brought on paper is entered by one person of the window and confirmed by another.

The time on the paper is entered by hand (event time, beside the entry time): it needs evidence and a second person,
is marked as late entry, and neither makes nor takes back what silence decides. Before the confirmation nothing runs.
"""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from accounts.queries import holders
from accounts.stages import Role
from approvals import policies
from approvals.models import Filing, Material, MaterialFile, PaperIntake
from approvals.services.application import barred, pin_editions, taken_as_filed
from approvals.services.drafts import filing_number
from approvals.services.files import TAKES_MATERIALS
from approvals.services.paper_clock import counted_since, run_from
from approvals.services.papers import receipt
from approvals.services.telling import tell_enterprise, tell_second_person
from approvals.stages import MaterialState, PaperState, PaperStep, Stage
from core.documents.services import keep, look
from core.documents.stages import Scan
from core.ledger.services import Act, record, record_all
from core.notify.services import tell
from core.notify.words import said as _
from core.steps.moves import act, locked, move, permit
from core.steps.reasons import NotNow, need_words
from core.steps.templatetags.look import moment

STEPS = {Stage.LISTED: PaperStep.HAND_IN, Stage.CORRECTING: PaperStep.CORRECTION}
OF_STAGE = {**STEPS, Stage.DRAFT: PaperStep.FILING}


@transaction.atomic
def enter_paper(
    filing: Filing,
    *,
    paper_at: datetime,
    bearer: str,
    materials: Sequence[int],
    upload: UploadedFile,
    by: Membership,
    at: datetime,
) -> PaperIntake:
    """登记纸质收件: when it came, who brought it, which papers, with the scan; it waits for a second person."""
    found = look(upload)
    filing = locked(filing)
    permit(filing, policies.window, by=by, at=at)
    step = _step_now(filing)
    if filing.paper_intakes.filter(state=PaperState.ENTERED).exists():
        raise NotNow([_("已有一份纸质收件待第二人确认：请先确认或者不予确认。")])
    wanted = _wanted(filing, materials)
    if faults := _faults(filing, paper_at, bearer, wanted, at):
        raise ValidationError(faults)
    scan = keep(found, book=filing.book, by=by, at=at)
    made = PaperIntake.objects.create(
        filing=filing, step=step, paper_at=paper_at, bearer=bearer.strip(),
        materials=[one.pk for one in wanted], scan=scan, entered_by=by, entered_at=at,
    )  # fmt: skip
    act(
        filing, "enter_paper", policy=policies.window, by=by, at=at, intake=made.pk,
        paper_at=paper_at, sha256=scan.sha256, materials=made.materials,
    )  # fmt: skip
    tell_second_person(made, by=by, at=at)
    return made


def _step_now(filing: Filing) -> PaperStep:
    step = STEPS.get(Stage(filing.stage))
    if step is None:
        raise NotNow([_("只有清单送达以后提交材料、或者补正的时候，窗口才收纸质材料。")])
    return step


def _wanted(filing: Filing, materials: Sequence[int]) -> list[Material]:
    """Return the papers that came, which must be wanted now."""
    found = list(filing.materials.filter(pk__in=materials, state__in=TAKES_MATERIALS))
    if len(found) < len(set(materials)):
        raise NotNow([_("所选的材料里有现在不需要提交的，请重新勾选。")])
    return [one for one in found if one.state != MaterialState.GAP]


def _faults(
    filing: Filing, paper_at: datetime, bearer: str, wanted: list[Material], at: datetime
) -> dict[str, str]:
    """Return by field what stands against an entry."""
    assert filing.served_at is not None  # by its stage
    since = filing.stage_since if filing.stage == Stage.CORRECTING else filing.served_at
    before = (
        _("补正告知以前不会有补正材料：时间不能早于补正告知。")
        if filing.stage == Stage.CORRECTING
        else _("清单送达以前不会有按清单交的材料：时间不能早于告知书送达。")
    )
    rules = (
        ("paper_at", paper_at > at and _("纸质收件的时间不能晚于现在。")),
        ("paper_at", paper_at < since and before),
        ("bearer", not bearer.strip() and _("请写明交件人。")),
        ("materials", not wanted and _("请勾选交来的材料。")),
    )
    return {name: str(said) for name, said in rules if said}


def _held(intake: PaperIntake, *, by: Membership, at: datetime) -> tuple[Filing, PaperIntake]:
    """Return the case under its lock and the entry as it now is, for a second person of the window."""
    filing = locked(intake.filing)
    permit(filing, policies.window, by=by, at=at)
    fresh = PaperIntake.objects.select_related("entered_by", "scan").get(pk=intake.pk)
    fresh.filing = filing
    if fresh.state != PaperState.ENTERED:
        raise NotNow(
            [_("这份纸质收件已经办过：%(state)s。") % {"state": fresh.get_state_display()}]
        )
    if fresh.entered_by.user_id == by.user_id:
        raise NotNow([_("登记的人不能自己确认：须由窗口的另一个人对照纸质材料确认。")])
    if by.user_id in fresh.typists():
        raise NotNow([_("录入的人不能自己确认：须由窗口的另一个人对照纸质材料确认。")])
    return filing, fresh


def _ready(filing: Filing, intake: PaperIntake, at: datetime) -> datetime:
    """Return from when an entry counts; NotNow where it cannot be confirmed any more."""
    # An entry of one round of correction is none of the next: the stage has the same name, and began anew.
    if OF_STAGE.get(Stage(filing.stage)) != intake.step or intake.entered_at < filing.stage_since:
        raise NotNow([_("本件的阶段已经变了，这份登记不再适用：请不予确认，按现在的阶段办理。")])
    if intake.scan.scan == Scan.INFECTED:
        raise NotNow([_("收件扫描件查毒发现恶意代码：请不予确认，重新扫描后再登记。")])
    since = counted_since(filing, intake, at)
    if late := filing.overtaken(f"{intake.step}_on_paper", max(at, since)):
        raise NotNow([*late, _why_late(intake, at, since)])
    return since


@transaction.atomic
def confirm_paper(intake: PaperIntake, *, by: Membership, at: datetime) -> Filing:
    """第二人确认: from now the papers are in, as of the time on them; the receipt says that it was entered late.

    What came after the counter had closed counts from its next opening; where silence would decide before the window
    could speak, the limits run from the confirmation instead, and the supervisor is told (`counted_since`).
    """
    filing, intake = _held(intake, by=by, at=at)
    applied = intake.step == PaperStep.FILING
    if applied:
        pin_editions(filing, at)
        if reasons := barred(filing, at):
            raise NotNow(reasons)
    since = _ready(filing, intake, at)
    intake.state, intake.counted_from = PaperState.CONFIRMED, since
    intake.decided_by, intake.decided_at = by, at
    intake.save()
    _files(filing, intake, by=by, at=at)
    record(
        filing.book, "confirm_paper", by=by, at=at, intake=intake.pk, paper_at=intake.paper_at,
        counted_from=since, entered_by=intake.entered_by,
    )  # fmt: skip
    step = getattr(filing, f"{intake.step}_on_paper")
    event = at if since == at else intake.paper_at
    more = {"number": filing_number(at)} if applied else {}
    filing = move(step, by=by, at=event, entered_at=at, intake=intake.pk, **more)  # type: ignore[assignment]
    if since != event:
        run_from(filing, intake, since)
    if intake.counted_late:
        _tell_supervisor(filing, intake, at)
    return (taken_as_filed if applied else _taken_in)(filing, intake, by=by, at=at)


def _taken_in(filing: Filing, intake: PaperIntake, *, by: Membership, at: datetime) -> Filing:
    filing.received_at = intake.paper_at
    if filing.acknowledged_at is None:  # who hands in by the list has the list
        filing.acknowledged_at = intake.paper_at
    filing.save()
    receipt(filing, by=by, at=at, corrected=intake.step == PaperStep.CORRECTION, paper=intake)
    tell_enterprise(filing, _("窗口已收到纸质材料，收件回执已出具（补录）"), "received", at)
    return filing


def _why_late(intake: PaperIntake, at: datetime, since: datetime) -> str:
    if since > at:
        said = {"came": moment(intake.paper_at), "since": moment(since)}
        return _("%(came)s交到窗口时窗口已经关门，从%(since)s起算；网上提交到当日24时。") % said
    return _("补录的时间不能推翻已经到期的结果。")


def _files(filing: Filing, intake: PaperIntake, *, by: Membership, at: datetime) -> None:
    """Put the scan into each paper that came, as its next version."""
    acts, rows = [], []
    for material in filing.materials.filter(pk__in=intake.materials, state__in=TAKES_MATERIALS):
        material.version += 1
        material.attachment, material.handed_in_at = intake.scan, intake.paper_at
        material.state, material.reason = MaterialState.RECEIVED, ""
        material.save(update_fields=["version", "attachment", "handed_in_at", "state", "reason"])
        rows.append(
            MaterialFile(
                material=material, version=material.version, place=1, attachment=intake.scan
            )
        )
        said = {"material": material, "version": material.version, "sha256": intake.scan.sha256}
        acts.append(Act(filing.book_id, "upload_material", said))
    MaterialFile.objects.bulk_create(rows)
    record_all(acts, by=by, at=at)


@transaction.atomic
def refuse_paper(intake: PaperIntake, *, reason: str, by: Membership, at: datetime) -> PaperIntake:
    """不予确认: the second person did not find it so; nothing has run from it, and it stays on record."""
    need_words(reason)
    filing, intake = _held(intake, by=by, at=at)
    intake.state, intake.reason = PaperState.REFUSED, reason.strip()
    intake.decided_by, intake.decided_at = by, at
    intake.save()
    record(filing.book, "refuse_paper", by=by, at=at, intake=intake.pk, reason=intake.reason)
    tell(
        [intake.entered_by], _("%(project)s：纸质收件没有确认：%(why)s")
        % {"project": str(filing), "why": intake.reason},
        about=f"paper-refused:{intake.pk}", at=at, link=f"/cases/{filing.public_id}/paper/",
    )  # fmt: skip
    return intake


@transaction.atomic
def take_back_paper(
    intake: PaperIntake, *, reason: str, by: Membership, at: datetime
) -> PaperIntake:
    """收回修改: before the second person has decided, by the one who entered it; it stays on record."""
    need_words(reason)
    filing = locked(intake.filing)
    fresh = PaperIntake.objects.select_related("entered_by__user", "scan").get(pk=intake.pk)
    fresh.filing = filing
    permit(fresh, policies.takes_back_paper, by=by, at=at)
    if fresh.state != PaperState.ENTERED:
        raise NotNow(
            [_("这份纸质收件已经办过：%(state)s。") % {"state": fresh.get_state_display()}]
        )
    fresh.state, fresh.reason = PaperState.TAKEN_BACK, reason.strip()
    fresh.save(update_fields=["state", "reason"])
    record(filing.book, "take_back_paper", by=by, at=at, intake=fresh.pk, reason=fresh.reason)
    return fresh


def _tell_supervisor(filing: Filing, intake: PaperIntake, at: datetime) -> None:
    tell(
        holders(Role.SUPERVISOR, timezone.localdate(at)),
        _("%(project)s：纸质收件补录太晚，期限改从确认时起算；补录不产生、也不推翻默认")
        % {"project": str(filing)},
        about=f"paper-late:{intake.pk}", at=at, link=f"/cases/{filing.public_id}/paper/",
    )  # fmt: skip
