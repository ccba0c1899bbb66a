"""A double click, two people at the same moment, a page that somebody else has overtaken: one effect, one entry."""

import pytest

from approvals.models import Filing
from approvals.services import acknowledge_checklist
from approvals.stages import Stage
from core.ledger.queries import verify_all
from tests.core.threads import alone, at_once, shared_database
from tests.doors.visit import Visit, text
from tests.house.bodies import OBJECTION
from tests.house.doors import ASKED
from tests.walk import Walk, acts, pdf, png, walk

pytestmark = pytest.mark.django_db


def to_submit(people, at):
    way = Walk(people, at("2018-03-05 09:00"))
    way.draft()
    return way, people.enterprise, "submit/", dict, "submit"


def to_hand_in(people, at):
    way = walk(people, at("2018-03-05 09:00"), to=Stage.LISTED)
    way.do(acknowledge_checklist, way.filing, by=people.enterprise)
    way.upload()
    return way, people.enterprise, "hand-in/", dict, "hand_in"


def to_accept(people, at):
    way = walk(people, at("2018-03-05 09:00"), to=Stage.RECEIVED)
    way.check_materials()
    return way, people.window, "accept/", dict, "accept"


def to_sign(people, at):
    way = walk(people, at("2018-03-05 09:00"), to=Stage.COMMITTING)
    return (
        way,
        people.enterprise,
        "commitment/sign/",
        lambda: {"scan": png(), "same": "on"},
        "sign_letter",
    )


def to_publish(people, at):
    way = walk(people, at("2018-03-05 09:00"), to=Stage.COMMITTED)
    return way, people.window, "publish/", dict, "publish"


def to_withdraw(people, at):
    way = walk(people, at("2018-03-05 09:00"), to=Stage.RECEIVED)
    return way, people.enterprise, "withdraw/", lambda: {"reason": "另选址"}, "withdraw"


CLICKS = [to_submit, to_hand_in, to_accept, to_sign, to_publish, to_withdraw]


def clicked(way, member, path, body, times=2):
    """Send the same form so many times, from the same moment; return the answers' statuses."""
    visits = alone(lambda: [Visit(member, now=way.now) for _click in range(times)])
    return at_once(*[lambda visit=visit: visit.post(path, body()).status_code for visit in visits])


@pytest.mark.slow
@pytest.mark.parametrize("situation", CLICKS, ids=lambda situation: situation.__name__)
def test_a_step_that_is_clicked_twice_is_taken_once(
    transactional_db, people, at, tmp_path, situation, settings
):
    settings.MEDIA_ROOT = tmp_path / "files"
    with shared_database(tmp_path):
        way, member, step, body, act = alone(lambda: situation(people, at))
        path = alone(lambda: f"/cases/{way.filing.public_id}/{step}")
        answers = clicked(way, member, path, body)
        written = alone(lambda: acts(way.filing.book).count(act))
        faults = alone(lambda: verify_all()[2])

    assert sorted(answers) in ([302, 302], [302, 409])
    assert written == 1
    assert faults == []


@pytest.mark.slow
def test_two_clerks_who_review_and_accept_at_once_do_it_once(
    transactional_db, people, at, tmp_path
):
    """Both have all papers before them; whoever is second is told, in a sentence, who was first."""

    def two_pages():
        way = walk(people, at("2018-03-05 09:00"), to=Stage.RECEIVED)
        papers = list(way.filing.materials.intake())
        sent = {f"verdict-{one.pk}": "fine" for one in papers}
        sent |= {f"seen-{one.pk}": one.standing for one in papers}
        visits = [Visit(people.window, now=way.now), Visit(people.convenor, now=way.now)]
        bodies = [{**sent, "then": "accept", "key": key * 20} for key in "ab"]
        return way, f"/cases/{way.filing.public_id}/review/", list(zip(visits, bodies, strict=True))

    with shared_database(tmp_path):
        way, path, both = alone(two_pages)
        answers = at_once(*[lambda v=v, body=body: v.post(path, body) for v, body in both])
        written = alone(lambda: acts(way.filing.book))
        faults = alone(lambda: verify_all()[2])
    late = next(answer for answer in answers if answer.status_code == 409)

    assert sorted(answer.status_code for answer in answers) == [302, 409]
    assert "您的决定没有保存，也不需要再办" in text(late)
    assert written.count("accept") == 1
    assert faults == []


