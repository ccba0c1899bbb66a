"""The catalogue's editions: what differs and for whom, whole tables in and out, a restart, and how many statements."""

import json
import shutil

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.services import system_actor
from approvals.models import CatalogueEdition, CatalogueMaterial
from approvals.stages import Stage
from core import clock
from core.ledger.services import county_book
from core.steps.reasons import NotNow
from desk.models import CatalogueDraft, DraftChange, EditionTables
from desk.queries.catalogue_tables import tables_of
from desk.rules.editions import difference, direction
from desk.rules.pack import read_pack
from desk.rules.pack.catalogue import (
    FILES,
    content_of,
    name_of,
    read_file,
    restored,
    written,
)
from desk.services.adoption import adopt_catalogue, propose_catalogue
from desk.services.catalogue import (
    change_row,
    load_tables,
    open_catalogue_draft,
    strike_row,
)
from desk.services.county import load_pack
from tests.calendars import Person
from tests.conftest import SHIPPED
from tests.core.threads import alone, at_once, shared_database
from tests.walk import walk

pytestmark = pytest.mark.django_db
TODAY = "2018-06-11 09:00"


def shipped():
    return {file: read_file(file, (SHIPPED / file).read_bytes()) for file in FILES}


@pytest.fixture
def draft(people, at):
    return open_catalogue_draft(title="示例", by=people.administrator, at=at(TODAY))


def upload(**tables):
    return {
        name: SimpleUploadedFile(f"{name}.csv", content) for name, content in tables.items()
    }  # fmt: skip


# — the difference ———————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("column", "before", "after", "expected"),
    [
        ("promised_days", "3", "2", "lighter"),
        ("promised_days", "", "5", "lighter"),
        ("promised_days", "5", "", "heavier"),
        ("statutory_days", "20", "30", "heavier"),
        ("opinion_default", "yes", "escalate", "heavier"),
        ("opinion_default", "escalate", "none", ""),
        ("start_gate", "prior_approval", "commitment", "lighter"),
        ("red_line", "no", "yes", "heavier"),
        ("class", "retained", "commitment", "lighter"),
        ("tolerable", "no", "yes", "lighter"),
        ("needed_by", "paper", "intake", "heavier"),
        ("copies", "1", "3", "heavier"),
        ("form", "original", "electronic", "lighter"),
        ("department_code", "ZJJ", "CGJ", ""),
        ("copies", "many", "1", ""),
    ],
)
def test_for_whom_a_change_is_lighter(column, before, after, expected):
    assert direction(column, before, after) == expected


def test_rows_added_struck_and_changed():
    before, after = shipped(), shipped()
    after["materials.csv"].pop(0)
    looked_up = next(row for row in after["materials.csv"] if row["produced_by"])
    after["materials.csv"].remove(looked_up)
    after["catalogue.csv"][0].update(promised_days="2", department_code="CGJ")
    after["clauses.csv"][0]["standard_zh"] = "示例标准"
    more = type(after["questions.csv"][0])(after["questions.csv"][0], fact="another")
    after["questions.csv"].append(more)

    found = [(c.file, c.what, c.direction) for c in difference(before, after)]

    assert found == [
        ("catalogue.csv", "changed", "lighter"),
        ("materials.csv", "struck", "lighter"),
        ("materials.csv", "struck", ""),  # looked up by number, never asked for
        ("clauses.csv", "changed", ""),
        ("questions.csv", "added", ""),
    ]
    assert difference(before, shipped()) == []


def test_another_order_is_no_difference():
    after = shipped()
    after["materials.csv"].reverse()

    assert difference(shipped(), after) == []


# — whole tables in and out ——————————————————————————————————————————————————————————————


