"""现场检查: photographs and the enterprise's word as they come from a telephone on the works, now or later.

An entry bears the name that its sender gave it: sent again it is answered as before and done once. What arrives after
the check was recorded is kept, marked, and stands on no record.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

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
from core.documents.services import Looked, keep
from core.steps.moves import act, locked, permit
from core.steps.reasons import NotNow, require
from inspection import policies
from inspection.models import Check, CheckPhoto, CheckStatement
from inspection.queries.works import clauses_of
from inspection.services.apart import keep_inspector_apart
from inspection.services.officers import two_officers
from inspection.stages import Signing


@dataclass(frozen=True)
class Said:
    """What the enterprise's person on the site says: name, role and words; or why the signature is refused."""

    signing: Signing
    name: str = ""
    role: str = ""
    text: str = ""
    reason: str = ""
    witnesses: Sequence[dict[str, str]] = ()


def _here(check: Check, mark: Mark, by: Membership, at: datetime) -> Check:
    """Lock the case of a check; refuse whoever does not hold it, and what another made on the same device."""
    filing = locked(check.filing)
    check = Check.objects.select_related("department").get(pk=check.pk)
    check.filing = filing
    permit(check, policies.own_department, by=by, at=at)
    own_entry(mark, by)
    return check


def _known(model: Any, check: Check, mark: Mark, digest: str, by: Membership) -> Any:
    """Return the entry of this name if it came before; ValidationError where it says something else."""
    found = model.objects.filter(uid=mark.uid).first()
    if found is None:
        return None
    if (found.visit_id, found.by_id, found.digest) != (check.pk, by.pk, digest):
        raise already_used()
    return found


def _fields(check: Check, mark: Mark, digest: str, by: Membership, at: datetime) -> dict[str, Any]:
    """Refuse what is new where nothing new is taken; return the fields that every entry has."""
    keep_inspector_apart(check.filing, by)
    require(check, policies.check_was_not_called_off)
    require(check.filing, policies.works_are_on)
    return {
        "uid": mark.uid, "visit": check, "department": check.department, "by": by, "digest": digest,
        "counted": check.held_at is None, **times_of(mark, check.filing, at),
    }  # fmt: skip


def _enter(check: Check, name: str, entry: Any, *, by: Membership, at: datetime) -> Any:
    act(
        check.filing, name, policy=policies.checks, by=by, at=at, check=check.pk, entry=str(entry.uid),
        department=check.department.code, digest=entry.digest, made_at=entry.made_at, counted=entry.counted,
    )  # fmt: skip
    entry.save(force_insert=True)
    return entry


def enter_check_photo(
    check: Check,
    *,
    mark: Mark,
    upload: UploadedFile,
    by: Membership,
    at: datetime,
    clause: str = "",
    sha256: str = "",
) -> CheckPhoto:
    """拍照: the picture as it came is the evidence, beside a clause (its number) or the check as a whole."""
    looked = picture_of(upload, sha256)
    with transaction.atomic():
        check = _here(check, mark, by, at)
        digest = content_of(mark, clause=clause, sha256=looked.sha256)
        if found := _known(CheckPhoto, check, mark, digest, by):
            return found  # type: ignore[no-any-return]
        fields = _fields(check, mark, digest, by, at)
        entry = CheckPhoto(
            **fields, **place_of(mark), clause=_clause(check, clause), sha256=looked.sha256,
            file=keep(looked, book=check.filing.book, by=by, at=at), digested_on_device=bool(sha256),
        )  # fmt: skip
        return _enter(check, "enter_check_photo", entry, by=by, at=at)  # type: ignore[no-any-return]


def _clause(check: Check, number: str) -> Any:
    if not number:
        return None
    found = clauses_of(check.filing).filter(checked_by=check.department_id, number=number).first()
    if found is None:
        raise ValidationError({"clause": _("只能核查本部门负责的、现行承诺书的条款。")})
    return found


