"""An authority, its certificates, what it has revoked, and a time stamp authority on this machine: all made here."""

import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper

COUNTY, STAMPER, ROOT = "示例县行政审批服务管理局", "示例时间戳服务", "示例根证书"
SINCE, UNTIL = datetime(2017, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)
DER, PEM = Encoding.DER, Encoding.PEM
PASSPHRASE = b"only for tests"


def name(common):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def usage(**said):
    names = (
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign"
        " crl_sign encipher_only decipher_only"
    )
    return x509.KeyUsage(**{one: said.get(one, False) for one in names.split()})


@cache
def key(which):
    """A key of its own for each name; time stamps want RSA of the library's own authority."""
    if which == STAMPER:
        return rsa.generate_private_key(65537, 2048)
    return ec.generate_private_key(ec.SECP256R1())


def certificate(
    common=COUNTY, by=ROOT, *, since=SINCE, until=UNTIL, ca=False, purposes=(), signs=True
):
    """A certificate; its serial number follows from its name, so that it can be revoked by it."""
    may = (
        {"key_cert_sign": True, "crl_sign": True}
        if ca
        else {"digital_signature": signs, "key_agreement": not signs}
    )
    made = (
        x509.CertificateBuilder().subject_name(name(common)).issuer_name(name(by))
        .public_key(key(common).public_key()).serial_number(serial(common))
        .not_valid_before(since).not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(usage(**may), critical=True)
    )  # fmt: skip
    if purposes:
        made = made.add_extension(x509.ExtendedKeyUsage(purposes), critical=True)
    return made.sign(key(by), hashes.SHA256())


def serial(common):
    return int.from_bytes(common.encode()[:12], "big") >> 1


def root(common=ROOT):
    return certificate(common, common, ca=True)


def revoked(*names, by=ROOT, since=SINCE, until=UNTIL):
    """The authority's list of what it has revoked."""
    made = x509.CertificateRevocationListBuilder().issuer_name(name(by))
    made = made.last_update(since).next_update(until)
    for one in names:
        row = x509.RevokedCertificateBuilder().serial_number(serial(one)).revocation_date(since)
        made = made.add_revoked_certificate(row.build())
    return made.sign(key(by), hashes.SHA256()).public_bytes(DER)


def put(folder, settings, own=None, *, passphrase=PASSPHRASE, roots=None):
    """Write a certificate with its key where the settings say, as an administrator does."""
    folder.mkdir(exist_ok=True)
    own = own or certificate()
    common = own.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    settings.SIGNING_P12, settings.SIGNING_PASSPHRASE = folder / "county.p12", folder / "passphrase"
    settings.SIGNING_ROOTS, settings.SIGNING_CRLS = folder / "roots.pem", None
    settings.SIGNING_TSA, settings.SIGNING_TSA_TIMEOUT = "", 2.0
    whole = pkcs12.serialize_key_and_certificates(
        b"county", key(common), own, None, BestAvailableEncryption(PASSPHRASE)
    )
    secrets = ((settings.SIGNING_P12, whole), (settings.SIGNING_PASSPHRASE, passphrase + b"\n"))
    for place, content in secrets:
        place.write_bytes(content)
        place.chmod(0o600)
    settings.SIGNING_ROOTS.write_bytes(b"".join(one.public_bytes(PEM) for one in roots or [root()]))
    return settings


def lists(folder, settings, *crls):
    """Set the folder of revocation lists."""
    settings.SIGNING_CRLS = folder / "lists"
    settings.SIGNING_CRLS.mkdir(exist_ok=True)
    for place, one in enumerate(crls):
        (settings.SIGNING_CRLS / f"{place}.crl").write_bytes(one)


class _Stamps(BaseHTTPRequestHandler):
    """Answers as a time stamp authority does, or as `server.says`."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked += 1
        status, answer = self.server.says or (200, stamp(body, self.server.certificate))
        self.send_response(status)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_args):
        """Say nothing."""


def stamp(request, own):
    made = DummyTimeStamper(
        asn1.Certificate.load(own.public_bytes(DER)),
        keys.PrivateKeyInfo.load(
            key(STAMPER).private_bytes(DER, PrivateFormat.PKCS8, NoEncryption())
        ),
    )
    return made.request_tsa_response(tsp.TimeStampReq.load(request)).dump()


def stamping(by=ROOT, purposes=(ExtendedKeyUsageOID.TIME_STAMPING,), **more):
    """The certificate of the time stamp authority."""
    return certificate(STAMPER, by, purposes=list(purposes), **more)


@contextmanager
def stamp_authority(settings, *, says=None, own=None):
    """A time stamp authority on this machine; `says` answers otherwise, as (status, body)."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Stamps)
    server.says, server.certificate, server.asked = says, own or stamping(), 0
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SIGNING_TSA = f"http://127.0.0.1:{server.server_port}/tsa"
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def day(count):
    """So many days from the year's beginning of 2018, as an aware instant."""
    return datetime(2018, 1, 1, tzinfo=UTC) + timedelta(days=count)
