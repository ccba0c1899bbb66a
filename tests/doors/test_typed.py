"""What people type: kept as typed and shown as text everywhere, or refused with a sentence; never an error of ours."""

import re
from zlib import crc32

import pytest

from approvals.stages import Stage
from core import clock
from prereview.services import open_item
from public_notice.services import lodge_objection
from tests.conftest import instant
from tests.doors.visit import Visit, text
from tests.house.doors import ASKED, DOORS, address
from tests.share import SHARED, dealt, mine
from tests.standing import standing
from tests.walk import PROJECT, Walk, walk

pytestmark = pytest.mark.django_db
EVIL = "<script>alert('门')</script><img src=x onerror=alert(1)>"
RAW = re.compile(r"<script>alert|<img src=x", re.IGNORECASE)
TYPED = {
    "script": EVIL,
    "closing tag": '"></textarea></title><svg/onload=alert(1)>',
    "template": "{{ 7|add:1 }}{% now 'Y' %}${7*7}",
    "query": "x'); DROP TABLE approvals_filing;--",
    "formula": '=HYPERLINK("http://evil.example","点")',
    "emoji": "示例项目😀𠮷",
    "entity": "&lt;b&gt;&#x27;",
}  # fmt: skip
HIDDEN = {
    "turned": "项目\u202egnp.exe",
    "nothing between": "示例\u200b项目",
    "two lines": "一\r\n二",
}
REFUSED = {
    "nothing": "",
    "blanks": " \u3000\t ",
    "a zero byte": "示例\0项目",
    "too long": "示" * 10_000,
}


def _draft(people):
    """Open a draft of the first enterprise."""
    way = Walk(people, instant("2018-03-05 09:00"))
    way.draft()
    return way


walked, draft = standing(_draft)


def project(way, **changed):
    """Save the project by its page."""
    town = way.filing.site_id
    body = {**PROJECT, "site": town, "planned_start": "2018-08-01", **changed}
    return Visit(way.enterprise, way).case("project/", body)


@pytest.mark.dealt
@pytest.mark.parametrize("typed", TYPED.values(), ids=TYPED)
@pytest.mark.parametrize("name", ["project_name", "site_detail", "scale"])
def test_what_was_typed_stands_as_it_was_typed(draft, name, typed):
    answer = project(draft, **{name: typed})

    assert answer.status_code == 302
    assert getattr(draft.filing, name).replace("\r", "") == typed.replace("\r", "")
    page = Visit(draft.enterprise, draft).get(f"/cases/{draft.filing.public_id}/project/")
    assert typed.replace("\r", "").split("\n")[0] in text(page)
    assert not RAW.search(page.content.decode())


@pytest.mark.parametrize("typed", HIDDEN.values(), ids=HIDDEN)
@pytest.mark.parametrize("name", ["project_name", "site_detail"])
def test_what_hides_in_a_name_is_refused(draft, name, typed):
    before = getattr(draft.filing, name)

    answer = project(draft, **{name: typed})

    assert answer.status_code == 422
    assert getattr(draft.filing, name) == before


def test_a_scale_has_lines(draft):
    assert project(draft, scale="一\r\n二").status_code == 302
    assert draft.filing.scale.replace("\r", "") == "一\n二"


@pytest.mark.parametrize("typed", REFUSED.values(), ids=REFUSED)
def test_a_name_that_is_none_is_refused(draft, typed):
    before = draft.filing.project_name

    answer = project(draft, project_name=typed)

    assert answer.status_code == 422
    assert draft.filing.project_name == before


NUMBERS = [
    "-1", "0", "NaN", "sNaN", "Infinity", "-Infinity", "1e400", "1" * 40, "0x10", "一千", "1,200", "", "1e-9",
]  # fmt: skip


@pytest.mark.parametrize("typed", NUMBERS)
def test_an_investment_that_is_no_amount_is_refused(draft, typed):
    before = draft.filing.investment_wan

    assert project(draft, investment_wan=typed).status_code == 422
    assert draft.filing.investment_wan == before