def test_the_tables_of_an_edition_come_back_to_the_byte(people, at):
    person = Person(people.window, at(TODAY))
    digest = CatalogueEdition.objects.get().digest
    for file in FILES:
        answer = person.get(f"/catalogue/{digest}/table/{file.removesuffix('.csv')}/")
        assert answer.content == (SHIPPED / file).read_bytes(), file
    assert person.get(f"/catalogue/{digest}/table/rulebook/").status_code == 404


def test_an_edition_loaded_before_its_tables_were_kept_is_made_from_its_rows(county, at):
    EditionTables.objects.all().delete()
    assert load_pack(read_pack(SHIPPED), by=system_actor(), at=at(TODAY)).written == 0
    made, was = tables_of(CatalogueEdition.objects.get()), shipped()

    lost = {(c.file, cell.column) for c in difference(was, made) for cell in c.cells}

    assert lost <= {("materials.csv", "source"), ("catalogue.csv", "co_departments")}
    assert [c.what for c in difference(was, made) if c.what != "changed"] == []


def test_tables_are_uploaded_together_or_not_at_all(draft, people, at):
    tables = shipped()
    row = next(row for row in tables["catalogue.csv"] if row["code"] == "R04")
    row["promised_days"] = "2"
    good = written("catalogue.csv", tables["catalogue.csv"])
    lines = written("materials.csv", tables["materials.csv"]).decode().split("\n")
    lines[4] = lines[4].replace(",copy,1,", ",copy,none,")
    page = Person(people.administrator, at(TODAY))
    address = f"/catalogue-drafts/{draft.pk}/upload/"

    refused = page.post(address, **upload(catalogue=good, materials="\n".join(lines).encode()))

    assert refused.status_code == 422
    assert "materials.csv:5:copies" in refused.content.decode()
    draft.refresh_from_db()
    assert draft.version == 0
    assert page.post(address).status_code == 422  # nothing chosen
    assert page.post(address, **upload(catalogue=good)).status_code == 302
    draft.refresh_from_db()
    kept = page.get(f"/catalogue-drafts/{draft.pk}/table/catalogue/").content
    assert (draft.version, kept) == (1, good)
    assert DraftChange.objects.get().what == "table"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "缺少此列"),
        (b"\x00\x01", "UTF-8"),
        (b"\xff\xfe", "UTF-8"),
        (b"code,name_zh\nA,B\n", "缺少此列"),
        (b"x" * ((1 << 20) + 1), "1 MB"),
    ],
)
def test_a_file_that_is_no_table_gets_a_sentence(draft, people, at, content, said):
    page = Person(people.administrator, at(TODAY))

    answer = page.post(f"/catalogue-drafts/{draft.pk}/upload/", **upload(catalogue=content))

    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_what_a_table_makes_wrong_in_another_is_said(draft, people, at):
    rows = [row for row in shipped()["questions.csv"] if row["fact"] != "near_river"]
    with pytest.raises(ValidationError) as refused:
        load_tables(
            draft, files={"questions.csv": written("questions.csv", rows)}, by=people.administrator,
            at=at(TODAY),
        )  # fmt: skip

    assert any("catalogue.csv" in text and "near_river" in text for text in refused.value.messages)


# — rows ————————————————————————————————————————————————————————————————————————————————

CLAUSE = {
    "item_code": "C99", "number": "1", "text_zh": "示例：按标准建设。", "text_en": "Example.",
    "standard_zh": "示例标准", "checked_when": "acceptance", "checked_by": "ZJJ", "certainty": "I",
}  # fmt: skip


