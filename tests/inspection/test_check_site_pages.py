"""The inspector's page of the works: whose it is, its forms without scripts, and the same by a program."""

import re
from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals.stages import Stage
from core import clock
from inspection.models import Check, CheckPhoto, CheckStatement
from tests.api.programs import Program
from tests.conftest import instant
from tests.inspection.browse import Browser, text
from tests.inspection.onsite import SAID, Telephone, png
from tests.prereview.onsite import digest, jpeg, upload
from tests.standing import standing
from tests.walk import OFFICERS, walk

pytestmark = pytest.mark.django_db
walked, w = standing(lambda people: walk(people, instant("2018-03-05 09:00"), to=Stage.BUILDING))
NAMES = {"officer_1": "甲示例", "card_1": "示例001", "officer_2": "乙示例", "card_2": "示例002"}


@pytest.fixture
def check(w):
    """A check of the construction department that is still to be held."""
    return w.plan_check("ZJJ")


@pytest.fixture
def clerk(w, people, check):
    """Its clerk, at a browser."""
    return Browser(people.department("ZJJ"), w.now)


def test_the_page_asks_for_the_position_and_says_what_silence_does(clerk, check):
    page = clerk.get("check_site", check.pk)

    assert page["Permissions-Policy"].startswith("geolocation=(self), ")
    assert "没有网络时内容留在本机，不发送就没有检查记录" in text(page)
    worker = clerk.client.get(reverse("inspection:site_worker"))
    assert worker["Content-Type"] == "text/javascript"


def test_without_scripts_each_form_sends_itself(w, clerk, check):
    number = w.clauses("ZJJ")[0].number
    photo = {"uid": uuid4(), "clause": number, "upload": upload(jpeg())}
    assert clerk.post("check_photo", check.pk, **photo).status_code == 302
    wrong = clerk.post("check_statement", check.pk, uid=uuid4(), signing="signed", role="工长")
    assert wrong.status_code == 422
    assert "姓名和身份" in text(wrong)
    said = {
        "uid": uuid4(), "signing": "refused", "reason": "未说明理由", "witness_0": "甲示例",
        "witness_card_0": "示例001",
        "witness_1": "乙示例", "witness_card_1": "示例002",
    }  # fmt: skip
    assert clerk.post("check_statement", check.pk, **said).status_code == 302
    results = {f"kept_{one.pk}": "kept" for one in w.clauses("ZJJ")}
    record = {"uid": uuid4(), "text": "现场查看", **NAMES, **results}
    early = clerk.post("hold_check", check.pk, **record, covers=str(uuid4()))
    assert (early.status_code, "没有收到" in text(early)) == (409, True)
    covers = f"{photo['uid']} {said['uid']}"
    assert clerk.post("hold_check", check.pk, **record, covers=covers).status_code == 302
    assert Check.objects.get().entry == record["uid"]
    page = text(clerk.get("check_site", check.pk))
    for words in ("检查已于", "拒绝签名", "未说明理由", number):
        assert words in page


def test_the_page_of_the_check_shows_what_was_signed_apart_from_what_was_noted(
    w, people, clerk, check
):
    phone = Telephone(w, check, people.department("ZJJ"))
    phone.hears(replace(SAID, text="我方不认可，防护网一直在"))
    phone.holds(statement="承认未装防护网")
    page = text(clerk.get("check", check.pk))
    _before, signed, noted = re.split(
        "<dt>被检查人陈述</dt>|<dt>检查人员另记的陈述（没有签名确认）</dt>", page
    )
    assert ("防护网一直在" in signed, "现场签名" in signed, "承认" in signed) == (True, True, False)
    assert "承认未装防护网" in noted


def test_by_a_program_in_parts_and_sent_twice(w, people, client, check):
    with clock.driven(w.now):
        program = Program(client, people.department("ZJJ"))
        said = {
            "uid": str(uuid4()), "signing": "signed", "name": "示例工长", "role": "现场负责人", "drawn": "true",
            "sha256": digest(png()),
        }  # fmt: skip
        address = f"checks/{check.pk}/"
        first, again = (
            program.post(
                f"{address}statement/", {**said, "upload": upload(png(), "s.png")}, files=True
            )
            for _twice in range(2)
        )
        record = {"uid": str(uuid4()), "text": "现场查看", "covers": [said["uid"]]}
        for place, officer in enumerate(OFFICERS):
            record |= {f"officers[{place}]{key}": value for key, value in officer.items()}
        for place, clause in enumerate(w.clauses("ZJJ")):
            record |= {f"results[{place}]clause": clause.number, f"results[{place}]kept": "kept"}
        held = [program.post(f"{address}hold/", record, files=True) for _twice in range(2)]
        stolen = program.post(f"{address}photo/", {"uid": str(uuid4()), "person": people.convenor.pk,
                                                   "upload": upload(jpeg())}, files=True)  # fmt: skip
        seen = program.get("checks/").json()["results"][0]

    assert (first.status_code, first.json()) == (200, again.json())
    assert [one.status_code for one in held] == [200, 200]
    assert stolen.status_code == 403
    assert (CheckStatement.objects.count(), CheckPhoto.objects.count()) == (1, 0)
    assert seen["statements"][0]["signature"]["sha256"] == digest(png())


def test_the_enterprise_reads_what_was_entered_once_the_check_is_held_and_not_before(
    w, people, client, check
):
    phone = Telephone(w, check, people.department("ZJJ"))
    phone.shoots()
    phone.hears()
    with clock.driven(w.now):
        own, theirs = (
            Program(client, by, days=300) for by in (people.department("ZJJ"), w.enterprise)
        )

        def entries(program):
            row = program.get("checks/").json()["results"][0]
            return len(row["photos"]), len(row["statements"])

        assert (entries(own), entries(theirs)) == ((1, 1), (0, 0))
        phone.holds()
        assert (entries(own), entries(theirs)) == ((1, 1), (1, 1))


def test_page_and_list_ask_as_many_questions_for_many_entries_as_for_one(w, people, clerk, check):
    phone = Telephone(w, check, people.department("ZJJ"))
    phone.shoots()
    phone.hears()
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(
            connection,
        ) as page:
            assert clerk.get("check_site", check.pk).status_code == 200
        counts.append(len(page))
        for color in ("blue", "green", "black"):
            phone.shoots(jpeg(color))
            phone.hears()
    assert counts[0] == counts[1]
