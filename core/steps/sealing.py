"""签章: a frozen paper is sealed on paper and scanned, or its PDF signed by certificate; nothing else is called signed.

The frozen paper stays as it is. A scan counts once a second person has held it against the paper; a PDF signature once
it was verified. Either is a further version with a digest of its own in the ledger.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from pypdf import PdfReader

from accounts.models import Membership
from accounts.policies import seals_papers, signs_by_certificate
from core.documents import signing
from core.documents.models import Attachment, Paper
from core.documents.previews import NotShown, pages_of
from core.documents.services import Looked, look
from core.documents.services import keep as keep_file
from core.ledger.services import lock, record
from core.steps.checking import no_longer
from core.steps.models import Seal
from core.steps.moves import permit
from core.steps.reasons import NotNow, need_words
from core.steps.stages import Method, SealState

SCANS = ("application/pdf", "image/jpeg", "image/png")
LONG = 1 << 20

# Papers that are signed by another desk's own steps (the letter of an enterprise): each says so in a sentence, or "".
SIGNED_ELSEWHERE: list[Callable[[Paper], str]] = []


def why_not_sealed(paper: Paper, method: str) -> str:
    """Return why a paper cannot be sealed by a method now; empty where it can."""
    if said := next((why for asked in SIGNED_ELSEWHERE if (why := asked(paper))), ""):
        return said
    if gone := no_longer(paper):
        return gone
    if not paper.ready:
        return _("文书还没有成文：成文以后才能签章。")
    stands = Seal.objects.filter(paper=paper, method=method).exclude(state=SealState.REFUSED)
    there = stands.first()
    if there is None:
        return ""
    if there.state == SealState.WAITING:
        return _("已有一份扫描件在等第二人核对，先核对那一份。")
    return _("这份文书已按这种方式签章，不再重复。")


def frozen_bytes(paper: Paper) -> bytes:
    """Return the PDF of a paper as it was frozen; NotNow where the store does not hold it any more, byte by byte."""
    with paper.file.open("rb") as kept:
        content: bytes = kept.read()
    if signing.digest(content) != paper.file_sha256:
        raise NotNow([_("文件库里的文书与成文时的摘要不符，不能签章，请联系县管理员。")])
    return content


def page_count(paper: Paper) -> int:
    """Return how many pages a frozen paper has."""
    with paper.file.open("rb") as kept:
        return len(PdfReader(kept).pages)


def _again(paper: Paper, method: str, *, by: Membership, at: datetime) -> Paper:
    """Return the paper under its book's lock, and refuse what another has done meanwhile."""
    (book,) = lock(paper.book_id)
    permit(paper, seals_papers, by=by, at=at)
    fresh = Paper.objects.select_related("issued_by").get(pk=paper.pk)
    fresh.book = book
    if why := why_not_sealed(fresh, method):
        raise NotNow([why])
    return fresh


def _is_ours(upload: UploadedFile, paper: Paper) -> bool:
    """Whether a file is a PDF of the paper that this system has made, signed by certificate or with bytes added."""
    if not paper.ready:
        return False
    size, sofar = paper.file.size, hashlib.sha256()
    upload.seek(0)
    while size > 0 and (read := upload.read(min(size, LONG))):
        sofar.update(read)
        size -= len(read)
    upload.seek(0)
    return not size and sofar.hexdigest() == paper.file_sha256


def hand_in_scan(paper: Paper, *, upload: UploadedFile, by: Membership, at: datetime) -> Seal:
    """上传盖章扫描件: the paper was printed, sealed and scanned; it counts once a second person has compared it.

    Raises NotNow, PermissionDenied, and ValidationError for a file that cannot be such a scan.
    """
    permit(paper, seals_papers, by=by, at=at)
    found = look(upload)
    if found.content_type not in SCANS:
        raise ValidationError({"upload": _("盖章扫描件请用 PDF、JPG 或 PNG。")})
    if _is_ours(upload, paper):
        raise ValidationError(
            {"upload": _("这是文书的电子件本身，没有印章：请上传盖章以后的扫描件。")}
        )
    if Paper.objects.filter(file_sha256=found.sha256).exists():
        raise ValidationError({"upload": _("这是另一份文书的电子件，不是本件的扫描件。")})
    try:
        return _handed_in(paper, found, by=by, at=at)
    except (
        IntegrityError
    ) as error:  # the same scan for another paper, whose book is another, at the same moment
        if not _used(found.sha256, paper):
            raise
        raise _used_twice() from error


def _used(sha256: str, paper: Paper) -> bool:
    used = Seal.objects.filter(sha256=sha256).exclude(paper=paper)
    return used.exclude(state=SealState.REFUSED).exists()


def _used_twice() -> ValidationError:
    return ValidationError({"upload": _("这份扫描件已经用于另一份文书。")})


def _handed_in(paper: Paper, found: Looked, *, by: Membership, at: datetime) -> Seal:
    with transaction.atomic():
        paper = _again(paper, Method.SCAN, by=by, at=at)
        if _used(found.sha256, paper):
            raise _used_twice()
        scan = keep_file(found, book=paper.book, by=by, at=at)
        seal = Seal.objects.create(
            paper=paper, method=Method.SCAN, state=SealState.WAITING, over_sha256=paper.file_sha256,
            sha256=found.sha256, pages=page_count(paper), scan=scan, made_by=by, made_at=at,
        )  # fmt: skip
        record(
            paper.book, "hand_in_scan", by=by, at=at, paper=paper.number, over=paper.file_sha256,
            sha256=found.sha256,
        )  # fmt: skip
    return seal


