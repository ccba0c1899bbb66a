"""A no of the API: its status, its type, and the sentences that a page would show."""

import pytest
from django.core.cache import cache

from approvals.stages import Stage
from core import clock
from tests.api.programs import Program
from tests.walk import PROJECT, Walk, pdf, walk

pytestmark = pytest.mark.django_db
NOW = "2018-06-15 09:30"


def is_problem(answer, status, kind):
    """Whether an answer is a whole problem of this status and kind."""
    said = answer.json()
    return (
        answer.status_code == said["status"] == status
        and answer["Content-Type"] == "application/problem+json"
        and said["type"] == f"urn:chengnuo:problem:{kind}"
        and set(said) == {"type", "title", "status", "detail", "instance", "reasons", "errors"}
        and bool(said["title"] and said["detail"])
    )


@pytest.fixture
def draft(people, at):
    """A draft with everything in it."""
    way = Walk(people, at("2018-03-05 09:00"))
    way.draft()
    with clock.driven(way.now):
        yield way


def test_the_wrong_stage_says_the_sentence_of_the_page(client, people, draft):
    program = Program(client, people.enterprise)
    address = f"filings/{draft.filing.public_id}/"

    answer = program.post(f"{address}hand-in/")

    assert is_problem(answer, 409, "not-now")
    assert answer.json()["reasons"] == [draft.filing.wrong_stage("hand_in")]


def test_what_is_missing_is_said(client, people, draft):
    filing = draft.filing
    filing.unanswered, filing.project_name = ["land_route"], ""
    filing.save()

    answer = Program(client, people.enterprise).post(f"filings/{filing.public_id}/submit/")

    assert answer.json()["reasons"] == filing.why_not("submit")
    assert len(answer.json()["reasons"]) == 2


def test_twice_is_the_wrong_stage(client, people, draft):
    program, address = (
        Program(client, people.enterprise),
        f"filings/{draft.filing.public_id}/submit/",
    )

    assert program.post(address).status_code == 200
    assert is_problem(program.post(address), 409, "not-now")


def test_too_late_says_what_silence_decided(client, people, at):
    way = walk(people, at("2018-03-05 09:00"), to=Stage.RECEIVED)
    limit = (
        way.filing.limits.get(rule="S1", ended_at=None)
        if False
        else max(way.filing.limits.filter(ended_at=None), key=lambda x: x.due_at)
    )
    way.check_materials()
    with clock.driven(limit.due_at.replace(hour=10) + (limit.due_at - limit.begun_at)):
        answer = Program(client, people.window).post(f"filings/{way.filing.public_id}/accept/")

    assert is_problem(answer, 409, "not-now")
    assert "视为受理" in answer.json()["detail"]
    assert way.filing.stage == Stage.RECEIVED


def test_the_wrong_person_is_403_and_a_stranger_404(client, people, draft):
    draft.submit()
    address = f"filings/{draft.filing.public_id}/withdraw/"
    with clock.driven(draft.now):
        window = Program(client, people.window).post(address, {"reason": "x"})
        stranger = Program(client, people.other_enterprise).post(address, {"reason": "x"})
        nothing = Program(client, people.enterprise).post("filings/nothing/withdraw/")

    assert is_problem(window, 403, "not-yours")
    assert is_problem(stranger, 404, "not-found")
    assert is_problem(nothing, 404, "not-found")
    assert {**stranger.json(), "instance": ""} == {**nothing.json(), "instance": ""}


def test_errors_stand_by_the_field(client, people, draft):
    body = {
        "project_name": "",
        "site": "140722",
        "scale": "x",
        "planned_start": "soon",
        "investment_wan": "0",
    }
    answer = Program(client, people.enterprise).post(
        f"filings/{draft.filing.public_id}/project/", body
    )

    assert is_problem(answer, 422, "invalid")
    assert {"project_name", "planned_start", "site"} <= set(answer.json()["errors"])


