"""交材料: the files of a paper, version after version; what was handed in before is kept."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from accounts.queries import holders, people_of
from accounts.services import system_actor
from accounts.stages import Role
from approvals import policies
from approvals.models import Filing, Gap, Material, MaterialFile, Standing
from approvals.services.telling import tell_enterprise, tell_window
from approvals.services.tolerance import want_again
from approvals.stages import GAP_OVER, GapState, MaterialState
from core.documents.models import Attachment
from core.documents.scanning import on_found
from core.documents.services import Looked, keep, look
from core.documents.stages import Scan
from core.ledger.services import Act, lock, record, record_all
from core.notify.services import tell
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
    Files are looked into before anything is locked: of large ones it takes seconds.
    """
    permit(filing, policies.own_enterprise, by=by, at=at)
    chosen: dict[int, list[Looked]] = {}
    for material, upload in uploads:
        with about(material):
            chosen.setdefault(material.pk, []).append(look(upload))
    return _take(filing, chosen, adding, by=by, at=at)


@contextmanager
def about(material: Material) -> Iterator[None]:
    try:
        yield
    except (NotNow, ValidationError) as refusal:
        refusal.about = material  # type: ignore[union-attr]
        raise


@transaction.atomic
def _take(
    filing: Filing,
    chosen: dict[int, list[Looked]],
    adding: Collection[int],
    *,
    by: Membership,
    at: datetime,
) -> list[Material]:
    filing = locked(filing)
    permit(filing, policies.own_enterprise, by=by, at=at)
    fresh = filing.materials.prefetch_related("files__attachment").in_bulk(list(chosen))
    gaps = {gap.material_id: gap for gap in filing.gaps.exclude(state__in=GAP_OVER)}
    late = filing.overtaken("upload_material", at)
    staying = {pk: staying_of(fresh[pk]) if pk in adding else [] for pk in chosen}
    # Everything that can be refused is refused before a file is stored: what is stored does not roll back.
    for pk, files in chosen.items():
        with about(fresh[pk]):
            may_take(filing, fresh[pk], late)
            fit_together(
                [*(old.attachment.sha256 for old in staying[pk]), *(new.sha256 for new in files)]
            )
    acts, rows = [], []
    for pk, files in chosen.items():
        with about(fresh[pk]):
            kept = [keep(file, book=filing.book, by=by, at=at) for file in files]
        rows += next_version(fresh[pk], staying[pk], kept)
        handed_in(fresh[pk], gaps.get(pk), at)
        acts += [_act(filing, fresh[pk], one) for one in kept]
    MaterialFile.objects.bulk_create(rows)
    record_all(acts, by=by, at=at)
    return [fresh[pk] for pk in chosen]


def staying_of(material: Material) -> list[MaterialFile]:
    """Return the present files that stay beside new ones: what is harmful never does."""
    return [one for one in material.present if one.attachment.scan != Scan.INFECTED]


def _act(filing: Filing, material: Material, kept: Attachment) -> Act:
    said = {"material": material, "version": material.version, "sha256": kept.sha256}
    return Act(filing.book_id, "upload_material", said)


def may_take(filing: Filing, material: Material, late: list[str]) -> None:
    """Raise NotNow where a paper is not wanted, or its time has passed."""
    if filing.ended or material.state not in TAKES_MATERIALS:
        raise NotNow(
            [_("这件材料现在不需要提交：%(state)s。") % {"state": material.get_state_display()}]
        )
    if late:
        raise NotNow(late)


def fit_together(digests: list[str]) -> None:
    """Raise ValidationError for more files than a paper may have, or the same one twice."""
    if len(digests) > MOST_FILES:
        raise ValidationError(_("一件材料最多%(n)d个文件，请合并后再传。") % {"n": MOST_FILES})
    if len(set(digests)) < len(digests):
        raise ValidationError(_("同一个文件选了两次，或者已经在这件材料里。"))


def next_version(
    material: Material,
    staying: Sequence[MaterialFile],
    files: Sequence[Attachment],
    standing: Standing | None = None,
) -> list[MaterialFile]:
    """Return the rows of a paper's next version: what stays, then the new files, taken from `standing` if from any."""
    material.version += 1
    both = [(one.attachment, one.standing_id) for one in staying]
    both += [(file, standing.pk if standing else None) for file in files]
    material.attachment = both[0][0]
    return [
        MaterialFile(
            material=material,
            version=material.version,
            place=place,
            attachment=file,
            standing_id=source,
        )
        for place, (file, source) in enumerate(both, start=1)
    ]


def handed_in(material: Material, gap: Gap | None, at: datetime) -> None:
    """Say that a paper, or the supply of its gap, has come; the window looks at it."""
    material.handed_in_at = at
    if gap is None:
        material.state, material.reason = MaterialState.RECEIVED, ""
    else:
        gap.state = GapState.SUPPLIED
        gap.save()
    material.save(update_fields=["attachment", "version", "handed_in_at", "state", "reason"])


@on_found
def return_infected(kept: Attachment, at: datetime) -> None:
    """查毒发现: it is written down and the window is told; a paper whose present files hold it goes back.

    The receipt and its limits stand as they are: the paper was handed in, and is wrong.
    """
    why = _("文件查毒发现恶意代码（%(what)s），请重新提交。") % {"what": kept.scan_found}
    wanted = Material.objects.filter(files__attachment=kept).distinct()
    cases = {material.filing_id: material.filing for material in wanted.select_related("filing")}
    for filing in cases.values():
        _return_papers(locked(filing), kept, why, at)
    if not cases:
        lock(kept.book_id)
        said = {"file": kept.name, "sha256": kept.sha256, "found": kept.scan_found}
        record(kept.book, "file_infected", by=system_actor(), at=at, **said)
        words = _("“%(name)s”：%(why)s") % {"name": kept.name, "why": kept.withheld}
        kept_by = Standing.objects.filter(files__attachment=kept).values_list(
            "enterprise_id", flat=True
        )
        day = timezone.localdate(at)
        people = [*holders(Role.WINDOW, day), *people_of(list(kept_by), day)]
        tell(people, words, about=f"infected:{kept.pk}", at=at)


def _return_papers(filing: Filing, kept: Attachment, why: str, at: datetime) -> None:
    """Return the papers of a case that hold a harmful file now; write down also where it was in an earlier version."""
    found = filing.materials.filter(files__attachment=kept).distinct()
    for material in found.prefetch_related("files__attachment"):
        said = {"material": material, "sha256": kept.sha256, "found": kept.scan_found}
        record(filing.book, "file_infected", by=system_actor(), at=at, **said)
        words = _("“%(name)s”：%(why)s") % {"name": material.name, "why": why}
        tell_window(filing, words, f"infected{kept.pk}", at)
        present = any(one.attachment_id == kept.pk for one in material.present)
        if present and not filing.ended and material.state in TAKES_MATERIALS:
            _return(filing, material, why, at)
            tell_enterprise(filing, words, f"infected{kept.pk}", at)


def _return(filing: Filing, material: Material, why: str, at: datetime) -> None:
    material.reason = why
    gap = filing.gaps.filter(material=material).exclude(state__in=GAP_OVER).first()
    if gap is None:
        material.state = MaterialState.RETURNED
    elif gap.state == GapState.SUPPLIED:
        want_again(gap, at)
    material.save(update_fields=["state", "reason"])
