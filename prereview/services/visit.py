"""现场: what persons on a site enter, now or when their telephone finds a network again; and what settles conflicts.

An entry bears the name that its sender gave it. Sent again it is answered as before and done once; another content
under the same name is refused. What arrives after the recorded close is kept, marked, and not counted.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import Membership
from approvals.services.device import (
    Mark,
    already_used,
    content_of,
    own_entry,
    picture_of,
    place_of,
    times_of,
)
from core.documents.services import keep
from core.notify.words import said as _
from core.steps.moves import act, locked, permit
from core.steps.reasons import NotNow, require
from prereview import policies
from prereview.models import (
    AgendaItem,
    ConflictSettlement,
    Invitation,
    SiteFinding,
    SitePhoto,
    SitePresence,
    SiteSignature,
)
from prereview.queries.standing import Standing
from prereview.queries.visit import Visit
from prereview.services.roll import check_in
from prereview.services.standing import in_case
from prereview.stages import Duty, FindingResult


@dataclass(frozen=True)
class _Stop:
    """A stop under its lock, with the summons of who enters something."""

    agenda: AgendaItem
    summons: Invitation
    mark: Mark
    by: Membership
    at: datetime
    digest: str
    standing: Standing

    def fields(self, *, place: bool = False) -> dict[str, Any]:
        """The fields that every entry has; with `place` those of its position, too."""
        found: dict[str, Any] = {
            "uid": self.mark.uid, "agenda": self.agenda, "department": self.summons.department, "by": self.by,
            **times_of(self.mark, self.agenda.filing, self.at),
            "counted": self.agenda.closed_at is None, "digest": self.digest,
        }  # fmt: skip
        if place:
            found |= place_of(self.mark)
        return found


def _stop(agenda: AgendaItem, mark: Mark, digest: str, by: Membership, at: datetime) -> _Stop:
    """Lock a stop; refuse whoever is not asked there, another's entry, and a visit that has not begun."""
    session = locked(agenda.session)
    agenda = AgendaItem.objects.select_related("session", "filing__rulebook").get(pk=agenda.pk)
    agenda.session = session
    permit(agenda, policies.summoned, by=by, at=at)
    own_entry(mark, by)
    require(agenda, policies.is_a_visit, policies.site_is_open)
    if by.organisation_id not in Visit(agenda, at).departments:
        raise PermissionDenied(_("这个点没有请本部门勘察：请在通知写明的点填写。"))
    summons = session.invitations.select_related("department").get(department_id=by.organisation_id)
    standing = in_case(agenda.filing, Duty.ATTEND, by=by, at=at)
    return _Stop(agenda, summons, mark, by, at, digest, standing)


def _known(model: Any, stop: _Stop) -> Any:
    """Return the entry of this name if it came before; ValidationError where it says something else.

    Something new is refused to who stays out of the case, or whom the department's roster does not let come.
    """
    found = model.objects.filter(uid=stop.mark.uid).first()
    if found is None:
        if stop.standing.refusal:
            raise PermissionDenied(stop.standing.refusal)
        return None
    same = found.agenda_id == stop.agenda.pk and found.by_id == stop.by.pk
    if not same or found.digest != stop.digest:
        raise already_used()
    return found


def _enter(stop: _Stop, name: str, entry: Any, **evidence: Any) -> Any:
    act(
        stop.agenda, name, policy=policies.summoned, by=stop.by, at=stop.at, entry=str(entry.uid),
        department=stop.summons.department.code, filing=stop.agenda.filing.number, digest=entry.digest,
        made_at=entry.made_at, counted=entry.counted, **stop.standing.evidence, **evidence,
    )  # fmt: skip
    entry.save(force_insert=True)
    return entry


def _topic(stop: _Stop, topic: str) -> str:
    if topic not in {point.topic for point in Visit(stop.agenda, stop.at).points}:
        raise ValidationError({"topic": _("勘察清单里没有这个要点。")})
    return topic


@transaction.atomic
def enter_presence(
    agenda: AgendaItem, *, mark: Mark, name: str, card: str, by: Membership, at: datetime
) -> SitePresence:
    """到场签到: a person of the department on the site; the first one also signs the department in at the roll."""
    name, card = name.strip(), card.strip()
    if not name:
        raise ValidationError({"name": _("请写明到场人员的姓名。")})
    stop = _stop(agenda, mark, content_of(mark, name=name, card=card), by, at)
    if found := _known(SitePresence, stop):
        return found  # type: ignore[no-any-return]
    visit = Visit(stop.agenda, at)
    if visit.wanted(stop.summons.department) > 1 and not card:
        text = _(
            "本部门在现场有实质核查的要点：到场人员须出示证件，请写明证号（《中华人民共和国行政许可法》第三十四条）。"
        )
        raise ValidationError({"card": text})
    if stop.agenda.closed_at is None and stop.summons.checked_in_at is None:
        check_in(stop.summons, by=by, at=at, representative=name)
    entry = SitePresence(**stop.fields(), name=name, card=card)
    return _enter(stop, "enter_presence", entry)  # type: ignore[no-any-return]