def why_not_confirmed(seal: Seal, by: Membership) -> str:
    """Return why a person may not decide on a scan; empty where they may."""
    if seal.state != SealState.WAITING:
        return _("这份扫描件已经办过：%(state)s。") % {"state": seal.get_state_display()}
    if seal.made_by.user_id == by.user_id:
        return _("上传的人不能自己核对：须由另一个人对照原件核对。")
    return ""


def pages_of_scan(scan: Attachment) -> int | None:
    """Return how many pages a scan has; None where nobody can count them here."""
    try:
        return pages_of(scan)
    except NotShown:
        return None


def confirm_scan(paper: Paper, *, number: str, by: Membership, at: datetime) -> Seal:
    """核对盖章扫描件: a second person finds that it is this paper, sealed; `number` is what they read on the scan.

    Raises NotNow for who uploaded it, for a scan with other pages or none that waits; ValidationError for a number that
    is another paper's.
    """
    permit(paper, seals_papers, by=by, at=at)
    seal = _waiting(paper)
    if seal.scan and seal.scan.withheld:
        raise NotNow([seal.scan.withheld])
    count = pages_of_scan(seal.scan) if seal.scan else None  # drawn before anything is locked
    if count is not None and count != seal.pages:
        said = {"scan": count, "paper": seal.pages}
        raise NotNow([_("扫描件有%(scan)d页，文书有%(paper)d页：不是同一份，请不予确认。") % said])
    if _plain(number) != _plain(paper.number):
        raise ValidationError(
            {
                "number": _(
                    "与文书的文号不一致。请照扫描件上印的文号填写；扫描件上是别的文号的，不予确认。"
                )
            }
        )
    with transaction.atomic():
        lock(paper.book_id)
        if gone := no_longer(Paper.objects.get(pk=paper.pk)):
            raise NotNow([gone])
        seal = _decided(seal, SealState.VERIFIED, by=by, at=at)
        record(
            seal.paper.book, "confirm_scan", by=by, at=at, paper=paper.number, over=seal.over_sha256,
            sha256=seal.sha256, pages=seal.pages, handed_in_by=seal.made_by,
        )  # fmt: skip
    return seal


@transaction.atomic
def refuse_scan(paper: Paper, *, reason: str, by: Membership, at: datetime) -> Seal:
    """不予确认扫描件: it is not this paper, or has no seal; it stays on record and another may be handed in."""
    need_words(reason)
    permit(paper, seals_papers, by=by, at=at)
    seal = _decided(_waiting(paper), SealState.REFUSED, by=by, at=at, reason=reason.strip())
    record(
        seal.paper.book, "refuse_scan", by=by, at=at, paper=paper.number, sha256=seal.sha256,
        reason=seal.reason,
    )  # fmt: skip
    return seal


def _waiting(paper: Paper) -> Seal:
    found = paper.seals.select_related("scan", "made_by", "paper__book")
    seal = found.filter(method=Method.SCAN).last()
    if seal is None:
        raise NotNow([_("这份文书没有待核对的扫描件。")])
    return seal


def _decided(
    seal: Seal, state: SealState, *, by: Membership, at: datetime, reason: str = ""
) -> Seal:
    """Decide under the book's lock; NotNow where it was decided meanwhile, or by who uploaded it."""
    (book,) = lock(seal.paper.book_id)
    fresh = Seal.objects.select_related("made_by", "paper").get(pk=seal.pk)
    fresh.paper.book = book
    if why := why_not_confirmed(fresh, by):
        raise NotNow([why])
    fresh.state, fresh.reason, fresh.decided_by, fresh.decided_at = state, reason, by, at
    fresh.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    return fresh


def _plain(number: str) -> str:
    """Return a number without its brackets and blanks: 〔2018〕, [2018] and (2018) are typed alike."""
    return "".join(sign for sign in number if sign.isalnum()).removesuffix("号")


def sign_by_certificate(paper: Paper, *, by: Membership, at: datetime) -> Seal:
    """用单位证书签署: the frozen bytes with a signature behind them, verified, as a file of its own.

    Signing and the time stamp come before the lock, so that nobody waits for an authority of others. Raises NotNow with
    the certificate's or the authority's reason, and then nothing was signed; PermissionDenied.
    """
    permit(paper, signs_by_certificate, by=by, at=at)
    if why := why_not_sealed(paper, Method.CERTIFICATE):
        raise NotNow([why])
    said = {"reason": f"{paper.title} {paper.number}", "contact": paper.content["verify_url"]}
    try:
        signing.holder(at)  # says what stands against it before anything is loaded
        from core.documents.signing import pades  # noqa: PLC0415 - takes seconds: only who signs waits for it

        made = pades.sign(frozen_bytes(paper), **said, at=at)
    except signing.CannotSign as error:
        raise NotNow([str(error)]) from error
    digest = signing.digest(made.content)
    with transaction.atomic():
        paper = _again(paper, Method.CERTIFICATE, by=by, at=at)
        seal = Seal(
            paper=paper, method=Method.CERTIFICATE, state=SealState.VERIFIED, over_sha256=paper.file_sha256,
            sha256=digest, pages=page_count(paper), made_by=by, made_at=at, decided_by=by, decided_at=at,
            signer=made.signer, issuer=made.issuer, certificate=made.certificate, revocation=made.revocation,
            stamped_at=made.stamped_at, stamped_by=made.stamped_by,
        )  # fmt: skip
        seal.file.save(
            f"papers/{paper.code}-{digest[:16]}.pdf", ContentFile(made.content), save=False
        )
        seal.save()
        record(
            paper.book, "sign_paper", by=by, at=at, paper=paper.number, over=paper.file_sha256,
            sha256=digest, signer=made.signer, certificate=made.certificate, stamped_at=made.stamped_at,
            stamped_by=made.stamped_by,
        )  # fmt: skip
    return seal
