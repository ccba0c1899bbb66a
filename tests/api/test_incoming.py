"""A program sends a large file in pieces and hands it in; so does the page, and nobody sees another's."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from approvals import services
from approvals.stages import MaterialState, Stage
from core import clock
from core.documents.models import Incoming
from tests.api.programs import Program
from tests.conftest import instant
from tests.doors.visit import Visit, text
from tests.files import PDF
from tests.standing import standing
from tests.walk import walk

pytestmark = pytest.mark.django_db


def _listed(people):
    way = walk(people, instant("2018-03-05 09:00"), to=Stage.LISTED)
    way.do(services.acknowledge_checklist, way.filing, by=people.enterprise)
    return way


walked, listed = standing(_listed)


@pytest.fixture
def program(client, listed, settings, tmp_path):
    settings.INCOMING_DIR = tmp_path / "incoming"
    with clock.driven(listed.now):
        yield Program(client, listed.people.enterprise)


def begun(program):
    answer = program.post("incoming/", {"name": "图纸.pdf", "size": len(PDF)})
    assert answer.status_code == 201, answer.content
    return answer.json()


def piece(program, coming, offset, content, **more):
    body = {"offset": offset, "piece": SimpleUploadedFile("piece", content)}
    return program.post(f"incoming/{coming['id']}/receive/", body, files=True, **more)


def sent(program):
    coming = begun(program)
    assert piece(program, coming, 0, PDF[:30]).json()["received"] == 30
    assert piece(program, coming, 30, PDF[30:]).json()["received"] == len(PDF)
    return coming


def test_pieces_are_handed_in_as_a_paper(program, listed):
    coming, paper = sent(program), listed.filing.materials.intake()[0]
    answer = program.post(f"materials/{paper.pk}/upload/", {"incoming": coming["id"]})

    assert answer.status_code == 200, answer.content
    assert answer.json()["state"] == MaterialState.RECEIVED
    assert [one["file"]["name"] for one in answer.json()["files"]] == ["图纸.pdf"]
    assert program.get("incoming/").json()["results"] == []


def test_a_piece_said_twice_with_one_key_is_taken_once(program):
    coming = begun(program)
    key = "a-key-of-this-piece-alone"
    first = piece(program, coming, 0, PDF[:30], key=key)
    again = piece(program, coming, 0, PDF[:30], key=key)

    assert first.json() == again.json()
    assert again["Idempotent-Replayed"] == "true"
    assert Incoming.objects.get().received == 30


def test_after_a_break_one_asks_where_to_go_on(program):
    coming = begun(program)
    piece(program, coming, 0, PDF[:30])
    refused = piece(program, coming, 0, PDF[:30])

    assert refused.status_code == 422
    assert "已收到30字节" in refused.json()["detail"]
    assert program.get(f"incoming/{coming['id']}/").json()["received"] == 30


def test_what_is_not_whole_or_comes_twice_over_is_refused(program, listed):
    coming, paper = begun(program), listed.filing.materials.intake()[0]
    address = f"materials/{paper.pk}/upload/"

    assert "没有传完" in program.post(address, {"incoming": coming["id"]}).json()["detail"]
    both = {"incoming": coming["id"], "upload": SimpleUploadedFile("a.pdf", PDF)}
    assert "二者取其一" in program.post(address, both, files=True).json()["detail"]
    assert "二者取其一" in program.post(address, {}).json()["detail"]


def test_anothers_file_is_not_found(program, client, listed):
    coming = sent(program)
    stranger = Program(client, listed.people.window)

    assert stranger.get(f"incoming/{coming['id']}/").status_code == 404
    assert piece(stranger, coming, len(PDF), b"x").status_code == 404
    assert stranger.post(f"incoming/{coming['id']}/abandon/").status_code == 404
    assert stranger.get("incoming/").json()["results"] == []


def test_given_up_it_is_gone(program):
    coming = sent(program)

    assert program.post(f"incoming/{coming['id']}/abandon/").status_code == 200
    assert program.get(f"incoming/{coming['id']}/").status_code == 404


def test_the_page_takes_what_was_sent_in_pieces(program, listed):
    coming, paper = sent(program), listed.filing.materials.intake()[0]
    visit = Visit(listed.enterprise, listed)
    body = {"act": "upload", f"sent-{paper.pk}": coming["id"]}

    assert visit.case("materials/", body).status_code == 302
    again = visit.case("materials/", body)
    assert (again.status_code, "已经提交过" in text(again)) == (422, True)
    assert listed.filing.materials.get(pk=paper.pk).attachment.name == "图纸.pdf"
