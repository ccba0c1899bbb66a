"""A filing from draft to start notification by programs alone: the same book, act by act, as by the services."""

import pytest

from approvals.stages import Stage
from core import clock
from core.ledger.queries import verify_all
from tests.api.programs import Program
from tests.api.walking import ProgramWalk
from tests.walk import acts, walk

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_from_draft_to_start_by_programs(client, people, at):
    by_program = ProgramWalk(client, people, at("2018-03-05 09:00")).to(Stage.START_NOTIFIED)
    start, other = at("2018-03-05 09:00"), people.other_enterprise  # each with a licence to confirm
    by_hand = walk(people, start, to=Stage.START_NOTIFIED, by=other)

    assert acts(by_program.filing.book) == acts(by_hand.filing.book)
    _books, _entries, faults = verify_all()
    assert faults == []


def test_each_answer_says_where_the_case_now_stands(client, people, at):
    way = ProgramWalk(client, people, at("2018-03-05 09:00")).to(Stage.LISTED)

    stages = [answer["stage"] for answer in way.answers_seen if "stage_since" in answer]

    assert stages[0] == "draft"
    assert stages[-1] == "listed"
    assert way.answers_seen[-1]["limits"] == []  # the enterprise prepares in its own time


def test_the_whole_case_is_one_answer_for_each_who_is_concerned(client, people, at):
    way = ProgramWalk(client, people, at("2018-03-05 09:00")).to(Stage.NOTICED)
    address = f"filings/{way.filing.public_id}/"
    with clock.driven(way.now):
        seen = {
            who: way.program(by).get(address)
            for who, by in {
                "enterprise": people.enterprise,
                "window": people.window,
                "department": people.department("ZJJ"),
            }.items()
        }
        stranger = Program(client, people.other_enterprise).get(address)

    assert stranger.status_code == 404
    for answer in seen.values():
        case = answer.json()
        assert answer.status_code == 200
        assert {"items", "materials", "opinions", "letter", "notices", "papers", "timeline"} <= set(
            case
        )
        assert case["letter"]["clauses"]
        assert case["notices"][0]["open"] is True
        assert len(case["opinions"]) > len(case["items"])
        item = case["items"][0]
        assert {"opinion_default", "approval", "keeps_gate_shut"} <= set(item)  # two facts, apart
    withdraw = {step["name"]: step for step in seen["enterprise"].json()["steps"]}["withdraw"]
    assert withdraw["allowed"]
    assert withdraw["api"].endswith(f"/api/v1/{address}withdraw/")


def test_an_offered_step_says_why_it_is_not_open_yet(client, people, at):
    way = ProgramWalk(client, people, at("2018-03-05 09:00"))
    with clock.driven(way.now):
        program = way.program(people.enterprise)
        case = program.post("filings/").json()
        steps = program.get(f"filings/{case['id']}/").json()["steps"]

    submit = next(step for step in steps if step["name"] == "submit")
    assert not submit["allowed"]
    assert "还有问题没有回答：问卷答完才能申报。" in submit["reasons"]