def test_a_new_item_waits_for_its_clause_and_goes_with_it(draft, people, at):
    by = {"by": people.administrator, "at": at(TODAY)}
    item = next(row for row in shipped()["catalogue.csv"] if row["code"] == "C08")
    change_row(draft, table="catalogue", row="new", cells={**item, "code": "C99"}, **by)
    with pytest.raises(ValidationError, match="没有任何承诺条款"):
        propose_catalogue(draft, in_force_from=at("2018-06-20").date(), source="示例", **by)
    change_row(draft, table="clauses", row="new", cells=CLAUSE, **by)
    with pytest.raises(ValidationError, match="已经有这一行"):
        change_row(draft, table="clauses", row="new", cells=CLAUSE, **by)
    row = name_of("catalogue.csv", {"code": "C99"})
    with pytest.raises(ValidationError, match="不能改"):
        change_row(draft, table="catalogue", row=row, cells={"code": "C98"}, **by)
    propose_catalogue(draft, in_force_from=at("2018-06-20").date(), source="示例", **by)

    made = adopt_catalogue(draft, by=people.supervisor, at=at(TODAY))

    assert made.items.get(code="C99").clauses.get().text == CLAUSE["text_zh"]


def test_with_an_item_its_materials_and_clauses_go(draft, people, at):
    by = {"by": people.administrator, "at": at(TODAY)}
    strike_row(draft, table="catalogue", row=name_of("catalogue.csv", {"code": "C08"}), **by)
    draft.refresh_from_db()
    tables = restored(draft.tables)

    left = [row for rows in tables.values() for row in rows if row.get("item_code") == "C08"]
    assert left == []
    assert set(DraftChange.objects.values_list("file", flat=True)) == {
        "catalogue.csv", "materials.csv", "clauses.csv",
    }  # fmt: skip
    with pytest.raises(NotNow, match="已经被人删除"):
        strike_row(draft, table="catalogue", row=name_of("catalogue.csv", {"code": "C08"}), **by)


def test_without_a_difference_there_is_nothing_to_sign(draft, people, at):
    with pytest.raises(NotNow, match="没有差别"):
        propose_catalogue(
            draft, in_force_from=at("2018-06-20").date(), source="示例", by=people.administrator, at=at(TODAY),
        )  # fmt: skip


# — an edition of people, and the pack at the next start —————————————————————————————————


def adopted(draft, people, at, **cells):
    by = {"by": people.administrator, "at": at(TODAY)}
    row = name_of("catalogue.csv", {"code": "R04"})
    change_row(draft, table="catalogue", row=row, cells=cells, **by)
    propose_catalogue(draft, in_force_from=at("2018-06-20").date(), source="示例", **by)
    return adopt_catalogue(draft, by=people.supervisor, at=at(TODAY))


def test_a_restart_does_not_undo_what_people_adopted(draft, people, at):
    made = adopted(draft, people, at, promised_days="2")

    report = load_pack(read_pack(SHIPPED), by=system_actor(), at=at("2018-07-01 09:00"))

    assert report.written == 0
    assert CatalogueEdition.objects.order_by("-number").first() == made


def test_the_adopted_tables_in_the_pack_are_the_edition_that_is_there(draft, people, at, tmp_path):
    made = adopted(draft, people, at, promised_days="2")
    folder = shutil.copytree(SHIPPED, tmp_path / "county", ignore=shutil.ignore_patterns("replay-*"))  # fmt: skip
    for file, rows in tables_of(made).items():
        (folder / file).write_bytes(written(file, rows))
    pack = read_pack(folder)

    assert content_of(tables_of(made)) == pack.digest_of(*FILES)
    assert load_pack(pack, by=system_actor(), at=at("2018-07-01 09:00")).written == 0
    assert CatalogueEdition.objects.count() == 2


def test_materials_and_clauses_of_the_first_stay_as_they_were(draft, people, at):
    before = list(CatalogueMaterial.objects.order_by("pk").values())

    adopted(draft, people, at, promised_days="2")

    first = CatalogueMaterial.objects.filter(item__edition__number=1)
    assert list(first.order_by("pk").values()) == before


# — how many statements ——————————————————————————————————————————————————————————————————


