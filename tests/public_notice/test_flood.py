"""Anonymous, heard, held in a flood: whatever comes in time is numbered, answered and never dropped."""

import hashlib
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from core.deadlines.models import RuleValue
from core.steps.reasons import NotNow
from public_notice import rules
from public_notice.models import Notice, Objection
from public_notice.services import (
    admit_objection,
    lodge_objection,
    reply_objection,
    settle_hearing,
)
from public_notice.services.flood import WORK, is_worked, new_challenge
from public_notice.stages import Finding, NoticeStage

pytestmark = pytest.mark.django_db
ORIGIN = "192.0.2.7"


def as_(membership):
    client = Client()
    client.force_login(membership.user)
    return client


def page_of(w):
    return Client().get(reverse("public_notice:notice", args=[w.notice.public_id])).content.decode()


def answer(w, objection, people, finding=Finding.NOT_UPHELD, reply="经核查，标准一致。"):
    return w.do(reply_objection, objection, finding=finding, reply=reply, by=people.window)


def solved(challenge):
    """Do what the page's script does."""
    for nonce in range(1 << 22):
        digest = hashlib.sha256(f"{challenge}:{nonce}".encode()).digest()
        if not int.from_bytes(digest[:4]) >> (32 - WORK):
            return str(nonce)
    raise AssertionError


def test_anonymous_where_the_county_allows_it(noticed, words, driven, people):
    text = words["text"]
    with pytest.raises(ValidationError):
        lodge_objection(noticed.notice, text=text, at=noticed.now)
    with pytest.raises(ValidationError, match="听证"):
        lodge_objection(noticed.notice, text=text, anonymous=True, hearing=True, at=noticed.now)
    kept = lodge_objection(
        noticed.notice, at=noticed.now, anonymous=True, **{**words, "name": "王示例"}
    )
    assert (kept.name, kept.contact) == ("", "")
    with driven("2018-06-01 09:00"):
        assert "匿名" in page_of(noticed)
    answer(noticed, kept, people)
    RuleValue.objects.filter(code=rules.ANONYMOUS).update(value="no")
    from core.deadlines import queries

    queries._rulebook.cache_clear()
    try:
        with pytest.raises(ValidationError, match="须写明姓名"):
            lodge_objection(noticed.notice, text="另一件", anonymous=True, at=noticed.now)
        object_ = reverse("public_notice:object", args=[noticed.notice.public_id])
        with driven("2018-06-01 09:00"):
            assert 'name="anonymous"' not in Client().get(object_).content.decode()
    finally:
        queries._rulebook.cache_clear()


def test_a_hearing_comes_before_the_reply_and_has_its_own_limit(noticed, words, people, at):
    objection = lodge_objection(noticed.notice, at=noticed.now, hearing=True, **words)
    assert (objection.rule, objection.length) == ("5b", 20)
    with pytest.raises(NotNow, match="听证"):
        answer(noticed, objection, people)
    noticed.past(noticed.notice.due_at)
    assert Notice.objects.get(pk=noticed.notice.pk).stage == NoticeStage.CONTESTED
    settle = {"note": "双方到场，意见一致。", "by": people.window}
    now = noticed.now
    with pytest.raises(PermissionDenied):
        settle_hearing(objection, note="无。", by=people.supervisor, at=now)
    for wrong in ({"note": " "}, {"heard_on": date(2018, 5, 1)}, {"heard_on": date(2019, 5, 1)}):
        with pytest.raises(ValidationError):
            settle_hearing(objection, at=now, **{**settle, **wrong})
    settled = settle_hearing(objection, heard_on=now.date(), at=now, **settle)
    assert (settled.rule, settled.length) == ("P18", 5)
    assert settled.due_at > now
    with pytest.raises(NotNow):
        settle_hearing(objection, at=now, **settle)
    answer(noticed, objection, people)
    assert Notice.objects.get(pk=noticed.notice.pk).stage == NoticeStage.CLEAN


def test_a_hearing_that_is_not_held_in_time_escalates(noticed, words, people):
    objection = lodge_objection(noticed.notice, at=noticed.now, hearing=True, **words)
    noticed.past(objection.due_at)
    objection.refresh_from_db()
    assert objection.escalated_at == objection.due_at


def test_a_flood_from_one_address_is_held_and_nothing_is_lost(noticed, words, people, driven):
    made = [
        lodge_objection(
            noticed.notice, at=noticed.now, origin=ORIGIN, **{**words, "text": f"第{n}件排水不符"}
        )
        for n in range(8)
    ]
    assert [one.held for one in made] == [False] * 5 + [True] * 3
    assert len({one.number for one in made}) == len({one.code for one in made}) == 8
    other = lodge_objection(noticed.notice, at=noticed.now, origin="192.0.2.8", **words)
    assert not other.held
    with driven("2018-06-01 09:00"):
        page = page_of(noticed)
        assert "第4件排水" in page
        assert "第6件排水" not in page
        assert made[6].number in page
    with pytest.raises(PermissionDenied):
        admit_objection(made[6], by=people.supervisor, at=noticed.now)
    admit_objection(made[6], by=people.window, at=noticed.now)
    with pytest.raises(NotNow):
        admit_objection(made[6], by=people.window, at=noticed.now)
    answer(noticed, made[7], people, finding=Finding.SET_ASIDE, reply="广告，不属于异议。")
    with driven("2018-06-01 09:00"):
        page = page_of(noticed)
        assert "第6件排水" in page
        assert "第7件排水" not in page
        assert "广告，不属于异议。" in page
    noticed.past(noticed.notice.due_at)  # what is held keeps the notice open like any other
    assert Notice.objects.get(pk=noticed.notice.pk).stage == NoticeStage.CONTESTED


