"""Things of somebody else inside one's own address: not found, and nothing changes; ways out of the site: none."""

import pytest
from django.urls import reverse

from approvals.stages import MaterialState, Stage
from tests.conftest import instant
from tests.doors.visit import Visit
from tests.house.doors import ASKED, DOORS, address
from tests.house.headers import faults
from tests.share import dealt, mine, turns
from tests.standing import standing
from tests.walk import PROJECT, Walk, pdf, walk

pytestmark = pytest.mark.django_db


def _two(people):
    """Walk a filing of the first enterprise and one of the other, both with their papers in."""
    own = walk(people, instant("2018-03-05 09:00"), to=Stage.RECEIVED)
    other = walk(
        people, own.now, to=Stage.RECEIVED, by=people.other_enterprise,
        project_code="2018-140722-13-03-000002", project_name="示例豆制品项目",
    )  # fmt: skip
    return own, other


walked, two = standing(_two)


def test_a_paper_of_another_case_is_not_found_below_ones_own(two, people):
    own, other = two
    foreign = other.filing.materials.intake().first()
    enterprise, window = Visit(people.enterprise, other), Visit(people.window, other)
    here = f"/cases/{own.filing.public_id}/materials/"
    sent = [
        (enterprise, {"act": "upload", f"file-{foreign.pk}": pdf()}),
        (enterprise, {"act": "promise", "material": foreign.pk, "reason": "在办"}),
        (window, {"act": "fine", "material": foreign.pk}),
        (window, {"act": "return", "material": foreign.pk, "reason": "缺章"}),
        (window, {"act": "gap_fine", "material": foreign.pk}),
    ]

    assert [visit.post(here, body).status_code for visit, body in sent] == [404] * len(sent)
    assert other.filing.materials.get(pk=foreign.pk).state == MaterialState.RECEIVED


def test_a_file_of_another_enterprise_is_not_found(two, people):
    own, other = two
    for way, stranger in ((own, people.other_enterprise), (other, people.enterprise)):
        visit = Visit(stranger, other)
        for kept in way.filing.book.attachments.all():
            assert visit.get(f"/attachments/{kept.pk}/").status_code == 404
            assert visit.get(f"/api/v1/attachments/{kept.pk}/file/").status_code == 404


def test_an_item_or_change_of_another_case_is_not_found(two, people, at):
    own, _other = two
    window = Visit(people.window, own)

    assert window.case("items/X99/strike/", {"reason": "不适用"}).status_code == 404
    assert window.case("items/X99/approval/", {"number": "1"}).status_code == 404
    assert window.case("changes/1/", {"note": "已改"}).status_code == 404


def test_a_department_finds_only_its_own_opinions_and_summons(people, at):
    way = walk(people, at("2018-03-05 09:00"), to=Stage.PREREVIEWING)
    way.call_meeting()
    way.acknowledge(way.meeting)
    way.open(way.meeting)
    way.close(way.meeting)
    clerk = Visit(people.department(ASKED), way)
    slots = way.filing.slots.exclude(department__code=ASKED)
    summons = way.meeting.invitations.exclude(department__code=ASKED)

    assert slots.exists()
    assert summons.exists()
    for slot in slots:
        assert clerk.post(f"/opinions/{slot.pk}/", {"position": "agree"}).status_code == 404
    for one in summons:
        for step in ("acknowledge", "check-in", "leave", "coming"):
            body = {"representative": "某人"}
            assert clerk.post(f"/summons/{one.pk}/{step}/", body).status_code == 404
    assert not slots.exclude(opinion=None).filter(agenda__session=way.meeting).exists()


def test_a_case_that_is_not_ready_is_not_put_on_an_agenda(two, people):
    own, _other = two
    convenor = Visit(people.convenor, own)
    body = {"filings": [own.pk], "opens_at": "2018-12-03 09:00", "place": "二楼"}

    assert convenor.post("/sessions/call/", body).status_code == 422
    assert convenor.post("/sessions/call/?kind=survey", body).status_code == 422


AWAY = [
    "https://evil.example/", "//evil.example/", "///evil.example", "https:evil.example", "\\\\evil.example",
    "/\\evil.example", "javascript:alert(1)", "http://testserver@evil.example/", "\thttps://evil.example", "/%0d%0aX:1",
]  # fmt: skip


@pytest.mark.parametrize("away", AWAY)
def test_no_form_sends_anyone_away(people, at, away):
    visit = Visit(people.enterprise, now=at("2018-03-05 09:00"))
    membership = people.enterprise.pk
    answers = [
        visit.post("/language/", {"language": "en", "next": away}),
        visit.post("/acting/", {"membership": membership, "next": away}),
        visit.post(f"/accounts/logout/?next={away}", {"next": away}),
        Visit(None, now=at("2018-03-05 09:00")).post(
            "/accounts/login/", {"login": "enterprise-01", "password": "x", "next": away}
        ),
    ]
    for answer in answers:
        there = answer.headers.get("Location", "/")
        assert there.startswith("/"), there
        assert not there.startswith(("//", "/\\")), there
        assert "\n" not in there


@pytest.mark.parametrize("away", AWAY[:4])
def test_a_page_of_refusal_leads_back_into_the_site(people, at, away):
    way = Walk(people, at("2018-03-05 09:00"))
    way.draft()
    visit = Visit(people.enterprise, way)

    for path in (f"/cases/{way.filing.public_id}/hand-in/", "/desk/read/", "/filings/new/"):
        page = visit.post(path, headers={"referer": away}).content.decode()
        assert "evil.example" not in page


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "localhost:80@evil.example", "", "a b"]
)
def test_another_host_is_not_answered(client, host):
    answer = client.get("/", headers={"host": host})

    assert answer.status_code == 400 or host == ""
    assert faults(answer) == []


