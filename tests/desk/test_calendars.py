"""The calendar's page: a notice is looked at and then loaded, a closure has its paper, a signature may shorten.

The story is January 2020: the county works by the notice of November, and on the 26th, in the middle of the holiday,
the State Council makes it longer.
"""

import csv
import io
import json
from base64 import b64encode
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.deadlines.models import CalendarDay, CalendarEdition
from core.deadlines.queries import edition_at, explain, last_day_of
from core.deadlines.services import sweep
from core.documents.models import Attachment
from core.ledger.models import Entry
from core.ledger.queries import verify
from core.ledger.services import county_book
from core.notify.models import Message
from core.steps.reasons import NotNow
from desk.rules.pack import read_pack
from desk.services.calendars import load_notice
from desk.services.county import load_pack
from tests.calendars import Person, begin, forget_after, made_up, now, shipped, table
from tests.conftest import SHIPPED
from tests.core.threads import alone, at_once, shared_database
from tests.walk import pdf

pytestmark = pytest.mark.django_db
MORNING = "2020-01-26 09:00"


def upload(content, name="2020.csv"):
    return SimpleUploadedFile(name, content)


@pytest.fixture
def run(people, at):
    """`run(instant, length)` starts a limit of a draft of its own."""
    return lambda instant, length: begin(people, at(instant), length)


def rows():
    """How many rows there are of everything that a load writes."""
    return tuple(model.objects.count() for model in (CalendarEdition, CalendarDay, Attachment))


# — the notice of January 2020 ——————————————————————————————————————————————————————————


@pytest.fixture
def january(people, at, run):
    """The county in January 2020, before anybody heard of the second notice: three limits run."""
    forget_after("2019-12-31")
    return {length: run("2020-01-20 10:00", length) for length in (5, 8, 100, 240)}


def test_the_story_of_january_2020(january, people, at):
    five, eight, long, dateless = january.values()
    assert last_day_of(five.due_at) == date(2020, 2, 1)  # the Saturday was to be worked
    page = Person(people.administrator, at(MORNING))
    before = Entry.objects.count()

    looked, carried = page.look("/calendar/load/", file=upload(table(shipped(2020))))

    text = looked.content.decode()
    assert looked.status_code == 200
    assert "2020年2月1日（周六） 24:00" in text
    assert "2020年2月4日（周二） 24:00" in text
    assert looked.context["preview"].moved == 3
    assert {row.days for row in looked.context["preview"].rows} >= {3}
    assert Entry.objects.count() == before  # looking writes nothing
    assert CalendarEdition.objects.order_by("-number")[0].known_from < date(2020, 1, 1)

    loaded = page.post("/calendar/load/", confirm="yes", **carried)

    assert (loaded.status_code, loaded["Location"]) == (302, "/calendar/")
    edition = edition_at(at(MORNING))
    assert (edition.known_from, edition.kind) == (date(2020, 1, 26), "notice")
    entry = county_book().entries.latest("sequence")
    said = json.loads(entry.payload)
    assert (entry.act, entry.actor) == ("load_calendar", people.administrator)
    assert said["file"] == edition.attachment.sha256
    assert edition.attachment.file.open().read() == table(shipped(2020))

    sweep(at("2020-01-26 09:01"))

    assert last_day_of(now(five).due_at) == date(2020, 2, 4)
    assert [row.date for row in explain(now(five))][-1] == date(2020, 2, 4)
    foretold = {row.key: row.due for row in looked.context["preview"].rows}
    assert {f"stagelimit-{x.pk}": now(x).due_at for x in (five, eight, long)} == foretold
    assert now(dateless).provisional  # 2021 is not arranged yet
    told = Message.objects.filter(key__startswith=f"moved:approvals.stagelimit:{five.pk}:")
    assert {message.to.role for message in told} >= {"enterprise", "window"}
    assert verify(now(five).book) is None
    assert verify(county_book()) is None
    assert "国办发明电〔2020〕1号" in page.get("/calendar/").content.decode()


def test_what_was_loaded_by_hand_is_what_the_pack_says(january, people, at):
    load_notice(name="2020.csv", content=table(shipped(2020)), by=people.administrator, at=at(MORNING))  # fmt: skip
    by_hand = CalendarEdition.objects.get(known_from=date(2020, 1, 26))

    load_pack(read_pack(SHIPPED), by=people.administrator, at=at("2026-01-05 09:00"))

    assert CalendarEdition.objects.count() == 12
    assert CalendarEdition.objects.get(known_from=date(2020, 1, 26)) == by_hand
    assert [e.number for e in CalendarEdition.objects.order_by("known_from")] == list(range(1, 13))


def test_said_twice_or_with_one_wrong_line_nothing_is_loaded(january, people, at):
    page = Person(people.administrator, at(MORNING))
    counts = rows()
    wrong = table(shipped(2020), swap=[("2020-01-24,off", "2020-01-24,half")])

    refused = page.post("/calendar/load/", file=upload(wrong))

    assert refused.status_code == 422
    assert "第4行 kind" in refused.content.decode()
    _looked, carried = page.look("/calendar/load/", file=upload(table(shipped(2020))))
    forged = page.post(
        "/calendar/load/", confirm="yes", **{**carried, "content": b64encode(wrong).decode()}
    )
    assert forged.status_code == 422
    assert counts == rows()

    assert page.post("/calendar/load/", confirm="yes", **carried).status_code == 302
    again = page.post("/calendar/load/", confirm="yes", **carried)
    assert again.status_code == 409
    assert "请重新预览" in again.content.decode()
    assert CalendarEdition.objects.count() == counts[0] + 1


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01", b"\xff\xfe\x00", pdf().read(), b"x" * (1 << 20) + b"y"], ids=len
)
def test_a_file_that_is_no_calendar_gets_a_sentence(january, people, at, content):
    page = Person(people.administrator, at(MORNING))

    assert page.post("/calendar/load/", file=upload(content)).status_code == 422


