"""Open data: the same for every reader, kept by any cache while it is true, and nothing but what was published."""

import csv
import io
import json
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from accounts.services import system_actor
from approvals.services import withdraw
from core import clock
from core.documents.sheets import Sheet, csv_pieces
from core.ledger.services import county_book, record
from public_notice.models import Notice, OpenText
from public_notice.queries.open_data import SETS, VERSION
from public_notice.queries.open_fields import NOTICES
from public_notice.queries.open_forms import csv_of, json_of, stamp
from public_notice.queries.open_rows import notice_rows, notice_things
from public_notice.rules.open_texts import EDITION
from public_notice.services.notices import keep_open

pytestmark = pytest.mark.django_db

FORMS = ("json", "csv", "atom")
EVERY = [f"/open/v1/{name}.{form}" for name in SETS for form in FORMS]
ATOM = "{http://www.w3.org/2005/Atom}"


def body(answer):
    return answer.getvalue().decode() if answer.streaming else answer.content.decode()


def table(answer):
    return list(csv.DictReader(io.StringIO(body(answer).removeprefix("\ufeff"))))


@pytest.fixture
def read(client, noticed):
    """`read(address)` asks at the instant of the walk, with the mark of an answer where one is given."""

    def asked(path, *, mark="", at=None, method="get", **head):
        more = {"HTTP_IF_NONE_MATCH": mark} if mark else {}
        with clock.driven(at or noticed.now):
            return getattr(client, method)(path, **more, **head)

    return asked


@pytest.mark.parametrize("path", EVERY)
def test_a_file_is_public_marked_and_for_every_site(read, path):
    answer = read(path)

    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer
    assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert not answer.has_header("Vary")
    assert not answer.cookies
    again = read(path, mark=answer["ETag"])
    assert (again.status_code, body(again), again["ETag"]) == (304, "", answer["ETag"])
    assert read(path, mark='"another"').status_code == 200


def test_a_preflight_is_answered_and_nothing_but_looking_is_let_through(read):
    asked = read(EVERY[0], method="options", HTTP_ORIGIN="https://example.org")

    assert (asked.status_code, asked["Access-Control-Allow-Methods"]) == (204, "GET, HEAD, OPTIONS")
    for method in ("post", "put", "patch", "delete"):
        refused = read(EVERY[0], method=method)
        assert refused.status_code == 405
        assert not refused.has_header("Access-Control-Allow-Origin")


def test_pages_and_steps_are_for_no_other_site(read, noticed):
    for path in (
        "/open/",
        "/notices/",
        f"/notices/{noticed.notice.public_id}/",
        "/api/v1/notices/",
    ):
        assert not read(path, HTTP_ORIGIN="https://example.org").has_header(
            "Access-Control-Allow-Origin"
        )


def test_somebody_who_is_logged_in_reads_the_very_same(read, client, people):
    before = {path: body(read(path)) for path in EVERY}
    client.force_login(people.window.user)
    client.cookies["django_language"] = "en"

    assert {path: body(read(path)) for path in EVERY} == before
    assert not any(read(path).has_header("Vary") for path in EVERY)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/open/v1/people.json", 404),
        ("/open/v1/notices.xlsx", 404),
        ("/open/v1/notices.json?before=x", 422),
        ("/open/v1/notices.json?before=-1", 422),
        ("/open/v1/notices.json?before=" + "9" * 19, 422),
        ("/open/v1/notices.json?before=" + "9" * 18, 200),
        ("/open/v1/notices.csv?before=x", 200),
    ],
)
def test_what_is_not_there_is_refused_with_a_sentence_and_not_kept(read, path, status):
    answer = read(path)

    assert answer.status_code == status
    if status != 200:
        assert json.loads(body(answer))["detail"]
        assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("one", SETS.values(), ids=SETS)
def test_json_and_csv_say_the_same_in_the_fields_that_are_described(read, one):
    said = json.loads(body(read(f"/open/v1/{one.name}.json")))
    rows = table(read(f"/open/v1/{one.name}.csv"))
    names = [field.name for field in one.fields]

    assert (said["dataset"], said["version"], said["next"]) == (one.name, VERSION, None)
    assert all(set(row) == set(names) for row in said["rows"] + rows)
    assert len(rows) == len(said["rows"])
    for told, row in zip(said["rows"], rows, strict=True):
        for name in names:
            said = "" if told[name] is None else str(told[name])
            assert row[name] == (said.lower() if isinstance(told[name], bool) else said)


def test_a_withdrawn_case_changes_every_outlet_at_one_instant(read, noticed):
    number = noticed.notice.public_id
    outlets = [
        "/open/v1/notices.json",
        "/open/v1/notices.csv",
        "/open/v1/notices.atom",
        "/open/v1/projects.json",
    ]
    marks = {path: read(path)["ETag"] for path in outlets}
    assert json.loads(body(read(outlets[0])))["rows"][0]["open"]

    withdraw(noticed.filing, reason="调整投资计划", by=noticed.people.enterprise, at=noticed.now)

    assert all(read(path, mark=mark).status_code == 200 for path, mark in marks.items())
    [row] = json.loads(body(read(outlets[0])))["rows"]
    [line] = table(read(outlets[1]))
    assert (row["id"], row["open"]) == (number, False)
    assert row["standing"] == line["standing"] != "公示中"
    assert row["standing"] in body(read(outlets[2]))
    assert row["standing"] in body(read(f"/notices/{number}/"))
    assert not json.loads(body(read(outlets[3])))["rows"][0]["open"]


def test_the_end_of_a_period_changes_the_mark_without_any_act(read, noticed):
    due = noticed.notice.due_at
    first = read(EVERY[0], at=due)["ETag"]
    late = due + noticed.notice.due_at.resolution

    assert json.loads(body(read(EVERY[0], at=due)))["rows"][0]["open"]
    assert read(EVERY[0], at=late, mark=first).status_code == 200
    assert not json.loads(body(read(EVERY[0], at=late)))["rows"][0]["open"]