@pytest.mark.parametrize("field", ["site", "industry", "project_name", "planned_start"])
def test_a_zero_byte_is_refused_by_its_field(client, people, draft, field):
    """No database holds one, and a row that is looked up by it would break the request off."""
    body = {**PROJECT, "site": "140722101", "planned_start": "2018-08-01", field: "A\0"}

    answer = Program(client, people.enterprise).post(
        f"filings/{draft.filing.public_id}/project/", body
    )

    assert is_problem(answer, 422, "invalid")
    assert set(answer.json()["errors"]) == {field}


@pytest.mark.parametrize(
    "asked",
    [
        "filings/?q=%00",
        "filings/?site=%00",
        "limits/?rule=%00",
        "papers/?number=%00",
        "notices/?q=%00",
    ],
)
def test_a_zero_byte_is_refused_in_a_question(client, people, draft, asked):
    answer = Program(client, people.enterprise).get(asked)

    assert is_problem(answer, 422, "invalid")


def test_what_the_service_finds_wrong_stands_by_the_field_too(client, people, at):
    way = walk(people, at("2018-03-05 09:00"), to=Stage.RECEIVED)
    material = way.filing.materials.filter(state="received").first()
    with clock.driven(way.now):
        answer = Program(client, people.window).post(
            f"materials/{material.pk}/check/", {"fine": False}
        )

    assert is_problem(answer, 422, "invalid")
    assert answer.json()["errors"] == {"reason": ["退回补正必须写明缺什么、错在哪里。"]}


