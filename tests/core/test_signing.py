"""The county's certificate: what may sign, the signature behind the frozen bytes, and the time stamp."""

import hashlib
from random import Random

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from core.documents.signing import CannotSign, holder, pades, stamping
from tests import seals
from tests.chance import drawn
from tests.files import pdf_of

FROZEN = pdf_of(2)
SAID = {"reason": "左承告〔2018〕1号", "contact": "https://chengnuo.example/papers/check/0/"}


@pytest.fixture
def county(settings, tmp_path):
    return seals.put(tmp_path, settings)


def sign(at, frozen=FROZEN):
    return pades.sign(frozen, **SAID, at=at)


# — which certificate may sign ————————————————————————————————————————————————————————————


def refused(at):
    with pytest.raises(CannotSign) as error:
        holder(at)
    return str(error.value)


def test_without_a_certificate_nothing_is_signed(settings, at):
    settings.SIGNING_P12 = None
    assert "没有配置签名证书" in refused(at("2018-06-15 09:30"))


OTHER = [ExtendedKeyUsageOID.SERVER_AUTH]
WRONG = {
    "expired": ({"until": seals.day(10)}, "过期"),
    "not yet": ({"since": seals.day(300)}, "起才有效"),
    "for a server": ({"purposes": OTHER}, "用途不是签名"),
    "for agreeing on keys": ({"signs": False}, "用途不是签名"),
    "an authority": ({"ca": True}, "用途不是签名"),
    "of another authority": ({"by": "别的根证书"}, "不是由信任的根证书签发"),
}


@pytest.mark.parametrize(("said", "why"), WRONG.values(), ids=WRONG)
def test_a_certificate_that_may_not_sign_is_refused_with_a_sentence(
    settings, tmp_path, at, said, why
):
    seals.put(tmp_path, settings, seals.certificate(**said))
    assert why in refused(at("2018-06-15 09:30"))


def test_a_key_that_cannot_be_opened_or_that_others_can_read(settings, tmp_path, at):
    when = at("2018-06-15 09:30")
    seals.put(tmp_path, settings, passphrase=b"wrong")
    assert "口令不对" in refused(when)
    seals.put(tmp_path, settings).SIGNING_P12.chmod(0o640)
    assert "0600" in refused(when)
    seals.put(tmp_path, settings).SIGNING_PASSPHRASE.unlink()
    assert "读不出来" in refused(when)
    seals.put(tmp_path, settings).SIGNING_ROOTS.write_text("none")
    assert "信任的根证书" in refused(when)


def test_what_is_revoked_does_not_sign_and_an_old_list_says_nothing(county, tmp_path, at):
    when = at("2018-06-15 09:30")
    assert holder(when).revocation is False
    seals.lists(tmp_path, county, seals.revoked("somebody else"))
    assert holder(when).revocation is True
    seals.lists(tmp_path, county, seals.revoked(seals.COUNTY))
    assert "已被吊销" in refused(when)
    for stale in (
        seals.revoked(until=seals.day(30)),
        seals.revoked(since=seals.day(300)),
        seals.revoked(by="别的根证书"),
    ):
        seals.lists(tmp_path, county, stale)
        assert "吊销列表" in refused(when)
    seals.lists(tmp_path, county, b"no list")
    assert "吊销列表" in refused(when)


# — the signature —————————————————————————————————————————————————————————————————————————


def test_the_frozen_bytes_stay_the_beginning_and_nothing_else_changes(county, at):
    made = sign(at("2018-06-15 09:30"))

    assert made.content.startswith(FROZEN)
    assert (made.signer, made.issuer) == (seals.COUNTY, seals.ROOT)
    assert (made.stamped_at, made.stamped_by) == (None, "")
    assert hashlib.sha256(made.content[: len(FROZEN)]).digest() == hashlib.sha256(FROZEN).digest()


def test_what_does_not_verify_is_not_taken(county, at):
    when = at("2018-06-15 09:30")
    made, who = sign(when), holder(when)
    first = FROZEN.replace(b"Page 2", b"Page 9")
    with pytest.raises(CannotSign, match="改动了"):
        pades.look(made.content, first, who, when)
    for wrong in (FROZEN, FROZEN + b" ", made.content + b"\n", made.content[:-1]):
        with pytest.raises(CannotSign):
            pades.look(wrong, FROZEN, who, when)


def test_a_time_stamp_authority_attests_the_time(county, at):
    with seals.stamp_authority(county) as authority:
        made = sign(at("2018-06-15 09:30"))

    assert authority.asked
    assert made.stamped_at is not None
    assert made.stamped_by == seals.STAMPER


AWAY = {
    "says no": {"says": (503, b"")},
    "says something else": {"says": (200, b"<html>")},
    "is nobody's": {"own": seals.stamping(by="别的根证书")},
    "is no stamper": {"own": seals.stamping(purposes=OTHER)},
}


@pytest.mark.parametrize("how", AWAY.values(), ids=AWAY)
def test_without_a_stamp_that_holds_nothing_is_signed(county, at, how):
    with seals.stamp_authority(county, **how), pytest.raises(CannotSign):
        sign(at("2018-06-15 09:30"))


def test_an_authority_that_is_down_is_said_to_be(county, at):
    county.SIGNING_TSA, county.SIGNING_TSA_TIMEOUT = "http://127.0.0.1:9/tsa", 0.2
    with pytest.raises(CannotSign, match="没有签名，什么都没有改变"):
        sign(at("2018-06-15 09:30"))
    with pytest.raises(CannotSign, match="时间戳服务"):
        stamping.answer_of("http://127.0.0.1:9/tsa", b"")


# — the whole-file digest is the authority ——————————————————————————————————————————————————


def flips(content, count, chance):
    for _each in range(count):
        place = chance.randrange(len(content))
        changed = bytearray(content)
        changed[place] ^= 1 << chance.randrange(8)
        yield bytes(changed)


def test_the_digest_finds_each_of_three_thousand_flips(county, at):
    chance = Random(drawn("flips"))
    made = sign(at("2018-06-15 09:30")).content
    digest = hashlib.sha256(made).digest()

    assert not any(hashlib.sha256(one).digest() == digest for one in flips(made, 3_000, chance))


@pytest.mark.hunt
def test_the_signature_alone_misses_some(county, at):
    """Why the digest is believed: reliability.md M9 counted 8.8 of a hundred."""
    when, chance, missed = at("2018-06-15 09:30"), Random(drawn("missed flips")), 0
    made, who = sign(when).content, holder(when)
    for one in flips(made, 3_000, chance):
        try:
            status, _revisions = pades._status(one, who, when)
            missed += bool(status.bottom_line)
        except Exception:  # noqa: BLE001 - whatever it raises, it has found it
            continue
    print("missed by the signature alone:", missed)
    assert missed > 0