def test_the_work_of_a_machine_is_taken_once_for_its_notice_within_the_hour(
    noticed, notice_one, db
):
    challenge = new_challenge(noticed.notice)
    nonce = solved(challenge)
    other = Notice(public_id="another")
    assert not is_worked(other, challenge, nonce)
    assert not is_worked(noticed.notice, challenge, "")
    assert not is_worked(noticed.notice, "forged", nonce)
    assert is_worked(noticed.notice, challenge, nonce)
    assert not is_worked(noticed.notice, challenge, nonce)


def test_a_flood_on_one_notice_holds_those_without_work(noticed, words, settings, monkeypatch):
    from public_notice.services import flood

    RuleValue.objects.filter(code=rules.TO_ONE).update(value="2")
    from core.deadlines import queries

    queries._rulebook.cache_clear()
    try:
        held = [
            lodge_objection(
                noticed.notice, at=noticed.now, worked=worked, **{**words, "text": f"异议{n}"}
            ).held
            for n, worked in enumerate((False, False, False, True))
        ]
    finally:
        queries._rulebook.cache_clear()
    assert held == [False, False, True, False]
    assert flood.WORK


def test_the_pages_without_a_script(noticed, words, people, driven):
    address = reverse("public_notice:object", args=[noticed.notice.public_id])
    with driven("2018-06-01 09:00"):
        preview = Client().post(address, {**words, "step": "preview"}).content.decode()
        assert 'name="challenge"' in preview
        assert "js/work" in preview
        for n in range(7):  # no nonce, one address: the last two are held, and the receipt says so
            client = Client()
            said = {**words, "text": f"第{n}件", "hearing": "on", "step": "send"}
            receipt = client.post(address, said, follow=True).content.decode()
        assert "很多" in receipt
        objection = Objection.objects.order_by("-pk").first()
        assert objection.number in receipt
        assert objection.held
        window = as_(people.window)
        listed = window.get(reverse("public_notice:objections", args=[noticed.filing.public_id]))
        admit, hearing = (
            reverse(f"public_notice:{name}", args=[objection.pk]) for name in ("admit", "hearing")
        )
        assert admit in listed.content.decode()
        assert hearing in listed.content.decode()
        assert as_(people.enterprise).post(admit).status_code == 403
        assert window.post(admit).status_code == 302
        assert window.post(admit).status_code == 409
        assert window.post(hearing, {"note": ""}).status_code == 422
        assert window.post(hearing, {"note": "不属于利害关系人。"}).status_code == 302
        assert window.post(hearing, {"note": "再记一次。"}).status_code == 409
        nobody = {"text": "没有姓名", "step": "preview"}
        assert Client().post(address, nobody).status_code == 422
        assert Client().post(address, {**nobody, "anonymous": "on"}).status_code == 200
    assert noticed.now < noticed.notice.due_at - timedelta(days=1)


def test_the_same_words_without_a_name_may_be_anothers(noticed, words, driven):
    """Nobody is given the receipt and the code of somebody else; one browser that presses twice has one receipt."""
    address = reverse("public_notice:object", args=[noticed.notice.public_id])
    said = {"text": words["text"], "anonymous": "on", "step": "send"}
    with driven("2018-06-01 09:00"):
        first, second = Client(), Client()
        for client in (first, first, second):
            assert client.post(address, said).status_code == 302
    one, other = Objection.objects.all()
    assert one.code != other.code
    assert first.session["objection_receipt"] == one.pk
    assert second.session["objection_receipt"] == other.pk


def test_nobody_learns_later_who_it_was_by_trying_names_on_public_words(noticed, words):
    """The words stand beside the notice; the same with the right name are another objection, with a code of its own."""
    first = lodge_objection(noticed.notice, at=noticed.now, **words)
    assert lodge_objection(noticed.notice, at=noticed.now + timedelta(minutes=9), **words) == first
    other = lodge_objection(noticed.notice, at=noticed.now + timedelta(minutes=10), **words)
    assert other.number != first.number
    assert other.code != first.code


def test_whoever_asks_for_a_hearing_afterwards_is_heard(noticed, words):
    first = lodge_objection(noticed.notice, at=noticed.now, **words)
    assert lodge_objection(noticed.notice, at=noticed.now, **words) == first
    second = lodge_objection(noticed.notice, at=noticed.now, hearing=True, **words)
    assert second.hearing_asked
    assert second != first


def test_words_that_stand_in_public_are_not_set_aside_by_one_alone(noticed, words, driven, people):
    objection = lodge_objection(noticed.notice, at=noticed.now, **words)
    answer(noticed, objection, people, finding=Finding.SET_ASIDE, reply="不属于异议。")
    with driven("2018-06-01 09:00"):
        assert "排水标准" in page_of(noticed)


def test_of_an_address_nobody_can_try_addresses_on_what_is_kept(noticed, words):
    from django.core.cache import cache

    lodge_objection(noticed.notice, at=noticed.now, origin=ORIGIN, **words)
    plain = hashlib.sha256(ORIGIN.encode()).hexdigest()
    assert not any(plain in key for key in cache._cache)
