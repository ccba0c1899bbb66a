"""Lists: in pages that lose and double nothing, narrowed by filters, in a number of queries that does not grow."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals.stages import Stage
from config.api import VERSION_1
from core import clock
from tests.api.programs import Program
from tests.share import mine, turns
from tests.walk import Walk, walk

pytestmark = pytest.mark.django_db
NOW = "2018-06-15 09:30"
LISTS = (
    "filings/", "materials/", "limits/", "papers/", "sessions/", "summons/", "opinions/", "defaults/",
    "notices/", "objections/", "messages/", "work/", "supervision/", "catalogue/", "questions/", "rulebook/",
    "regions/", "industries/", "departments/", "me/",
)  # fmt: skip


def drafts(program, count):
    return [program.post("filings/").json()["id"] for _n in range(count)]


def ids(answer):
    return [row["id"] for row in answer.json()["results"]]


def pages(program, address):
    """Every page of a list by its `next`, as a program walks it."""
    while address:
        answer = program.get(address)
        yield answer
        address = (answer.json()["next"] or "").partition("/api/v1/")[2]


def test_pages_follow_one_another_newest_first(client, people, driven):
    with driven(NOW):
        program = Program(client, people.enterprise)
        made = drafts(program, 5)
        found = [ids(answer) for answer in pages(program, "filings/?size=2")]

    assert found == [made[:2:-1], made[2:0:-1], made[:1]]


def test_what_comes_in_meanwhile_shifts_nothing(client, people, driven):
    with driven(NOW):
        program = Program(client, people.enterprise)
        made = drafts(program, 4)
        walked = []
        for answer in pages(program, "filings/?size=2"):
            walked += ids(answer)
            drafts(program, 1)

    assert walked == made[::-1]


def test_a_page_ends_where_nothing_follows(client, people, driven):
    with driven(NOW):
        program = Program(client, people.enterprise)
        drafts(program, 2)
        whole = program.get("filings/?size=2")

    assert whole.json()["next"] is None


@pytest.mark.parametrize("size", ["0", "101", "-1", "٣", "1.5", "0000019999999", "9" * 5000])
def test_a_page_has_no_more_rows_than_it_may(client, people, driven, size):
    with driven(NOW):
        answer = Program(client, people.enterprise).get("filings/", {"size": size})

    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == {"size"}


def test_another_enterprises_filing_is_no_place_to_begin(client, people, driven):
    with driven(NOW):
        theirs = drafts(Program(client, people.other_enterprise), 1)[0]
        answer = Program(client, people.enterprise).get("filings/", {"after": theirs})

    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 1),
        ("stage=listed", 1),
        ("stage=draft&stage=received", 0),
        ("site=140722101", 1),
        ("site=140722100", 0),
        ("department=ZJJ", 1),
        ("department=NOBODY", 0),
        ("submitted_from=2018-03-05&submitted_to=2018-03-05", 1),
        ("submitted_from=2018-03-06", 0),
        ("submitted_to=2018-03-04", 0),
        ("q=小杂粮", 1),
        ("q=大杂粮", 0),
        ("mine=true", 1),
        ("mine=false", 0),
        ("waiting=true", 1),
        ("waiting=false", 0),
    ],
)
def test_filings_are_narrowed(client, people, at, query, found):
    way = walk(people, at("2018-03-05 09:00"), to=Stage.LISTED)
    with clock.driven(way.now):
        answer = Program(client, people.enterprise).get(f"filings/?{query}")

    assert len(ids(answer)) == found


def everything_asked(listing):
    """A value for each filter of a list, all at once: the first choice, a day, a number, a word."""
    plain = {"BooleanFilter": "true", "DateFilter": "2018-03-05", "NumberFilter": "2018"}
    return {
        name: one.extra["choices"][0][0]
        if one.extra.get("choices")
        else plain.get(type(one).__name__, "1")
        for name, one in listing.filterset_class.base_filters.items()
    }


def test_every_filter_of_every_list_asks_what_the_database_knows(client, people, driven):
    """One that names no field breaks at its first use; what is wrong in a rare list nobody sees before."""
    lists = {
        str(pattern.pattern): pattern.callback.cls
        for pattern in VERSION_1
        if getattr(pattern.callback.cls, "filterset_class", None)
    }
    readers = (people.administrator, people.supervisor, people.head("ZJJ"), people.enterprise)
    wrong = dict.fromkeys(lists, 403)
    with driven(NOW):
        for program in [Program(client, reader) for reader in readers]:
            for address in [address for address, status in wrong.items() if status == 403]:
                answer = program.get(address, everything_asked(lists[address]))
                wrong[address] = answer.status_code

    assert {address: status for address, status in wrong.items() if status != 200} == {}


def queries(program, address):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        answer = program.get(address)
    assert answer.status_code == 200, (address, answer.json())
    return len(seen)


@pytest.mark.slow
def test_a_list_of_many_costs_what_a_list_of_one_costs(client, people, at):
    """Two meetings of one filing each, then of four: every list as the convenor, the department, the enterprise."""
    start = at("2018-03-05 09:00")
    readers = {
        "convenor": people.convenor, "window": people.window, "supervisor": people.supervisor,
        "department": people.department("ZJJ"), "enterprise": people.enterprise,
    }  # fmt: skip

    def noticed():
        way = walk(people, start, to=Stage.NOTICED)
        with clock.driven(way.now):
            Program(client).post(
                f"notices/{way.notice.public_id}/object/",
                {"name": "王示例", "contact": "13800000000", "text": f"异议{way.pk}"},
            )
        return way

    def silent():
        way = walk(people, start, to=Stage.PREREVIEWING)
        way.call_meeting()
        way.hold(way.meeting, silent=["ZJJ"])
        return way

    def cost(way):
        with clock.driven(way.now):
            programs = {who: Program(client, by, days=300) for who, by in readers.items()}
            for program in programs.values():
                program.get("me/")  # the first use of a token is kept
            return {
                (who, address): queries(program, address)
                for who, program in programs.items()
                for address in LISTS
                if mine(who, address)
                and turns(who, address, of=2)
                and (address != "supervision/" or who in ("convenor", "supervisor"))
            }

    noticed()
    one = cost(silent())
    noticed(), noticed()
    silent(), silent()
    many = cost(silent())

    assert {key: (one[key], many[key]) for key in one if many[key] > one[key]} == {}
    assert max(many.values()) < 40


@pytest.mark.slow
def test_a_case_of_many_items_costs_what_a_case_of_few_costs(client, people, at):
    few = walk(people, at("2018-03-05 09:00"), to=Stage.PREREVIEWING)
    many = walk(
        people, at("2018-03-05 09:00"), to=Stage.PREREVIEWING,
        answers={"soil_plan_needed": "yes"},
    )  # fmt: skip
    assert many.filing.items.count() > few.filing.items.count()
    with clock.driven(many.now):
        program = Program(client, people.window)
        program.get("me/")
        costs = [queries(program, f"filings/{way.filing.public_id}/") for way in (few, many)]

    assert costs[0] == costs[1]


def test_reading_writes_nothing(client, people, driven):
    from tests.house.test_doors import nothing_is_written

    with driven(NOW):
        program = Program(client, people.convenor)
        program.get("me/")  # the first use of a token in an hour is kept
        for address in LISTS:
            with nothing_is_written():
                assert program.get(address).status_code == 200, address


def test_the_public_reads_notices_without_a_token_and_never_a_contact(client, people, at):
    way = walk(people, at("2018-03-05 09:00"), to=Stage.NOTICED)
    said = {"name": "王示例", "contact": "13800000000", "text": "有异议，电话13800000000"}
    with clock.driven(way.now):
        assert (
            Program(client).post(f"notices/{way.notice.public_id}/object/", said).status_code == 201
        )
        listed = Program(client).get("notices/?open=true").json()["results"]
        notice = Program(client).get(f"notices/{way.notice.public_id}/")
        window = Program(client, people.window).get("objections/").json()["results"][0]
        supervisor = Program(client, people.supervisor).get("objections/").json()["results"][0]
        enterprise = Program(client, people.enterprise).get("objections/").json()["results"]

    assert [row["id"] for row in listed] == [way.notice.public_id]
    assert notice.json()["objections"][0]["number"] == window["number"]
    assert "13800000000" not in notice.content.decode()
    assert window["contact"] == "13800000000"
    assert (window["name"], supervisor["name"]) == ("王示例", "王某")
    assert supervisor["contact"] == ""
    assert "13800000000" not in str(supervisor)
    assert enterprise == []


def test_a_limit_explains_itself_day_by_day(client, people, at):
    way = walk(people, at("2018-03-05 09:00"), to=Stage.RECEIVED)
    with clock.driven(way.now):
        program = Program(client, people.enterprise)
        row = program.get(f"limits/?filing={way.filing.public_id}&running=true").json()["results"][
            0
        ]
        limit = program.get(f"limits/{row['id']}/").json()["limit"]

    assert limit["due_at"].startswith("2018-")
    assert limit["silence"]
    assert limit["days"][0]["mark"] == "start"
    counted = [day["number"] for day in limit["days"] if day["number"]]
    assert counted == list(range(1, len(counted) + 1))


def test_a_draft_waits_for_its_enterprise(client, people, at):
    way = Walk(people, at("2018-03-05 09:00"))
    way.draft()
    with clock.driven(way.now):
        work = Program(client, people.enterprise).get("work/").json()
        window = Program(client, people.window).get("work/").json()

    assert [row["page"].endswith(f"/cases/{way.filing.public_id}/") for row in work["mine"]] == [
        True
    ]
    assert window["mine"] == []