def test_pages_need_a_fixed_number_of_statements(draft, people, at, django_assert_max_num_queries):
    digest = CatalogueEdition.objects.get().digest
    pages = {"/catalogue/": 12, f"/catalogue/{digest}/": 26, f"/catalogue-drafts/{draft.pk}/": 24}
    person = Person(people.administrator, at(TODAY))
    for path, most in pages.items():
        person.get(path)
        with django_assert_max_num_queries(most):
            person.get(path)
    few = {path: counted(person, path) for path in pages}
    for _n in range(3):
        walk(people, at("2018-06-04 09:00"), to=Stage.SUBMITTED)
    other = open_catalogue_draft(title="示例二", by=people.administrator, at=at(TODAY))
    row = name_of("catalogue.csv", {"code": "R04"})
    for days in ("1", "2"):
        said = {"table": "catalogue", "row": row, "cells": {"promised_days": days}}
        for one in (draft, other):
            change_row(one, **said, by=people.administrator, at=at(TODAY))

    assert {path: counted(person, path) for path in pages} == few


def counted(person, path):
    with CaptureQueriesContext(connection) as seen:
        assert person.get(path).status_code == 200
    return len(seen)


def test_a_row_is_written_into_the_county_book_with_its_columns(draft, people, at):
    with clock.driven(at(TODAY)):
        row = name_of("catalogue.csv", {"code": "R04"})
        change_row(
            draft, table="catalogue", row=row, cells={"promised_days": "1"}, by=people.administrator, at=at(TODAY),
        )  # fmt: skip
    entry = county_book().entries.latest("sequence")

    assert entry.act == "change_catalogue_draft"
    assert json.loads(entry.payload)["rows"][0][3] == ["promised_days"]
    assert CatalogueDraft.objects.get().version == 1


# — at the same moment ———————————————————————————————————————————————————————————————————


def test_signed_twice_at_the_same_moment_it_is_one_edition(transactional_db, people, at, tmp_path):
    """Two browsers of the supervisor press at once: one has an effect, the other is told that it is decided."""
    draft = open_catalogue_draft(title="示例", by=people.administrator, at=at(TODAY))
    by = {"by": people.administrator, "at": at(TODAY)}
    row = name_of("catalogue.csv", {"code": "R04"})
    change_row(draft, table="catalogue", row=row, cells={"promised_days": "2"}, **by)
    propose_catalogue(draft, in_force_from=at("2018-06-20").date(), source="示例", **by)

    def sign():
        return adopt_catalogue(draft, by=people.supervisor, at=at(TODAY)).number

    with shared_database(tmp_path):
        done = at_once(sign, sign, sign)
        numbers = alone(
            lambda: list(
                CatalogueEdition.objects.order_by("number").values_list("number", flat=True)
            )
        )

    assert done.count(2) == 1, done
    assert sum(isinstance(one, NotNow) for one in done) == 2, done
    assert numbers == [1, 2]


def test_the_second_person_finds_it_on_the_desk(draft, people, at):
    by = {"by": people.administrator, "at": at(TODAY)}
    row = name_of("catalogue.csv", {"code": "R04"})
    change_row(draft, table="catalogue", row=row, cells={"promised_days": "2"}, **by)
    propose_catalogue(draft, in_force_from=at("2018-06-20").date(), source="示例", **by)
    wanted = "签字：事项清单新版"

    assert wanted in Person(people.supervisor, at(TODAY)).get("/desk/").content.decode()
    assert wanted not in Person(people.administrator, at(TODAY)).get("/desk/").content.decode()
    here = f"/catalogue-drafts/{draft.pk}/"
    own = Person(people.administrator, at(TODAY))
    assert "须由另一人签字" in (page := own.get(here).content.decode())
    assert f"{here}decide/" not in page
    assert "须由另一人签字" in own.get(f"{here}decide/").content.decode()
    signs = Person(people.supervisor, at(TODAY)).get(f"{here}decide/").content.decode()
    for said in (
        "承诺时限（工作日）",
        "2018年6月20日",
        "示例",
        str(people.administrator.user),
        "在办、不受影响",
    ):
        assert said in signs, said
