"""企业常备材料: kept once with its validity, and used in one filing after the other, each with the version it used."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership, Organisation
from approvals import policies
from approvals.models import Material, MaterialFile, Standing, StandingFile
from approvals.queries.standing import label_of, standing_kinds
from approvals.rules.standing import USABLE, StandingKind, Validity, faults_in_validity, validity_on
from approvals.services.drafts import is_enterprise
from approvals.services.files import fit_together, handed_in, may_take, next_version, staying_of
from approvals.stages import GAP_OVER, GapState, MaterialState
from core.documents.services import Looked, copied, keep, look
from core.ledger.models import Book
from core.ledger.services import lock, record
from core.notify.words import said as _
from core.steps.moves import locked, permit
from core.steps.reasons import NotNow


def enterprise_book(enterprise: Organisation) -> Book:
    """Return the book of what an enterprise keeps beside its filings."""
    return Book.objects.get_or_create(code=f"enterprise:{enterprise.code}")[0]


def keep_standing(
    *,
    kind: str,
    uploads: Sequence[UploadedFile],
    valid_from: date,
    valid_to: date | None = None,
    number: str = "",
    by: Membership,
    at: datetime,
) -> Standing:
    """存入常备材料: a new version of a kind, which from now on is the one that is offered.

    Raises ValidationError for a kind the county does not name, days that cannot be, and files that cannot be taken.
    Files are looked into before anything is locked. The number of a licence or a card stays out of the ledger.
    """
    permit(None, is_enterprise, by=by, at=at)
    if kind not in standing_kinds():
        raise ValidationError({"kind": _("没有这一种常备材料。")})
    if faults := faults_in_validity(valid_from, valid_to, timezone.localdate(at)):
        raise ValidationError(faults)
    if not uploads:
        raise ValidationError({"uploads": _("请选择要上传的文件。")})
    files = [look(upload) for upload in uploads]
    fit_together([file.sha256 for file in files])
    fields = {"kind": kind, "valid_from": valid_from, "valid_to": valid_to, "number": number}
    return _kept(files, fields, by=by, at=at)


@transaction.atomic
def _kept(
    files: Sequence[Looked], fields: dict[str, Any], *, by: Membership, at: datetime
) -> Standing:
    (book,) = lock(enterprise_book(by.organisation).pk)
    same = Standing.objects.filter(enterprise=by.organisation, kind=fields["kind"])
    before = same.order_by("-version").first()
    kept = Standing.objects.create(
        book=book,
        enterprise=by.organisation,
        version=before.version + 1 if before else 1,
        kept_at=at,
        kept_by=by,
        **fields,
    )
    StandingFile.objects.bulk_create(
        StandingFile(standing=kept, place=place, attachment=keep(file, book=book, by=by, at=at))
        for place, file in enumerate(files, start=1)
    )
    record(
        book,
        "keep_standing",
        by=by,
        at=at,
        kind=kept.kind,
        version=kept.version,
        replaces=before.version if before else None,
        valid_from=kept.valid_from.isoformat(),
        valid_to=kept.valid_to.isoformat() if kept.valid_to else None,
        sha256=[file.sha256 for file in files],
    )
    return kept


@transaction.atomic
def use_standing(
    material: Material, *, standing: Standing, by: Membership, at: datetime
) -> Material:
    """用常备材料交: the files of the version become the paper's, frozen with the filing whatever replaces it later.

    They stand beside what was handed in and not returned; raises NotNow for a version that is replaced, expired, not
    valid yet or harmful, and for a paper of another kind.
    """
    filing = locked(material.filing)
    permit(filing, policies.own_enterprise, by=by, at=at)
    if standing.enterprise_id != filing.enterprise_id:
        raise PermissionDenied
    fresh = filing.materials.prefetch_related("files__attachment").get(pk=material.pk)
    may_take(filing, fresh, filing.overtaken("upload_material", at))
    if against := why_not(standing, fresh, timezone.localdate(at)):
        raise NotNow([against])
    gap = filing.gaps.filter(material=fresh).exclude(state__in=GAP_OVER).first()
    stays = fresh.state == MaterialState.RECEIVED or (gap and gap.state == GapState.SUPPLIED)
    staying = staying_of(fresh) if stays else []
    files = [one.attachment for one in standing.files.select_related("attachment")]
    fit_together([*(one.attachment.sha256 for one in staying), *(file.sha256 for file in files)])
    taken = [copied(file, book=filing.book, by=by, at=at) for file in files]
    MaterialFile.objects.bulk_create(next_version(fresh, staying, taken, standing))
    handed_in(fresh, gap, at)
    record(
        filing.book,
        "use_standing",
        by=by,
        at=at,
        material=fresh,
        version=fresh.version,
        kind=standing.kind,
        standing=standing.version,
        valid_to=standing.valid_to.isoformat() if standing.valid_to else None,
        sha256=[file.sha256 for file in files],
    )
    return fresh


def why_not(standing: Standing, material: Material, day: date) -> str:
    """Return why a kept paper cannot be used for a material on a day; empty where it can."""
    kind = standing_kinds().get(standing.kind)
    if kind is None or not kind.serves(material.name):
        return _("这件常备材料不能当作“%(material)s”提交。") % {"material": material}
    if not Standing.objects.present().filter(pk=standing.pk).exists():
        return _("常备的“%(name)s”已有新的一版，请用新的。") % {"name": label_of(kind)}
    if standing.infected:
        return _("常备的“%(name)s”查毒发现恶意代码，请换一份。") % {"name": label_of(kind)}
    return out_of_validity(standing, kind, day)


def out_of_validity(standing: Standing, kind: StandingKind, day: date) -> str:
    """Return why a kept paper cannot be used on a day for its own days; empty where it can."""
    state = validity_on(day, standing.valid_from, standing.valid_to, kind.remind_days)
    if state in USABLE:
        return ""
    said = {"name": label_of(kind), "first": standing.valid_from, "last": standing.valid_to}
    if state == Validity.EXPIRED:
        return _("常备的“%(name)s”%(last)s已经到期，请先换新的再用。") % said
    return _("常备的“%(name)s”%(first)s起才有效，现在还不能用。") % said