@pytest.mark.slow
def test_an_objection_that_is_sent_twice_is_lodged_once(transactional_db, people, at, tmp_path):
    with shared_database(tmp_path):
        way = alone(lambda: walk(people, at("2018-03-05 09:00"), to=Stage.NOTICED))
        path = f"/notices/{way.notice.public_id}/object/"
        answers = clicked(way, None, path, lambda: OBJECTION, times=3)
        numbers = alone(lambda: list(way.notice.objections.values_list("number", flat=True)))
        written = alone(lambda: acts(way.notice.book).count("lodge_objection"))

    assert answers == [302, 302, 302]
    assert len(numbers) == written == 1


@pytest.mark.slow
def test_two_people_of_a_department_speak_once(transactional_db, people, at, tmp_path):
    with shared_database(tmp_path):
        way = alone(lambda: meeting_of(people, at))
        pk = alone(
            lambda: way.filing.slots.filter(department__code=ASKED).order_by("-pk").first().pk
        )
        before = alone(lambda: acts(way.filing.book).count("give_opinion"))
        clerk, head = alone(lambda: (people.department(ASKED), people.head(ASKED)))
        says = [
            (clerk, {"position": "agree"}),
            (head, {"position": "disagree", "reason": "不符", "clause": "第一条"}),
        ]
        visits = alone(lambda: [(Visit(member, now=way.now), body) for member, body in says])
        path = f"/opinions/{pk}/"
        answers = at_once(*[lambda v=v, b=b: v.post(path, b).status_code for v, b in visits])
        written = alone(lambda: acts(way.filing.book).count("give_opinion"))
        outcomes = alone(lambda: way.filing.slots.get(pk=pk).opinion.position)

    assert sorted(answers) == [302, 409]
    assert written == before + 1
    assert outcomes in {"agree", "disagree"}


def meeting_of(people, at):
    """A meeting whose item is closed; every opinion still waits."""
    way = walk(people, at("2018-03-05 09:00"), to=Stage.PREREVIEWING)
    way.call_meeting()
    way.acknowledge(way.meeting)
    way.open(way.meeting)
    way.close(way.meeting)
    return way


@pytest.mark.slow
def test_two_of_the_window_decide_once(transactional_db, people, at, tmp_path):
    with shared_database(tmp_path):
        way, member, _step, _body, _act = alone(lambda: to_accept(people, at))
        case = alone(lambda: f"/cases/{way.filing.public_id}/")
        one, other = alone(lambda: [Visit(m, now=way.now) for m in (member, people.convenor)])
        answers = at_once(
            lambda: one.post(f"{case}accept/").status_code,
            lambda: (
                other.post(
                    f"{case}refuse/", {"ground": "not_in_scope", "reason": "依法不属受理范围"}
                ).status_code
            ),
        )
        stage = alone(lambda: Filing.objects.get(pk=way.pk).stage)
        said = alone(lambda: acts(way.filing.book))

    assert sorted(answers) == [302, 409]
    assert stage in {Stage.ACCEPTED, Stage.REFUSED}
    assert said.count("accept") + said.count("refuse") == 1


def test_a_page_that_was_overtaken_says_so_and_changes_nothing(people, at):
    way = walk(people, at("2018-03-05 09:00"), to=Stage.RECEIVED)
    way.check_materials()
    window, convenor = Visit(people.window, way), Visit(people.convenor, way)
    page = f"/cases/{way.filing.public_id}/refuse/"
    assert window.get(page).status_code == 200
    assert convenor.case("accept/").status_code == 302
    before = way.filing.book.sequence

    answer = window.post(page, {"ground": "not_in_scope", "reason": "依法不属受理范围"})

    assert answer.status_code == 409
    assert "依法不属受理范围" in text(answer)  # what was typed is kept
    assert way.filing.stage == Stage.ACCEPTED
    assert way.filing.book.sequence == before


def test_a_paper_is_not_exchanged_while_the_window_looks_at_it(people, at):
    way = walk(people, at("2018-03-05 09:00"), to=Stage.RECEIVED)
    way.check_materials()
    material = way.filing.materials.intake().first()

    body = {"act": "upload", f"file-{material.pk}": pdf("other.pdf")}
    answer = Visit(people.enterprise, way).case("materials/", body)

    assert answer.status_code == 409
    assert way.filing.materials.get(pk=material.pk).attachment_id == material.attachment_id