def test_a_forwarded_host_is_not_believed(people, at):
    visit = Visit(people.enterprise, now=at("2018-03-05 09:00"))
    answer = visit.client.get(reverse("desk:home"), headers={"x-forwarded-host": "evil.example"})

    assert answer.status_code == 200
    assert "evil.example" not in answer.content.decode()


# Sent together, first with first: a page reads what it knows.
QUERIES = {
    "page": ["abc", "-1", "0", "1e9", "9" * 30, "9" * 5000, "\0", "２"],
    "stage": ["nonsense", "'", "\0"],
    "state": ["nonsense", "\0"],
    "year": ["0000", "99999", "9999", "abc", "-1", "٢٠١٨", "1e3"],
    "town": ["'", "\0", "x" * 5000],
    "q": ["\0", "%", "_", "'", "(", "\\", "示" * 2000, "a b " * 400],
    "round": ["abc", "-1", "9" * 5000, "²"],
    "kind": ["nonsense", "\0"],
    "case": ["nonsense", "\0"],
    "open": ["nonsense"],
    "number": ["<script>", "\0"],
    "cursor": ["abc", "=", "\0"],
    "limit": ["-1", "abc", "9" * 30],
    "ordering": ["password", "\0"],
    "filing": ["nonsense", "\0", "'"],
    "department": ["nonsense", "\0", "9" * 30],
}
READS_A_QUERY = ("prereview:matrix", "approvals:materials", "public_notice:notice")


@pytest.mark.slow
@pytest.mark.parametrize("turn", range(8))
def test_a_query_that_makes_no_sense_breaks_nothing(people, at, turn):
    """`make test` asks each page at two of the eight turns, others with another seed; alone, at all."""
    way = walk(people, at("2018-03-05 09:00"), to=Stage.RECEIVED)
    pages = {door: f"/{door.route}" for door in DOORS if door.ours and door.plain}
    pages |= {d: address(d, way.filing) for d in DOORS if d.name in READS_A_QUERY}
    query = {name: typed[turn % len(typed)] for name, typed in QUERIES.items()}
    visit = Visit(people.convenor, way)
    asked = [
        page
        for door, page in pages.items()
        if page
        and mine(turn, door.name)
        and dealt(turn // 2 % 2, door.name)
        and turns(turn, door.name, of=2)
    ]
    answers = {page: visit.get(page, **query).status_code for page in asked}

    assert {page: status for page, status in answers.items() if status >= 500} == {}


KINDS = [
    ("application/json", b"{"),
    ("application/json", b'{"reason": "x"}'),
    ("text/plain", b"reason=x"),
    ("application/xml", b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>"),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="reason"\r\n\r\nx'),
    ("multipart/form-data", b"--x"),
    ("application/x-www-form-urlencoded; charset=utf-7", b"reason=+ADw-script+AD4-"),
    ("application/x-www-form-urlencoded", b"reason=%ff%fe%00"),
    ("nonsense", b"\x00\xff"),
    ("", b""),
]  # fmt: skip


@pytest.mark.dealt
@pytest.mark.parametrize(("kind", "content"), KINDS)
def test_a_body_of_the_wrong_kind_takes_no_step(people, at, kind, content):
    way = walk(people, at("2018-03-05 09:00"), to=Stage.RECEIVED)
    visit = Visit(people.window, way)
    before = way.filing.book.sequence
    for step in ("refuse/", "accept/", "materials/", "items/R04/strike/"):
        path = f"/cases/{way.filing.public_id}/{step}"
        answer = visit.client.generic("POST", path, content, content_type=kind)
        assert answer.status_code in {400, 404, 409, 415, 422}, (step, answer.status_code)
        assert faults(answer, personal=True) == []
    for step in ("refuse", "accept"):
        path = f"/api/v1/filings/{way.filing.public_id}/{step}/"
        answer = visit.client.generic("POST", path, content, content_type=kind)
        assert 400 <= answer.status_code < 500

    assert way.filing.book.sequence == before


def test_a_word_that_was_not_offered_is_refused(people, at):
    way = walk(people, at("2018-03-05 09:00"), to=Stage.PREREVIEWING)
    way.call_meeting()
    way.acknowledge(way.meeting)
    way.open(way.meeting)
    way.close(way.meeting)
    clerk = people.department(ASKED)
    slot = way.filing.slots.filter(department__code=ASKED, agenda__session=way.meeting).first()

    for typed in ("nonsense", "deemed_timeout", "no_opinion", "", "\0", "agree' OR 1=1", "AGREE"):
        answer = Visit(clerk, way).post(f"/opinions/{slot.pk}/", {"position": typed})
        assert answer.status_code == 422, typed
    assert way.filing.slots.get(pk=slot.pk).state == slot.state


def test_a_project_is_not_moved_to_a_place_that_is_no_town(people, at):
    way = Walk(people, at("2018-03-05 09:00"))
    way.draft()
    before = way.filing.site_id
    for site in ("0", "999999", "abc", "9" * 30, "140722101' OR 1=1", "\0"):
        body = {**PROJECT, "planned_start": "2018-08-01", "site": site}
        assert Visit(people.enterprise, way).case("project/", body).status_code == 422

    assert way.filing.site_id == before