def test_the_numbers_are_those_of_the_front_page(read):
    rows = {row["measure"]: row["value"] for row in table(read("/open/v1/statistics.csv"))}
    year = read("/").context["year"]

    assert rows == {
        name: "" if getattr(year, name) is None else str(getattr(year, name)) for name in rows
    }
    assert rows["notices"] == "1"


def test_a_day_that_begins_changes_the_mark_for_an_edition_may_begin_with_it(noticed):
    last = timezone.localtime(noticed.notice.published_at).replace(hour=23, minute=59, second=59)

    assert stamp(last).mark == stamp(last).mark
    assert stamp(last).mark != stamp(last + timedelta(seconds=1)).mark


def test_a_key_that_is_given_twice_is_another_mark_the_second_time(noticed):
    """As after a restore: the ledger goes on from an older end."""
    marks = set()
    for count in (1, 2):
        with transaction.atomic():
            record(
                county_book(),
                "forget_subscriptions",
                by=system_actor(),
                at=noticed.now,
                count=count,
            )
            marks.add(stamp(noticed.now).mark)
            transaction.set_rollback(True)

    assert len(marks) == 2


@pytest.fixture
def more(noticed):
    """`more(n)` puts n more notices of the same case beside the one."""

    def made(n):
        first = Notice.objects.get(pk=noticed.notice.pk)
        same = {f.attname: getattr(first, f.attname) for f in Notice._meta.concrete_fields}
        for i in range(n):
            Notice.objects.filter(stage="running").update(stage="clean")
            keep_open(Notice.objects.create(**same | {"id": None, "public_id": f"{i:012x}"}))

    return made


def test_pages_are_read_on_by_key_each_row_once_and_each_with_as_many_questions(read, more):
    more(149)
    path, seen, asked = "/open/v1/notices.json", [], []
    while path:
        with CaptureQueriesContext(connection) as questions:
            said = json.loads(body(read(path.removeprefix(settings.SITE_URL))))
        seen += [row["id"] for row in said["rows"]]
        asked.append(len(questions))
        path = said["next"]

    assert len(seen) == len(set(seen)) == 150
    assert asked == [2, 2]  # the mark, and the rows
    assert [row["id"] for row in table(read("/open/v1/notices.csv"))] == seen


def test_what_has_not_changed_costs_one_narrow_question(read, more):
    more(30)
    mark = read("/open/v1/notices.csv")["ETag"]

    for _turn in range(2):
        with CaptureQueriesContext(connection) as questions:
            assert read("/open/v1/notices.csv", mark=mark).status_code == 304
        assert len(questions) == 1


def test_no_cell_is_a_formula_and_the_gate_stands_before_what_was_typed(read, noticed):
    Notice.objects.update(end_reason="=HYPERLINK(1) 电话13800138000")

    assert "13800138000" not in "".join(body(read(path)) for path in EVERY)
    [row] = table(read("/open/v1/notices.csv"))
    assert not row["end_reason"].startswith("=")


def test_a_feed_is_well_formed_and_names_every_row(read):
    for name in SETS:
        rows = json.loads(body(read(f"/open/v1/{name}.json")))["rows"]
        feed = ET.fromstring(body(read(f"/open/v1/{name}.atom")))
        entries = feed.findall(f"{ATOM}entry")

        assert len(entries) == len(rows)
        assert len({entry.find(f"{ATOM}id").text for entry in entries}) == len(rows)


@pytest.mark.parametrize("kept", ["all", "none", "older"])
def test_kept_texts_say_what_the_rows_say_byte_for_byte(noticed, kept):
    """Files and pages are put together by the database of kept texts: they may not say more, or otherwise."""
    first = Notice.objects.get(pk=noticed.notice.pk)
    same = {f.attname: getattr(first, f.attname) for f in Notice._meta.concrete_fields}
    project = {**first.content["project"], "name": '=1+1,"甲"\n\x1f\\乙 %s', "scale": "＋5,万"}
    for number, stage in enumerate(("clean", "upheld", "withdrawn", "contested")):
        content = {**first.content, "gaps_text": "环评批复待补" if stage == "clean" else ""}
        reason = "电话13800138000\n=1+1" if stage == "withdrawn" else ""
        Notice.objects.filter(stage="running").update(
            stage=stage, content=content, end_reason=reason, closed_at=noticed.now, ends_on=None
        )
        own = {"id": None, "public_id": f"{number:012x}", "content": content | {"project": project}}
        Notice.objects.create(**same | own)
    OpenText.objects.all().delete()
    for one in Notice.objects.all() if kept != "none" else ():
        keep_open(one)
    OpenText.objects.filter(pk__gt=first.pk + 1).update(edition=0 if kept == "older" else EDITION)
    due, names = noticed.notice.due_at, [field.name for field in NOTICES]
    for at in (noticed.now, due, due + due.resolution):
        with override("zh-hans"):
            told = list(notice_rows(notice_things().order_by("-pk"), at))
        cells = [
            [str(v).lower() if isinstance(v, bool) else v for v in row.values()] for row in told
        ]
        plainly = {"dataset": "notices", "version": VERSION, "rows": told, "next": None}
        assert [list(row) for row in told] == [names] * 5
        with override("en"):  # whoever asks, the file is Chinese
            assert json_of(SETS["notices"], at, None) == json.dumps(
                plainly, ensure_ascii=False, separators=(",", ":")
            ).encode()  # fmt: skip
            assert b"".join(csv_of(SETS["notices"], at)) == b"".join(
                csv_pieces(Sheet("notices", names, cells))
            )
