"""A check by a program: clause by clause as JSON, or as a form where a photograph comes along."""

import pytest

from approvals.stages import Stage
from core import clock
from tests.api.programs import Program
from tests.walk import BREACH, pdf, png, walk

pytestmark = pytest.mark.django_db
TWO = ({"name": "甲示例", "card": "示例001"}, {"name": "乙示例", "card": "示例002"})


@pytest.fixture
def planned(people, at):
    """A check of the day, on a site where the works have begun."""
    way = walk(people, at("2018-03-05 09:00"), to=Stage.BUILDING)
    way.visit = way.plan_check("ZJJ")
    with clock.driven(way.now):
        yield way


def results(way, **first):
    """Every clause of the department kept, but for what is said of the first."""
    kept = [{"clause": c.number, "kept": "kept"} for c in way.clauses("ZJJ")]
    return [{**kept[0], **first}, *kept[1:]]


def breach():
    return {**BREACH, "severity": str(BREACH["severity"])}


def test_a_broken_clause_is_found_by_a_program(client, people, planned):
    said = results(planned, kept="broken", breach=breach())
    program = Program(client, people.department("ZJJ"))

    held = program.post(
        f"checks/{planned.visit.pk}/hold/", {"officers": TWO, "results": said, "text": "现场查看"}
    )
    found = program.get(f"findings/?filing={planned.filing.public_id}").json()["results"]

    assert held.status_code == 200
    assert held.json()["results"][0]["kept"] == "broken"
    assert [row["clause"] for row in found] == [said[0]["clause"]]
    assert found[0]["limit"]["running"]


def test_a_photograph_comes_along_in_a_form(client, people, planned):
    form = {"text": "现场查看", "upload": png("现场.png")}
    for place, officer in enumerate(TWO):
        form |= {f"officers[{place}]{key}": value for key, value in officer.items()}
    for place, row in enumerate(results(planned)):
        form |= {f"results[{place}]{key}": value for key, value in row.items()}

    held = Program(client, people.department("ZJJ")).post(
        f"checks/{planned.visit.pk}/hold/", form, files=True
    )

    assert held.status_code == 200, held.json()
    assert held.json()["attachment"]["name"] == "现场.png"
    assert [officer["name"] for officer in held.json()["officers"]] == ["甲示例", "乙示例"]


def test_a_clause_of_no_letter_is_said_by_its_number(client, people, planned):
    said = results(planned, clause="X99-1")
    answer = Program(client, people.department("ZJJ")).post(
        f"checks/{planned.visit.pk}/hold/", {"officers": TWO, "results": said, "text": "现场查看"}
    )

    assert answer.status_code == 422
    assert "X99-1" in answer.json()["errors"]["results"][0]


def test_a_check_nobody_announced_is_unknown_to_the_enterprise_until_it_is_held(client, people, at):
    way = walk(people, at("2018-03-05 09:00"), to=Stage.BUILDING)
    visit = way.plan_check("ZJJ", mode="complaint", why="示例举报")
    with clock.driven(way.now):
        enterprise = Program(client, people.enterprise).get("checks/").json()["results"]
        another = Program(client, people.department("STJ")).get("checks/").json()["results"]
        own = Program(client, people.department("ZJJ")).get("checks/").json()["results"]

    assert enterprise == another == []
    assert [row["id"] for row in own] == [visit.pk]


def test_a_report_without_a_file_is_plain_json(client, people, at):
    way = walk(people, at("2018-03-05 09:00"), to=Stage.BUILDING)
    day = way.now.date().isoformat()
    with clock.driven(way.now):
        answer = Program(client, people.enterprise).post(
            f"filings/{way.filing.public_id}/report-progress/",
            {"happened_on": day, "percent": 20, "text": "主体施工"},
        )

    assert answer.status_code == 200, answer.json()
    assert answer.json()["attachment"] is None


def test_nodes_are_promised_and_reported_by_a_program(client, people, at):
    way = walk(people, at("2018-03-05 09:00"), to=Stage.START_NOTIFIED)
    program, day = Program(client, people.enterprise), way.now.date().isoformat()
    address, said = f"filings/{way.filing.public_id}/", {"happened_on": day, "text": "基础施工"}
    with clock.driven(way.now):
        left_out = program.post(f"{address}report-start/", said)
        promised = [{"code": code, "promised_on": None} for code in ("N3", "N4")]
        plan = [{"code": "N2", "promised_on": day}, *promised]
        twice = program.post(f"{address}report-start/", {**said, "nodes": [*plan, plan[0]]})
        begun = program.post(f"{address}report-start/", {**said, "nodes": plan})
        unproven = {**said, "percent": 20, "node": "N2"}
        bare = program.post(f"{address}report-progress/", unproven)
        reached = program.post(
            f"{address}report-progress/", {**unproven, "upload": pdf()}, files=True
        )
        listed = program.get(f"site-nodes/?filing={way.filing.public_id}").json()["results"]
        another = Program(client, people.other_enterprise).get("site-nodes/").json()["results"]

    assert [one.status_code for one in (left_out, twice, bare)] == [422, 422, 422]
    assert {"node_N2", "node_N3", "node_N4"} <= set(left_out.json()["errors"])
    assert begun.status_code == reached.status_code == 200
    assert reached.json()["node"] == "N2"
    found = {one["code"]: (one["promised_on"], one["reached_on"]) for one in listed}
    assert found == {"N2": (day, day), "N3": (None, None), "N4": (None, None)}
    assert another == []