def take_statement(
    check: Check,
    *,
    mark: Mark,
    said: Said,
    by: Membership,
    at: datetime,
    upload: UploadedFile | None = None,
    sha256: str = "",
    drawn: bool = False,
) -> CheckStatement:
    """记录陈述: what the enterprise's person says, with the signature drawn there (a picture), or the refusal to sign.

    A drawn signature is evidence of presence and no electronic signature in the sense of 电子签名法.
    """
    looked = picture_of(upload, sha256) if upload else None
    said = _whole(said, looked)
    with transaction.atomic():
        check = _here(check, mark, by, at)
        own = looked.sha256 if looked else ""
        digest = content_of(mark, **vars(said), sha256=own, drawn=drawn)
        if found := _known(CheckStatement, check, mark, digest, by):
            return found  # type: ignore[no-any-return]
        fields = _fields(check, mark, digest, by, at)
        entry = CheckStatement(
            **fields, **vars(said), sha256=own, drawn=bool(looked and drawn),
            signature=keep(looked, book=check.filing.book, by=by, at=at) if looked else None,
        )  # fmt: skip
        return _enter(check, "take_statement", entry, by=by, at=at)  # type: ignore[no-any-return]


def _whole(said: Said, looked: Looked | None) -> Said:
    """Return what was said, cleaned; ValidationError for a signature without name, or a refusal without witnesses."""
    if said.signing not in Signing.values:
        raise ValidationError({"signing": _("请选择签字情况。")})
    words = {name: getattr(said, name).strip() for name in ("name", "role", "text", "reason")}
    if said.signing == Signing.SIGNED:
        if not (words["name"] and words["role"]):
            raise ValidationError({"name": _("请写明签名人的姓名和身份。")})
        if looked is None:
            raise ValidationError({"upload": _("请签名人在屏幕上签名，或者拍下纸上的签名。")})
        return Said(Signing.SIGNED, **{**words, "reason": ""}, witnesses=[])
    if looked is not None:
        raise ValidationError({"upload": _("拒绝签名的，不附签名。")})
    if not words["reason"]:
        raise ValidationError({"reason": _("请写明拒绝签名的理由；没有说明的，写“未说明理由”。")})
    try:
        witnesses = two_officers(said.witnesses)
    except ValidationError as fault:
        text = _("拒绝签名的，由两名检查人员见证，写明各自的姓名和执法证号。")
        raise ValidationError({"witnesses": text}) from fault
    return Said(Signing.REFUSED, **words, witnesses=witnesses)


# — the record of the check itself ————————————————————————————————————————————————


def record_digest(
    mark: Mark | None, officers: Iterable[Any], results: Iterable[Any], text: str, statement: str
) -> str:
    """Return the digest of a record that a telephone sends; empty of one without a name."""
    if mark is None:
        return ""
    rows = [
        [x.clause.number, str(x.kept), x.note, vars(x.breach) if x.breach else None]
        for x in results
    ]
    people = [dict(one) for one in officers]
    return content_of(mark, officers=people, results=rows, text=text, statement=statement)


def sent_before(check: Check, mark: Mark | None, digest: str, by: Membership) -> bool:
    """Whether a record of this name was taken before; ValidationError where that one says something else."""
    if mark is None:
        return False
    own_entry(mark, by)
    found = Check.objects.filter(entry=mark.uid).first()
    if found is None:
        return False
    if (found.pk, found.held_by_id, found.entry_digest) != (check.pk, by.pk, digest):
        raise already_used()
    return True


def require_arrived(check: Check, covers: Iterable[UUID | str]) -> None:
    """Raise NotNow where a photograph or statement that the device still knows of has not come yet."""
    named = {str(one) for one in covers}
    if not named:
        return
    come = {
        str(uid)
        for rows in (check.photos, check.statements)  # type: ignore[attr-defined]
        for uid in rows.filter(uid__in=named).values_list("uid", flat=True)
    }
    if left := named - come:
        text = _("还有%(count)d条现场记录没有收到：收到以后才能记录检查结果。")
        raise NotNow([text % {"count": len(left)}])
