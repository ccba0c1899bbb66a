"""PAdES: a signature behind the frozen bytes of a paper, as an update that leaves them as its beginning.

What was signed is looked at again before it is handed back: one signature, by the certificate that was meant, over the
whole file, with nothing else changed. That alone finds no appended byte (reliability.md M9), so whoever keeps the file
keeps its digest, and the digest is what is believed later. Loading this takes seconds: only who signs does.
"""

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import x509 as read
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.utils.translation import gettext as _
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from core.documents.signing.certificate import CannotSign, Holder, holder, revocation_lists
from core.documents.signing.stamping import away, stamper

FIELD = "Seal"
USAGE = KeyUsageConstraints(
    key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
)
REVISIONS = 2  # the paper as it was printed, and the signature


@dataclass(frozen=True)
class Signed:
    """A signed file with what was verified of it; `stamped_at` and `stamped_by` where an authority attests the time."""

    content: bytes
    signer: str
    issuer: str
    certificate: str
    revocation: bool
    stamped_at: datetime | None
    stamped_by: str


class _Update(IncrementalPdfFileWriter):
    """What is written behind the frozen bytes: the signature alone.

    Left to itself the library puts its name and its own time into the paper's metadata, and in a form in which the two
    places that hold them differ: PDF/A forbids that, and an archive would refuse the signed paper.
    """

    def _update_meta(self) -> None:
        """Leave the metadata as they were frozen."""


def sign(frozen: bytes, *, reason: str, contact: str, at: datetime) -> Signed:
    """Sign a paper's bytes with the county's certificate; `reason` and `contact` are shown by every reader of PDF.

    Takes tenths of a second, and where a time stamp authority is set as long as that takes: call it outside of any
    transaction. Raises CannotSign with a sentence, and then nothing was signed.
    """
    who = holder(at)
    try:
        content = _signed(frozen, who, reason, contact)
    except CannotSign:
        raise
    except Exception as error:
        if settings.SIGNING_TSA and _of_the_stamp(error):
            raise away(error) from error
        raise CannotSign(_("签名没有成功：%(why)s") % {"why": error}) from error
    return look(content, frozen, who, at)


def _of_the_stamp(error: Exception) -> bool:
    """Whether an error is the authority's: an answer that is none, a refusal, another request's answer."""
    return isinstance(error, TimestampRequestError | ValueError)


def _signed(frozen: bytes, who: Holder, reason: str, contact: str) -> bytes:

    signer = signers.SimpleSigner.load_pkcs12_data(who.whole[0], [], who.whole[1] or None)
    if signer is None:
        raise CannotSign(_("签名证书打不开：口令不对，或者文件不是 PKCS#12。"))
    said = signers.PdfSignatureMetadata(
        field_name=FIELD, certify=True, docmdp_permissions=MDPPerm.NO_CHANGES, subfilter=SigSeedSubFilter.PADES,
        reason=reason, contact_info=contact, name=who.name,
    )  # fmt: skip
    writer = _Update(io.BytesIO(frozen))
    made = signers.PdfSigner(said, signer, timestamper=stamper()).sign_pdf(writer)
    content: bytes = made.getvalue()
    return content


def look(content: bytes, frozen: bytes, who: Holder, at: datetime) -> Signed:
    """Verify a file that was just signed; raise CannotSign unless all of it holds."""
    if not content.startswith(frozen) or len(content) <= len(frozen):
        raise CannotSign(_("签名改动了已经成文的内容，没有采用。"))
    try:
        status, revisions = _status(content, who, at)
    except CannotSign:
        raise
    except Exception as error:  # what is no PDF in any of its ways
        raise CannotSign(_("签名以后核验没有通过，没有采用。")) from error
    fingerprint = status.signing_cert.sha256.hex()
    if not _holds(status) or revisions != REVISIONS or fingerprint != who.fingerprint:
        raise CannotSign(_("签名以后核验没有通过，没有采用。"))
    stamp = status.timestamp_validity
    if (stamp is None) == bool(settings.SIGNING_TSA):
        raise CannotSign(_("签名以后核验没有通过，没有采用。"))
    return Signed(
        content=content, signer=who.name, issuer=who.issuer, certificate=fingerprint, revocation=who.revocation,
        stamped_at=stamp.timestamp if stamp else None, stamped_by=_name_of(stamp) if stamp else "",
    )  # fmt: skip


def _holds(status: Any) -> bool:

    return bool(status.bottom_line) and status.coverage == SignatureCoverageLevel.ENTIRE_FILE


def _status(content: bytes, who: Holder, at: datetime) -> tuple[Any, int]:
    """Return what pyHanko finds of the one signature in a file, and how many revisions the file has."""
    opened = PdfFileReader(io.BytesIO(content))
    found = opened.embedded_signatures
    if len(found) != 1:
        raise CannotSign(_("签名以后核验没有通过，没有采用。"))
    trusted, stamps = _trust(who, at), _trust(who, at, lists=False)
    status = validate_pdf_signature(found[0], trusted, stamps, key_usage_settings=USAGE)
    return status, opened.xrefs.total_revisions


def _trust(who: Holder, at: datetime, *, lists: bool = True) -> Any:

    def loaded(one: x509.Certificate) -> Any:
        return read.Certificate.load(one.public_bytes(Encoding.DER))

    crls = [one.public_bytes(Encoding.DER) for one in revocation_lists()] if lists else []
    return ValidationContext(
        trust_roots=[loaded(one) for one in who.roots], other_certs=[loaded(one) for one in who.chain], crls=crls,
        moment=at, allow_fetching=False, revocation_mode="hard-fail" if crls else "soft-fail",
    )  # fmt: skip


def _name_of(stamp: Any) -> str:
    found = stamp.signing_cert.subject.native
    return str(found.get("common_name") or stamp.signing_cert.subject.human_friendly)