@transaction.atomic
def enter_finding(
    agenda: AgendaItem,
    *,
    mark: Mark,
    topic: str,
    result: str,
    text: str,
    by: Membership,
    at: datetime,
) -> SiteFinding:
    """记录要点: what the department found at a point; entered anew, the later one stands and the earlier is kept."""
    text = text.strip()
    if result not in FindingResult.values:
        raise ValidationError({"result": _("请选择结果。")})
    if result != FindingResult.FINE and not text:
        raise ValidationError({"text": _("有问题或者需补充的，请写明情况。")})
    stop = _stop(agenda, mark, content_of(mark, topic=topic, result=result, text=text), by, at)
    if found := _known(SiteFinding, stop):
        return found  # type: ignore[no-any-return]
    entry = SiteFinding(
        **stop.fields(place=True), topic=_topic(stop, topic), result=result, text=text
    )
    return _enter(stop, "enter_finding", entry, topic=topic, result=result)  # type: ignore[no-any-return]


def enter_photo(
    agenda: AgendaItem,
    *,
    mark: Mark,
    upload: UploadedFile,
    by: Membership,
    at: datetime,
    topic: str = "",
    sha256: str = "",
) -> SitePhoto:
    """拍照: the picture as it came is the evidence; the digest that the device made is the one of what came."""
    looked = picture_of(upload, sha256)
    with transaction.atomic():
        digest = content_of(mark, topic=topic, sha256=looked.sha256)
        stop = _stop(agenda, mark, digest, by, at)
        if found := _known(SitePhoto, stop):
            return found  # type: ignore[no-any-return]
        entry = SitePhoto(
            **stop.fields(place=True), topic=_topic(stop, topic) if topic else "", sha256=looked.sha256,
            file=keep(looked, book=stop.agenda.session.book, by=by, at=at), digested_on_device=bool(sha256),
        )  # fmt: skip
        return _enter(stop, "enter_photo", entry, topic=topic, sha256=looked.sha256)  # type: ignore[no-any-return]


@transaction.atomic
def sign_site(
    agenda: AgendaItem, *, mark: Mark, covers: list[str], by: Membership, at: datetime
) -> SiteSignature:
    """签字: the department's word that these are its findings; all must have come, and its persons be enough."""
    named = sorted({str(one) for one in covers})
    stop = _stop(agenda, mark, content_of(mark, covers=named), by, at)
    if found := _known(SiteSignature, stop):
        return found  # type: ignore[no-any-return]
    visit = Visit(stop.agenda, at)
    _may_sign(stop, visit, named)
    entry = SiteSignature(**stop.fields(), covers=named)
    return _enter(stop, "sign_site", entry, covers=named)  # type: ignore[no-any-return]


def _may_sign(stop: _Stop, visit: Visit, named: list[str]) -> None:
    """Refuse a signature under nothing, under what has not come, or of fewer persons than the law wants."""
    department = stop.summons.department
    own = {
        str(one.uid)
        for one in [*visit.findings, *visit.photos]
        if one.department_id == department.pk
    }
    if not named:
        raise NotNow([_("还没有本部门的记录：请先逐项记录，再签字。")])
    if missing := set(named) - own:
        text = _("还有%(count)d条记录没有收到：请等它们发送以后再签字。")
        raise NotNow([text % {"count": len(missing)}])
    part = visit.part(department)
    if part.people < part.wanted:
        text = _(
            "实质核查须有%(wanted)d名以上工作人员（《中华人民共和国行政许可法》第三十四条）：已登记%(people)d名，请先登记到场人员。"
        )
        raise NotNow([text % {"wanted": part.wanted, "people": part.people}])


@transaction.atomic
def settle_findings(
    agenda: AgendaItem, *, topic: str, result: str, reasons: str, by: Membership, at: datetime
) -> ConflictSettlement:
    """裁定分歧: the convenor says, with reasons, what the record says on a point, for exactly these findings."""
    if result not in FindingResult.values:
        raise ValidationError({"result": _("请选择裁定的结果。")})
    if not reasons.strip():
        raise ValidationError({"reasons": _("请写明裁定的理由。")})
    session = locked(agenda.session)
    agenda = AgendaItem.objects.select_related("session", "filing__rulebook").get(pk=agenda.pk)
    agenda.session = session
    permit(agenda, policies.convenor, by=by, at=at)
    clash = next((one for one in Visit(agenda, at).unsettled if one.topic == topic), None)
    if clash is None or agenda.closed_at is not None:
        raise NotNow([_("这个要点没有待裁定的分歧。")])
    uids = sorted(clash.uids)
    act(
        agenda, "settle_findings", policy=policies.convenor, by=by, at=at, filing=agenda.filing.number,
        topic=topic, result=result, reasons=reasons.strip(), findings=uids,
    )  # fmt: skip
    return ConflictSettlement.objects.create(
        agenda=agenda, uid=uuid4(), topic=topic, findings=uids, result=result, reasons=reasons.strip(), by=by,
        happened_at=at,
    )  # fmt: skip
