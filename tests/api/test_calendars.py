"""The calendar by the API and by the command: the same check, the same preview, the same service as on the page."""

from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from core import clock
from core.deadlines.models import CalendarEdition
from core.deadlines.queries import edition_at
from core.deadlines.services import reproject
from core.ledger.services import county_book
from tests.api.programs import Program
from tests.calendars import begin, forget_after, now, shipped, table
from tests.walk import pdf

pytestmark = pytest.mark.django_db
MORNING = "2020-01-26 09:00"
SNOW = {"first": "2018-12-17", "reason": "示例：暴雪", "decided_on": "2018-12-17"}


def upload(content):
    return SimpleUploadedFile("2020.csv", content)


@pytest.fixture
def january(people, at):
    forget_after("2019-12-31")
    return begin(people, at("2020-01-20 10:00"), 5)


def test_a_program_looks_and_loads(january, client, people, at):
    with clock.driven(at(MORNING)):
        program = Program(client, people.administrator)
        file = table(shipped(2020))
        looked = program.post("calendars/preview/", {"file": upload(file)}, files=True).json()
        said = {"file": upload(file), "after": looked["after"]}
        loaded = program.post("calendars/", said, files=True)
        again = program.post("calendars/", {**said, "file": upload(file)}, files=True)
        rows = program.get("calendars/").json()["results"]
        whole = program.get(f"calendars/{rows[0]['id']}/").json()

    assert (looked["moved"], looked["limits"][0]["days"]) == (1, 3)
    assert looked["limits"][0]["id"] == f"stagelimit-{january.pk}"
    assert (loaded.status_code, again.status_code) == (201, 409)
    assert loaded.json() == rows[0]
    days = {day["date"]: (day["kind"], day["notice"]) for day in whole["days"]}
    assert days["2020-02-01"] == ("off", "国办发明电〔2020〕1号")
    assert len(rows) == CalendarEdition.objects.count()


def test_each_fault_of_a_file_is_a_sentence_of_its_own(january, client, people, at):
    swap = [("2020-01-24,off", "2020-01-24,half"), ("2020-01-25", "2020-01-52")]
    wrong = table(shipped(2020), swap=swap)
    with clock.driven(at(MORNING)):
        answer = Program(client, people.administrator).post(
            "calendars/", {"file": upload(wrong)}, files=True
        )

    said = answer.json()["errors"]["file"]
    assert answer.status_code == 422
    assert [line.split("：")[0] for line in said] == ["第4行 kind", "第5行 date"]


def test_a_program_closes_and_reopens(client, people, at):
    forget_after("2018-12-31")
    limit = begin(people, at("2018-12-14 10:00"), 3)
    assert now(limit).due_at == at("2018-12-20 00:00")
    with clock.driven(at("2018-12-17 08:00")):
        program = Program(client, people.administrator)
        looked = program.post("calendars/preview-close/", SNOW).json()
        without = program.post("calendars/close/", SNOW, files=True)
        closed = program.post("calendars/close/", {**SNOW, "paper": pdf()}, files=True)
        back = program.post("calendars/preview-reopen/", SNOW).json()
        opened = program.post("calendars/reopen/", {**SNOW, "paper": pdf()}, files=True)

    assert [looked[came] for came in ("dated", "moved", "kept")] == [0, 1, 0], looked
    assert looked["changed"] == ["2018-12-17"]
    assert (without.status_code, closed.status_code, opened.status_code) == (422, 200, 200)
    assert closed.json()["kind"] == "closure"
    assert (back["moved"], back["kept"]) == (0, 1)  # as if the pass had come between
    acts = list(county_book().entries.order_by("-sequence").values_list("act", flat=True)[:2])
    assert acts == ["reopen_counters", "close_counters"]
    reproject(at("2018-12-17 08:01"))
    assert now(limit).due_at > limit.due_at  # edition by edition: a closure that was told stands


def test_a_program_signs(client, people, at):
    limit = begin(people, at("2019-03-20 10:00"), 29)
    reproject(at("2019-03-22 08:00"))
    with clock.driven(at("2019-04-01 09:00")):
        program = Program(client, people.supervisor)
        rows = program.get("kept-limits/").json()
        signed = program.post(f"kept-limits/{rows[0]['id']}/shorten/", {"reason": "示例"})
        left = program.get("kept-limits/").json()

    assert [row["id"] for row in rows] == [f"stagelimit-{limit.pk}"]
    assert signed.json()["due_at"].startswith("2019-05-01T00:00")
    assert left == []


def test_health_in_words_is_for_those_who_keep_the_house(client, people, at):
    with clock.driven(at("2026-12-01 09:00")):
        found = Program(client, people.administrator).get("status/").json()
        refused = Program(client, people.window).get("status/")

    states = {check["name"]: check["state"] for check in found}
    assert states["calendar"] == "warn"
    assert refused.status_code == 403


def run(*args):
    out, err = StringIO(), StringIO()
    call_command("calendar", *map(str, args), stdout=out, stderr=err)
    return out.getvalue()


def test_the_command_looks_and_loads_only_when_told(january, tmp_path, at):
    file = tmp_path / "2020.csv"
    file.write_bytes(table(shipped(2020)))
    with clock.driven(at(MORNING)):
        looked = run(file)
        still = edition_at(at(MORNING)).known_from.year
        loaded = run(file, "--load")

    assert "moved" in looked
    assert "顺延1个" in looked
    assert still == 2019
    assert "已载入第6版日历" in loaded
    assert edition_at(at(MORNING)).attachment.file.open().read() == file.read_bytes()


def test_the_command_names_every_fault_and_loads_nothing(january, tmp_path, at, capsys):
    file = tmp_path / "2020.csv"
    file.write_bytes(table(shipped(2020), swap=[("2020-01-24,off", "2020-01-24,half")]))
    errors = StringIO()
    with clock.driven(at(MORNING)), pytest.raises(CommandError, match="没有载入任何内容"):
        call_command("calendar", str(file), "--load", stderr=errors)
    with pytest.raises(CommandError, match="读不了"):
        run(tmp_path / "nothing.csv")

    assert f"{file}: 第4行 kind" in errors.getvalue()
    assert edition_at(at(MORNING)).known_from.year == 2019