def test_a_file_of_the_wrong_kind_says_what_is_taken(client, people, at):
    from django.core.files.uploadedfile import SimpleUploadedFile

    way = walk(people, at("2018-03-05 09:00"), to=Stage.LISTED)
    material = way.filing.intake_open().first()
    wrong = SimpleUploadedFile(
        "材料.pdf", b"MZ\x90\x00 not a paper", content_type="application/pdf"
    )
    with clock.driven(way.now):
        answer = Program(client, people.enterprise).post(
            f"materials/{material.pk}/upload/", {"upload": wrong}, files=True
        )

    assert is_problem(answer, 422, "invalid")
    assert "只接收 PDF" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("method", "address", "more", "status", "kind"),
    [
        ("get", "/api/v1/no-such-thing/", {}, 404, "not-found"),
        ("get", "/api/nothing", {}, 404, "not-found"),
        ("delete", "/api/v1/filings/", {}, 405, "method"),
        ("post", "/api/v1/limits/", {}, 405, "method"),
        ("get", "/api/v1/filings/", {"headers": {"Accept": "text/html"}}, 406, "not-acceptable"),
        ("get", "/api/v1/filings/", {"data": {"size": "1000"}}, 422, "invalid"),
        ("get", "/api/v1/filings/", {"data": {"after": "nothing"}}, 422, "invalid"),
        ("get", "/api/v1/filings/", {"data": {"stage": "lunch"}}, 422, "invalid"),
        ("post", "/api/v1/filings/", {"data": "{", "content_type": "application/json"}, 400, "malformed"),
        ("post", "/api/v1/filings/", {"data": "a=1", "content_type": "text/plain"}, 415, "media-type"),
        ("post", "/api/v1/filings/", {"data": b" " * (2 << 20), "content_type": "application/json"}, 413, "too-large"),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_what_is_sent_wrongly_is_a_problem(
    client, people, driven, method, address, more, status, kind
):
    with driven(NOW):
        program = Program(client, people.enterprise)
        headers = {
            "Authorization": f"Bearer {program.secret}", "Idempotency-Key": "k" * 20,
            **more.pop("headers", {}),
        }  # fmt: skip
        answer = getattr(client, method)(address, headers=headers, **more)

    assert is_problem(answer, status, kind)


def test_the_answer_is_in_english_only_where_it_is_asked_for(client, people, driven):
    with driven(NOW):
        program = Program(client, people.enterprise)
        plain = program.get("filings/nothing/")
        english = program.get("filings/nothing/", None, **{"Accept-Language": "en-GB,en;q=0.9"})
        other = program.get("filings/nothing/", None, **{"Accept-Language": "fr"})

    assert plain.json()["title"] == other.json()["title"] == "没有找到，或者与您无关"
    assert english.json()["title"] == "Not found, or none of your business"
    assert english["Content-Language"] == "en"
    assert "Accept-Language" in english["Vary"]


def test_a_body_with_every_field_of_the_model_changes_nothing_else(client, people, draft):
    from approvals.models import Filing

    everything = {field.name: "1" for field in Filing._meta.concrete_fields}
    everything |= {
        "stage": "cleared", "number": "左承申〔2018〕999号", "enterprise": people.other_enterprise.organisation.pk,
        "enterprise_id": people.other_enterprise.organisation.pk, "book": 1, "public_id": "ffffffffffff",
        "eligible_at": "2018-01-01T00:00:00Z", "round": 9, "demonstration": True, "accepted_by_silence": True,
    }  # fmt: skip
    mine = {
        "project_name": "示例新名", "project_code": "", "industry": None, "site": "140722101", "site_detail": "村",
        "scale": "新建", "investment_wan": "5", "land_mu": None, "planned_start": "2018-12-01",
        "planned_completion": None, "planned_production": None, "papers_in_english": True,
        "industry_code": "", "construction_nature": "new", "works_kind": "other", "longitude": None, "latitude": None,
        "datum": "", "funding": "自有", "land_with_design": None, "floor_area_m2": None,
    }  # fmt: skip
    before = Filing.objects.values().get(pk=draft.pk)

    answer = Program(client, people.enterprise).post(
        f"filings/{draft.filing.public_id}/project/", {**everything, **mine}
    )

    after = Filing.objects.values().get(pk=draft.pk)
    changed = {name for name in after if after[name] != before[name]}
    assert answer.status_code == 200
    assert changed <= {name if name != "site" else "site_id" for name in mine}
    assert after["project_name"] == "示例新名"


def test_whoever_objects_too_often_waits(client, people, at, monkeypatch):
    from rest_framework.throttling import ScopedRateThrottle

    cache.clear()  # other tests object from here, too
    monkeypatch.setattr(ScopedRateThrottle, "THROTTLE_RATES", {"objections": "2/hour"})
    way = walk(people, at("2018-03-05 09:00"), to=Stage.NOTICED)
    said = {"name": "王示例", "contact": "13800000000", "text": "有异议"}
    with clock.driven(way.now):
        answers = [
            Program(client).post(
                f"notices/{way.notice.public_id}/object/",
                {**said, "text": f"异议{n}"},
                **{"X-Forwarded-For": f"203.0.113.{n}"},
            )
            for n in range(3)
        ]

    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert is_problem(answers[2], 429, "too-many")
    assert int(answers[2]["Retry-After"]) > 0
    assert answers[0].json()["code"]


def test_a_paper_of_another_case_does_not_exist_and_one_that_is_not_set_waits(client, people, at):
    way = walk(people, at("2018-03-05 09:00"), to=Stage.LISTED)
    code = way.filing.checklist_paper.code
    with clock.driven(way.now):
        waiting = Program(client, people.enterprise).get(f"papers/{code}/file/")
        stranger = Program(client, people.other_enterprise).get(f"papers/{code}/file/")

    assert is_problem(waiting, 409, "not-now")
    assert is_problem(stranger, 404, "not-found")


def test_a_file_is_handed_out_as_it_came(client, people, at):
    way = walk(people, at("2018-03-05 09:00"), to=Stage.RECEIVED)
    kept = way.filing.book.attachments.first()
    with clock.driven(way.now):
        answer = Program(client, people.window).get(f"attachments/{kept.pk}/file/")
        stranger = Program(client, people.other_enterprise).get(f"attachments/{kept.pk}/file/")

    assert b"".join(answer.streaming_content) == pdf().read()
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert is_problem(stranger, 404, "not-found")