@pytest.mark.parametrize("typed", ["-0.01", "NaN", "1e400"])
def test_an_area_that_is_none_is_refused(draft, typed):
    assert project(draft, land_mu=typed).status_code == 422


DAYS = [
    "0001-01-01",
    "9999-12-31",
    "0000-00-00",
    "2018-02-30",
    "10000-01-01",
    "20180801",
    "1e9",
    "\0",
]


@pytest.mark.dealt
@pytest.mark.parametrize("name", ["planned_start", "planned_completion", "planned_production"])
@pytest.mark.parametrize("typed", DAYS)
def test_a_day_at_the_edge_of_time_breaks_no_page(draft, name, typed):
    answer = project(draft, **{name: typed})
    visit = Visit(draft.enterprise, draft)

    assert answer.status_code in {302, 422}
    for page in ("", "project/", "questionnaire/", "submit/"):
        assert visit.get(f"/cases/{draft.filing.public_id}/{page}").status_code == 200
    assert visit.case("submit/").status_code == 302


def in_meeting(people, at):
    """A case with evil in every word of it, in a running meeting."""
    way = walk(
        people, at("2018-03-05 09:00"), to=Stage.PREREVIEWING,
        project_name=EVIL, site_detail=EVIL, scale=EVIL,
    )  # fmt: skip
    way.call_meeting()
    way.acknowledge(way.meeting)
    way.open(way.meeting)
    way.do(open_item, way.meeting.agenda.get(), by=people.convenor)
    return way


def in_public(people, at):
    """The same case in its notice, with evil said against it."""
    way = in_meeting(people, at)
    way.close(way.meeting)
    way.opinions(way.meeting)
    way.morning()
    way.conclude()
    for step in ("commit", "publish"):
        getattr(way, step)()
    said = {"name": EVIL[:60], "contact": EVIL, "text": EVIL, "interest": EVIL}
    with clock.driven(way.now):
        lodge_objection(way.notice, at=way.now, **said)
    return way


@pytest.mark.slow
@pytest.mark.parametrize(
    ("turn", "situation"), [(0, in_meeting), (1, in_public)], ids=["meeting", "notice"]
)
def test_no_page_takes_words_for_a_part_of_itself(people, at, turn, situation):
    way = situation(people, at)
    pages = {door: f"/{door.route}" for door in DOORS if door.ours and door.plain}
    pages |= {door: address(door, way.filing) for door in DOORS if door.of_things}
    visitors = (
        None, people.enterprise, people.window, people.convenor, people.department(ASKED), people.supervisor,
    )  # fmt: skip
    shown = set()
    for place, member in enumerate(visitors):
        visit = Visit(member, way)
        for door, page in pages.items():
            asked = (member and member.role, door.name)
            others = (
                SHARED and (crc32(door.name.encode()) + place) % 3
            )  # a page to every third visitor
            if page is None or others or not mine(*asked) or not dealt(turn, *asked):
                continue
            answer = visit.get(page)
            assert answer.status_code < 500, page
            if answer.streaming:
                continue
            body = answer.content.decode()
            if answer["Content-Type"].startswith("text/html"):
                assert not RAW.search(body), page
                shown |= {page} if "&lt;script&gt;alert" in body else set()

    assert len(shown) > 10  # it was there to be seen


def test_a_reason_with_a_zero_byte_is_refused(people, at):
    way = walk(people, at("2018-03-05 09:00"), to=Stage.RECEIVED)
    material = way.filing.materials.intake().first()

    body = {"act": "return", "material": material.pk, "reason": "缺\0章"}
    answer = Visit(people.window, way).case("materials/", body)

    assert answer.status_code == 422


@pytest.mark.parametrize("act", ["", "nonsense", "delete", "\0", "__class__"])
def test_an_act_that_is_none_is_not_found(people, at, act):
    way = walk(people, at("2018-03-05 09:00"), to=Stage.RECEIVED)

    assert Visit(people.window, way).case("materials/", {"act": act}).status_code == 404
