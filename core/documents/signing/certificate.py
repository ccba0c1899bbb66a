"""The county's certificate: a PKCS#12 file, its passphrase in another, and whether it may sign now.

Everything is read anew for each signature: a certificate that was replaced, or revoked since, counts at once. Nothing
is asked of the network; what the authority has revoked stands in lists that the administrator keeps fresh.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

# What a certificate that names its purposes must name to sign papers: any, mail, or documents (RFC 9336).
PURPOSES = {
    ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
    ExtendedKeyUsageOID.EMAIL_PROTECTION,
    x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36"),
}
Kind = TypeVar("Kind", bound=x509.ExtensionType)
LONGEST = 8  # certificates from the signer's up to a root


class CannotSign(Exception):
    """Nothing was signed; the message says why, for the person who wanted it."""


@dataclass(frozen=True)
class Holder:
    """Whose certificate it is and what it was checked against; `whole` is the PKCS#12 file with its passphrase."""

    name: str
    issuer: str
    fingerprint: str
    until: datetime
    revocation: bool
    whole: tuple[bytes, bytes] = field(repr=False)
    chain: tuple[x509.Certificate, ...]
    roots: tuple[x509.Certificate, ...]


def configured() -> bool:
    """Say whether the county has set a certificate at all."""
    return settings.SIGNING_P12 is not None


def holder(at: datetime) -> Holder:
    """Return the certificate that signs at an instant; raise CannotSign, in a sentence, where it may not."""
    whole = _secret(settings.SIGNING_P12), _passphrase()
    try:
        key, own, others = pkcs12.load_key_and_certificates(*whole)
    except ValueError as error:
        raise CannotSign(_("签名证书打不开：口令不对，或者文件不是 PKCS#12。")) from error
    if key is None or own is None:
        raise CannotSign(_("签名证书文件里没有私钥或者没有证书。"))
    roots = tuple(_roots())
    chain = tuple(_chain(own, [*others, *roots], roots))
    _usable(own)
    for one in chain:
        _in_time(one, at)
    return Holder(
        name=named(own.subject), issuer=named(own.issuer), fingerprint=own.fingerprint(hashes.SHA256()).hex(),
        until=own.not_valid_after_utc, revocation=_not_revoked(chain, at), whole=whole, chain=chain, roots=roots,
    )  # fmt: skip


def named(name: x509.Name) -> str:
    """Return how a certificate calls somebody: the common name, or all of it."""
    common = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(common[0].value) if common else name.rfc4514_string()


def _secret(path: Path | None) -> bytes:
    """Return a file that only its owner may read."""
    if path is None:
        raise CannotSign(_("没有配置签名证书，请用盖章扫描件，或者联系县管理员。"))
    try:
        if path.stat().st_mode & 0o077:
            raise CannotSign(_("签名证书或口令文件别人也能读，请县管理员改为 0600。"))
        return path.read_bytes()
    except OSError as error:
        raise CannotSign(_("签名证书或口令文件读不出来，请县管理员检查设置。")) from error


def _passphrase() -> bytes:
    if settings.SIGNING_PASSPHRASE is None:
        return b""
    return _secret(settings.SIGNING_PASSPHRASE).rstrip(b"\r\n")


def _roots() -> Iterable[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(Path(settings.SIGNING_ROOTS or "").read_bytes())
    except (OSError, ValueError) as error:
        raise CannotSign(_("没有配置信任的根证书，或者读不出来，请县管理员检查设置。")) from error


def _chain(
    own: x509.Certificate, others: list[x509.Certificate], roots: tuple[x509.Certificate, ...]
) -> Iterator[x509.Certificate]:
    """Yield the certificates from the signer's up to a root that is trusted."""
    here = own
    for _step in range(LONGEST):
        yield here
        if here in roots:
            return
        above = next((one for one in others if one != here and _issued(here, one)), None)
        if above is None:
            break
        here = above
    raise CannotSign(_("签名证书不是由信任的根证书签发的。"))


def _issued(here: x509.Certificate, by: x509.Certificate) -> bool:
    try:
        here.verify_directly_issued_by(by)
    except (ValueError, TypeError, InvalidSignature):
        return False
    said = _extension(by, x509.BasicConstraints)
    return said is not None and said.ca


def _extension(one: x509.Certificate, kind: type[Kind]) -> Kind | None:
    try:
        return one.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _usable(own: x509.Certificate) -> None:
    """Raise CannotSign for a certificate that was issued for something else."""
    usage, purposes = _extension(own, x509.KeyUsage), _extension(own, x509.ExtendedKeyUsage)
    authority = _extension(own, x509.BasicConstraints)
    signs = usage is None or usage.digital_signature or usage.content_commitment
    papers = purposes is None or not PURPOSES.isdisjoint(purposes)
    if not signs or not papers or (authority is not None and authority.ca):
        raise CannotSign(_("这张证书的用途不是签名，不能用来签署文书。"))


def _in_time(one: x509.Certificate, at: datetime) -> None:
    said = {"name": named(one.subject)}
    if at > one.not_valid_after_utc:
        said["day"] = f"{timezone.localtime(one.not_valid_after_utc):%Y-%m-%d}"
        raise CannotSign(_("证书“%(name)s”已于%(day)s过期，不能再用来签署。") % said)
    if at < one.not_valid_before_utc:
        said["day"] = f"{timezone.localtime(one.not_valid_before_utc):%Y-%m-%d}"
        raise CannotSign(_("证书“%(name)s”从%(day)s起才有效。") % said)


def revocation_lists() -> list[x509.CertificateRevocationList]:
    """Return the lists that are kept in the file, or in the folder, that was set; DER or PEM."""
    place = settings.SIGNING_CRLS
    if place is None:
        return []
    try:
        files = sorted(place.iterdir()) if place.is_dir() else [place]
        return [_list(file.read_bytes()) for file in files if file.is_file()]
    except (OSError, ValueError) as error:
        raise CannotSign(_("吊销列表读不出来，请县管理员更新。")) from error


def _list(raw: bytes) -> x509.CertificateRevocationList:
    pem = raw.lstrip().startswith(b"-----")
    return x509.load_pem_x509_crl(raw) if pem else x509.load_der_x509_crl(raw)


def _not_revoked(chain: tuple[x509.Certificate, ...], at: datetime) -> bool:
    """Look each certificate but the root up in its issuer's list; False where no lists were set."""
    lists = revocation_lists()
    if not lists:
        return False
    for one, above in pairwise(chain):
        said = {"name": named(one.subject)}
        current = next((kept for kept in lists if _speaks_for(kept, above, at)), None)
        if current is None:
            raise CannotSign(_("没有证书“%(name)s”的发证机构现行有效的吊销列表，不能签署。") % said)
        found = current.get_revoked_certificate_by_serial_number(one.serial_number)
        if found is not None:
            raise CannotSign(_("证书“%(name)s”已被吊销，不能用来签署。") % said)
    return True


def _speaks_for(
    kept: x509.CertificateRevocationList, above: x509.Certificate, at: datetime
) -> bool:
    key = above.public_key()
    return (
        kept.issuer == above.subject
        and kept.last_update_utc <= at
        and (kept.next_update_utc is None or at <= kept.next_update_utc)
        and kept.is_signature_valid(key)  # type: ignore[arg-type]  # an authority's key signs
    )