PAGES = (
    "/calendar/",
    "/calendar/edition/{digest}/",
    "/calendar/edition/{digest}/table/",
    "/calendar/kept/",
    "/status/",
)
STEPS = ("/calendar/load/", "/calendar/close/", "/calendar/reopen/")


def test_who_keeps_the_calendar_and_who_reads_it(january, people, at):
    digest = edition_at(at(MORNING)).digest
    paths = [path.format(digest=digest) for path in (*PAGES, *STEPS)]
    asked = {}
    for role in ("administrator", "supervisor", "convenor", "window", "enterprise"):
        person = Person(getattr(people, role), at(MORNING))
        asked[role] = [person.get(path).status_code for path in paths]

    nobody = [403] * (len(PAGES) + len(STEPS))
    assert asked.pop("administrator") == [200] * len(nobody)
    assert asked.pop("supervisor") == [200] * len(PAGES) + [403] * len(STEPS)
    assert set(map(tuple, asked.values())) == {tuple(nobody)}


def test_the_example_is_a_file_that_would_be_taken(january, people, at):
    page = Person(people.administrator, at(MORNING))
    digest = edition_at(at(MORNING)).digest
    text = page.get(f"/calendar/edition/{digest}/table/").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))

    refused = page.post("/calendar/load/", file=upload(text.encode()))

    assert {row["date"][:4] for row in rows} == {"2020"}
    assert "没有新的通知" in refused.content.decode()  # its only fault


# — 2027, which is not published ————————————————————————————————————————————————————————


def test_a_limit_without_a_date_gets_one_and_both_sides_are_told(run, people, at):
    limit = run("2026-12-28 10:00", 10)
    assert (limit.provisional, limit.due_at, limit.act_at) == (True, None, None)
    assert sweep(at("2028-01-01 09:00")) == 0  # never swept
    page = Person(people.administrator, at("2026-12-29 09:00"))
    new = made_up(2027, "2026-12-29")

    looked, carried = page.look("/calendar/load/", file=upload(new, "2027.csv"))
    assert looked.context["preview"].dated == 1
    page.post("/calendar/load/", confirm="yes", **carried)
    sweep(at("2026-12-29 09:01"))

    found = now(limit)
    assert found.due_at == looked.context["preview"].rows[0].due
    assert not found.provisional
    told = Message.objects.filter(key__startswith=f"moved:approvals.stagelimit:{limit.pk}:")
    assert "到期日确定为2027年1月" in told[0].subject
    assert {message.to.role for message in told} >= {"enterprise", "window"}


WARNED = {
    "2026-11-15 09:00": False, "2026-11-16 09:00": True, "2026-11-17 09:00": True, "2026-12-31 09:00": True,
}  # fmt: skip


@pytest.mark.parametrize(("instant", "warned"), WARNED.items())
def test_from_45_days_before_its_end_the_next_year_is_asked_for(people, at, instant, warned):
    page = Person(people.administrator, at(instant))

    machine = page.get("/health/")
    assert machine.status_code == 200
    assert machine.json()["checks"]["calendar"] == ("warn" if warned else "ok")
    assert machine.json()["calendar_ends"] == "2026-12-31"
    assert ("载入2027年的放假安排" in page.get("/desk/").content.decode()) is warned
    assert ("请载入2027年的放假安排" in page.get("/status/").content.decode()) is warned


def test_a_calendar_that_has_ended_is_a_fault(people, at):
    page = Person(people.administrator, at("2027-01-01 09:00"))

    assert page.get("/health/").status_code == 503
    assert page.get("/health/").json()["checks"]["calendar"] == "bad"
    assert "故障" in page.get("/status/").content.decode()


# — at the same moment ———————————————————————————————————————————————————————————————————


def test_loaded_twice_at_the_same_moment_it_is_loaded_once(transactional_db, people, at, tmp_path):
    """Two of the administration press at once, each having seen the fifth edition: one has an effect."""
    forget_after("2019-12-31")
    said = {"name": "2020.csv", "content": table(shipped(2020)), "after": 5}

    def load():
        return load_notice(**said, by=people.administrator, at=at(MORNING)).number

    with shared_database(tmp_path):
        done = at_once(load, load, load)
        numbers = alone(lambda: list(CalendarEdition.objects.values_list("number", flat=True)))
        acts = alone(lambda: list(Entry.objects.values_list("act", flat=True)))

    assert sorted(one for one in done if one == 6) == [6], done
    assert sum(isinstance(one, NotNow) for one in done) == 2, done
    assert sorted(numbers) == [1, 2, 3, 4, 5, 6]
    assert acts.count("load_calendar") == 12 + 1  # the county's own first load, and this one
