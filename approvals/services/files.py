"""交材料: the files of a paper, version after version; what was handed in before is kept."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import Membership
from accounts.services import system_actor
from approvals import policies
from approvals.models import Filing, Gap, Material, MaterialFile
from approvals.rules import limits
from approvals.services.telling import tell_enterprise, tell_window
from approvals.stages import GapState, MaterialState
from core.documents.models import Attachment
from core.documents.scanning import on_found
from core.documents.services import keep
from core.ledger.services import Act, record, record_all
from core.notify.words import said as _
from core.steps.moves import locked, permit
from core.steps.reasons import NotNow

TAKES_MATERIALS = (
    MaterialState.WANTED,
    MaterialState.RECEIVED,
    MaterialState.RETURNED,
    MaterialState.GAP,
)
MOST_FILES = 20  # of one paper; a set of drawings is one file or is packed into fewer


def upload_material(
    material: Material, *, upload: UploadedFile, adding: bool = False, by: Membership, at: datetime
) -> Material:
    """交材料: keep the file; for a promised gap this is its supply, to be checked by the window.

    The file becomes the paper's new version alone, or with `adding` beside those of the present version.
    """
    beside = (material.pk,) if adding else ()
    uploads = [(material, upload)]
    return upload_materials(material.filing, uploads=uploads, adding=beside, by=by, at=at)[0]


@transaction.atomic
def upload_materials(
    filing: Filing,
    *,
    uploads: Sequence[tuple[Material, UploadedFile]],
    adding: Collection[int] = (),
    by: Membership,
    at: datetime,
) -> list[Material]:
    """交几件材料: every file with its paper, or none of them; a refusal says in `about` which paper it is for.

    Several files of one paper become one version of it; `adding` names by key the papers whose present files stay.
    """
    filing = locked(filing)
    permit(filing, policies.own_enterprise, by=by, at=at)
    chosen: dict[int, list[UploadedFile]] = {}
    for material, upload in uploads:
        chosen.setdefault(material.pk, []).append(upload)
    fresh = filing.materials.prefetch_related("files__attachment").in_bulk(list(chosen))
    gaps = {gap.material_id: gap for gap in filing.gaps.exclude(state=GapState.CLOSED)}
    late = filing.overtaken("upload_material", at)
    acts, rows = [], []
    for pk, files in chosen.items():
        material = fresh[pk]
        try:
            _may_take(filing, material, late)
            kept = [keep(file, book=filing.book, by=by, at=at) for file in files]
            rows += _new_version(material, kept, adding=pk in adding)
        except (NotNow, ValidationError) as refusal:
            refusal.about = material  # type: ignore[union-attr]
            raise
        _handed_in(material, gaps.get(pk), at)
        acts += [_act(filing, material, one) for one in kept]
    MaterialFile.objects.bulk_create(rows)
    record_all(acts, by=by, at=at)
    return [fresh[pk] for pk in chosen]


def _act(filing: Filing, material: Material, kept: Attachment) -> Act:
    said = {"material": material, "version": material.version, "sha256": kept.sha256}
    return Act(filing.book_id, "upload_material", said)


def _may_take(filing: Filing, material: Material, late: list[str]) -> None:
    if filing.ended or material.state not in TAKES_MATERIALS:
        raise NotNow(
            [_("这件材料现在不需要提交：%(state)s。") % {"state": material.get_state_display()}]
        )
    if late:
        raise NotNow(late)


def _new_version(
    material: Material, kept: Sequence[Attachment], *, adding: bool
) -> list[MaterialFile]:
    """Return the rows of a paper's next version: the new files, after the present ones where they stay."""
    files = [*(one.attachment for one in material.present if adding), *kept]
    if len(files) > MOST_FILES:
        raise ValidationError(_("一件材料最多%(n)d个文件，请合并后再传。") % {"n": MOST_FILES})
    if len({file.sha256 for file in files}) < len(files):
        raise ValidationError(_("同一个文件选了两次，或者已经在这件材料里。"))
    material.version += 1
    material.attachment = files[0]
    return [
        MaterialFile(material=material, version=material.version, place=place, attachment=file)
        for place, file in enumerate(files, start=1)
    ]


def _handed_in(material: Material, gap: Gap | None, at: datetime) -> None:
    material.handed_in_at = at
    if gap is None:
        material.state, material.reason = MaterialState.RECEIVED, ""
    else:
        gap.state = GapState.SUPPLIED
        gap.save()
    material.save(update_fields=["attachment", "version", "handed_in_at", "state", "reason"])


@on_found
def return_infected(kept: Attachment, at: datetime) -> None:
    """查毒发现: a paper whose present files hold something harmful is returned, and both sides are told.

    The receipt and its limits stand as they are: the paper was handed in, and is wrong.
    """
    at_fault = MaterialFile.objects.filter(attachment=kept).select_related("material__filing")
    for found in at_fault:
        filing = locked(found.material.filing)
        material = filing.materials.get(pk=found.material_id)
        if filing.ended or found.version != material.version or _checked(material):
            continue
        why = _("文件查毒发现恶意代码（%(what)s），请重新提交。") % {"what": kept.scan_found}
        _return(filing, material, why)
        said = {"material": material, "sha256": kept.sha256, "found": kept.scan_found}
        record(filing.book, "file_infected", by=system_actor(), at=at, **said)
        words = _("“%(name)s”：%(why)s") % {"name": material.name, "why": why}
        tell_enterprise(filing, words, f"infected{kept.pk}", at)
        tell_window(filing, words, f"infected{kept.pk}", at)


def _checked(material: Material) -> bool:
    return material.state not in TAKES_MATERIALS


def _return(filing: Filing, material: Material, why: str) -> None:
    material.reason = why
    gap = filing.gaps.filter(material=material).exclude(state=GapState.CLOSED).first()
    if gap is None:
        material.state = MaterialState.RETURNED
    elif gap.state == GapState.SUPPLIED:
        second = gap.rule == limits.GAP_SUSPENDED.code
        gap.state = GapState.SUSPENDED if second else GapState.OPEN
        gap.save()
    material.save(update_fields=["state", "reason"])
