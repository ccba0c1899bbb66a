"""A draft of the catalogue goes on from a newer edition, and tables come from Excel or CSV: looked at, whole or not."""

import io
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from approvals.models import CatalogueItem
from core.documents.sheets import Sheet, write_xlsx
from core.ledger.services import county_book
from core.steps.reasons import NotNow
from desk.models import CatalogueDraft
from desk.queries.catalogue_tables import sheets_of, tables_of, tables_of_draft
from desk.queries.catalogue_words import TABLES
from desk.rules.editions import difference
from desk.rules.pack.catalogue import FILES, name_of, restored, stored, written
from desk.rules.pack.tables import Row
from desk.rules.rebase import OURS, THEIRS, Conflict, carry
from desk.services.adoption import adopt_catalogue, propose_catalogue
from desk.services.catalogue import change_row, open_catalogue_draft, strike_row
from desk.services.catalogue_import import import_tables, look_at_tables
from desk.services.rebase import rebase_draft
from tests.api.programs import Program
from tests.calendars import Person

pytestmark = pytest.mark.django_db
TODAY = "2018-06-11 09:00"
SOURCE = "示例：县政府常务会议决定（示例数据）"


def row(code):
    return name_of("catalogue.csv", {"code": code})


@pytest.fixture
def now(at):
    return at(TODAY)


@pytest.fixture
def draft(people, now):
    """R04 gets a shorter limit, C05 model 2, and R06 another note."""
    made = open_catalogue_draft(title="示例草案", by=people.administrator, at=now)
    by = {"by": people.administrator, "at": now}
    change_row(made, table="catalogue", row=row("R04"), cells={"promised_days": "2"}, **by)
    change_row(made, table="catalogue", row=row("C05"), cells={"tolerance_model": "2"}, **by)
    return change_row(made, table="catalogue", row=row("R06"), cells={"note": "草案的说明"}, **by)


@pytest.fixture
def newer(draft, people, now):
    """Meanwhile another edition is adopted: R06 with another note, G01 shorter."""
    by = {"by": people.administrator, "at": now}
    other = open_catalogue_draft(title="另一份", **by)
    change_row(other, table="catalogue", row=row("R06"), cells={"note": "新版的说明"}, **by)
    change_row(other, table="catalogue", row=row("G01"), cells={"promised_days": "2"}, **by)
    propose_catalogue(other, in_force_from=date(2018, 6, 20), source=SOURCE, **by)
    return adopt_catalogue(other, by=people.supervisor, at=now)


def cell(tables, code, column):
    return next(r for r in tables["catalogue.csv"] if r["code"] == code).get(column, "")


# — carried over ———————————————————————————————————————————————————————————————————————————


def test_a_draft_on_the_newest_edition_is_not_carried_over(draft, people, now):
    with pytest.raises(NotNow, match="已经以最新"):
        rebase_draft(draft, onto=1, decisions={}, by=people.administrator, at=now)
    page = Person(people.administrator, now)
    assert page.get(f"/catalogue-drafts/{draft.pk}/rebase/").status_code == 404
    assert "承接新的一版" not in page.get(f"/catalogue-drafts/{draft.pk}/").content.decode()


def test_a_stale_draft_is_refused_until_each_conflict_is_decided(draft, newer, people, now):
    by = {"by": people.administrator, "at": now}
    with pytest.raises(NotNow, match="承接新的一版"):
        propose_catalogue(draft, in_force_from=date(2018, 6, 25), source=SOURCE, **by)
    name = f"catalogue-{row('R06')}"
    for wrong in ({}, {name: "mine"}):
        with pytest.raises(ValidationError, match="以哪一个为准"):
            rebase_draft(draft, onto=2, decisions=wrong, **by)
    for moved in ({"onto": 3}, {"onto": 2, "after": draft.version - 1}):
        with pytest.raises(NotNow, match="刚刚有变动"):
            rebase_draft(draft, decisions={name: OURS}, **{"after": None, **moved}, **by)
    for stranger in (people.supervisor, people.window, people.enterprise):
        with pytest.raises(PermissionDenied):
            rebase_draft(draft, onto=2, decisions={name: OURS}, by=stranger, at=now)
    draft.refresh_from_db()
    assert draft.base.number == 1


@pytest.mark.parametrize(("decision", "stands"), [(OURS, "草案的说明"), (THEIRS, "新版的说明")])
def test_what_does_not_touch_goes_along_and_the_rest_as_decided(
    draft, newer, people, now, decision, stands
):
    page = Person(people.administrator, now)
    shown = page.get(f"/catalogue-drafts/{draft.pk}/").content.decode()
    assert "承接以后才能提请" in shown
    address = f"/catalogue-drafts/{draft.pk}/rebase/"
    form = page.get(address)
    text = form.content.decode()
    for words in ("以草案为准：说明=草案的说明", "以第2版为准：说明=新版的说明"):
        assert words in text
    assert len(form.context["taken"]) == 2
    given = {name: form.context["form"][name].value() for name in ("after", "onto")}
    seen = draft.version
    name = f"catalogue-{row('R06')}"
    assert page.post(address, **given).status_code == 422  # nothing chosen
    assert page.post(address, **given, **{name: decision}).status_code == 302
    draft.refresh_from_db()
    tables = tables_of_draft(draft)
    assert draft.base.number == 2
    assert cell(tables, "R04", "promised_days") == "2"  # the draft's
    assert cell(tables, "C05", "tolerance_model") == "2"
    assert cell(tables, "G01", "promised_days") == "2"  # the edition's
    assert cell(tables, "R06", "note") == stands
    changed = {c.key[0] for c in difference(tables_of(newer), tables)}
    assert changed == {"R04", "C05"} | ({"R06"} if decision == OURS else set())
    entry = county_book().entries.order_by("-sequence").first()
    assert entry.act == "rebase_catalogue_draft"
    # A form opened before writes the old edition's row over no table, also where the draft had not touched it.
    assert {c.file for c in draft.changes.filter(what="carried", row="")} == set(FILES)
    old = {"cells": {"promised_days": "3"}, "after": seen, "by": people.administrator, "at": now}
    with pytest.raises(NotNow, match="刚刚有人改过"):
        change_row(draft, table="catalogue", row=row("G01"), **old)
    # Rebased it is signed, and not by whoever carried it over.
    by = {"by": people.administrator, "at": now}
    draft = propose_catalogue(draft, in_force_from=date(2018, 6, 25), source=SOURCE, **by)
    with pytest.raises(NotNow):
        adopt_catalogue(draft, **by)
    made = adopt_catalogue(draft, by=people.supervisor, at=now)
    assert CatalogueItem.objects.get(edition=made, code="C05").tolerance_model == "2"
    item = page.get(f"/catalogue/{made.digest}/item/C05/").content.decode()
    assert "模式二" in item


def test_struck_here_and_changed_there_is_a_conflict_and_added_twice_alike_is_none(draft, newer):
    base, newest = tables_of(draft.base), tables_of(newer)
    ours = restored(stored(base))
    struck = next(r for r in ours["catalogue.csv"] if r["code"] == "G01")
    ours["catalogue.csv"].remove(struck)
    added = dict(ours["materials.csv"][0], name_zh="示例新材料")
    for tables in (ours, newest):
        tables["materials.csv"].append(type(struck)(added))
    found = carry(base, ours, newest, {})
    (conflict,) = found.conflicts
    assert (conflict.ours, conflict.theirs["code"]) == (None, "G01")
    kept = carry(base, ours, newest, {conflict.name: THEIRS}).tables["catalogue.csv"]
    assert "G01" in [r["code"] for r in kept]
    gone = carry(base, ours, newest, {conflict.name: OURS}).tables["catalogue.csv"]
    assert "G01" not in [r["code"] for r in gone]


def test_a_column_that_only_the_newer_edition_has_is_shown_in_the_conflict():
    ours, theirs = (
        Row({"code": "G01", "note": "a"}),
        Row({"code": "G01", "note": "a", "extra": "b"}),
    )
    found = Conflict("catalogue.csv", "1", "G01", None, ours, theirs)
    assert found.columns == ["extra"]


def test_a_program_reads_the_conflicts_and_decides(client, draft, newer, people, at, now):
    from core import clock

    name = f"catalogue-{row('R06')}"
    with clock.driven(now):
        program = Program(client, people.administrator)
        stale = program.get(f"catalogue-drafts/{draft.pk}/").json()["stale"]
        assert (stale["onto"], len(stale["taken"])) == (2, 2)
        assert [one["name"] for one in stale["conflicts"]] == [name]
        address = f"catalogue-drafts/{draft.pk}/rebase/"
        assert program.post(address, {"onto": 2}).status_code == 422
        done = program.post(address, {"onto": 2, "decisions": {name: "theirs"}})
        assert done.status_code == 200, done.content
        assert program.get(f"catalogue-drafts/{draft.pk}/").json()["stale"] is None


# — model 2 in a draft ——————————————————————————————————————————————————————————————————————


def test_model_2_never_behind_a_red_line_and_older_tables_stay_as_they_are(draft, people, now):
    by = {"by": people.administrator, "at": now}
    with pytest.raises(ValidationError, match="红线事项须材料齐全"):
        change_row(draft, table="catalogue", row=row("R04"), cells={"tolerance_model": "2"}, **by)
    with pytest.raises(ValidationError):
        change_row(draft, table="catalogue", row=row("C05"), cells={"tolerance_model": "3"}, **by)
    form = Person(people.administrator, now).get(
        f"/catalogue-drafts/{draft.pk}/row/catalogue/{row('C05')}/"
    )
    assert "模式一" in form.content.decode()
    # The column comes into the file with the first row that says something in it, and goes with the last.
    assert b"tolerance_model" in written("catalogue.csv", tables_of_draft(draft)["catalogue.csv"])
    base = tables_of(draft.base)["catalogue.csv"]
    assert b"tolerance_model" not in written("catalogue.csv", base)
    (change,) = [c for c in difference(tables_of(draft.base), tables_of_draft(draft)) if c.key == ("C05",)]  # fmt: skip
    assert change.direction == "lighter"


# — from Excel and CSV —————————————————————————————————————————————————————————————————————


def workbook(draft, **changed):
    """The draft's tables as a workbook; `changed` are whole sheets by file, None: left out."""
    tables = tables_of_draft(draft)
    names = {file: str(name) for file, name in TABLES.items()}
    sheets = [s for s, file in zip(sheets_of(tables, names), FILES, strict=True)
              if changed.get(file.removesuffix(".csv"), s) is not None]  # fmt: skip
    made = io.BytesIO()
    sheets = [changed.get(_table(s), s) or s for s in sheets]
    write_xlsx(sheets[0], made, sheets[1:])
    return made.getvalue()


def _table(sheet):
    return next(f for f, n in TABLES.items() if str(n) == sheet.name).removesuffix(".csv")


def materials(draft, **cells):
    """The sheet of materials with another first row, and words in place of codes."""
    tables = tables_of_draft(draft)
    heads = list(tables["materials.csv"][0])
    rows = [[r[h] for h in heads] for r in tables["materials.csv"]]
    for name, value in cells.items():
        rows[0][heads.index(name)] = value
    return Sheet("材料", ["可容缺" if h == "tolerable" else h for h in heads], rows)


def test_what_the_workbook_says_already_changes_nothing(draft, people, now):
    content = workbook(draft)
    looked = look_at_tables(draft, name="清单.xlsx", content=content)
    assert (looked.faults, looked.changes, set(looked.rows)) == ([], [], set(FILES))
    with pytest.raises(NotNow, match="没有差别"):
        import_tables(draft, name="清单.xlsx", content=content, by=people.administrator, at=now)


def test_words_are_taken_for_values_and_only_the_tables_of_the_file_are_changed(draft, people, now):
    content = workbook(draft, catalogue=None, clauses=None, questions=None,
                       materials=materials(draft, copies=3, tolerable="否"))  # fmt: skip
    looked = look_at_tables(draft, name="材料.xlsx", content=content)
    assert looked.faults == []
    (change,) = looked.changes
    assert [c.after for c in change.cells] == ["3"]
    before = draft.version
    done = import_tables(draft, name="材料.xlsx", content=content, by=people.administrator, at=now)
    assert (done.version, tables_of_draft(done)["materials.csv"][0]["copies"]) == (before + 1, "3")
    assert cell(tables_of_draft(done), "R04", "promised_days") == "2"


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"copies": "许多"}, "“材料”第2行E列（copies）：“许多”不是整数"),
        ({"tolerable": "也许"}, "“材料”第2行F列（tolerable）"),
        ({"item_code": ""}, "“材料”第2行A列（item_code）：不能为空"),
        ({"item_code": "X99"}, "“材料”第2行A列（item_code）"),
        ({"name_zh": "示例环境影响报告书", "tolerable": "yes"}, "“材料”第2行F列"),
    ],
)  # fmt: skip
def test_a_fault_says_sheet_oneand_column_and_nothing_is_written(draft, people, now, cells, said):
    content = workbook(draft, materials=materials(draft, **cells))
    looked = look_at_tables(draft, name="清单.xlsx", content=content)
    assert any(fault.startswith(said) for fault in looked.faults), looked.faults
    with pytest.raises(ValidationError):
        import_tables(draft, name="清单.xlsx", content=content, by=people.administrator, at=now)
    assert CatalogueDraft.objects.get().version == draft.version


def test_a_sheet_of_another_name_and_a_csv_of_no_table_are_refused(draft, people, now):
    made = io.BytesIO()
    write_xlsx(Sheet("别的", ["code"], [["R04"]]), made)
    (fault,) = look_at_tables(draft, name="x.xlsx", content=made.getvalue()).faults
    assert "“别的”不是清单的表" in fault
    (fault,) = look_at_tables(draft, name="x.csv", content=b"code\nR04\n").faults
    assert "“x.csv”不是清单的表" in fault
    with pytest.raises(PermissionDenied):
        import_tables(draft, name="x.csv", content=b"", by=people.supervisor, at=now)
    csv = written("materials.csv", tables_of_draft(draft)["materials.csv"]).replace(
        b",1,", b",2,", 1
    )
    assert len(look_at_tables(draft, name="materials.csv", content=csv).changes) == 1


def test_a_red_line_is_held_in_a_workbook_too(draft, people, now):
    tables = tables_of_draft(draft)
    heads = list(tables["catalogue.csv"][0])
    for one in tables["catalogue.csv"]:
        if one["code"] == "R04":
            one["tolerance_model"] = "模式二：先作决定，附解除条件，未补齐的失效"
    rows = [[r[h] for h in heads] for r in tables["catalogue.csv"]]
    heads = ["容缺办理方式" if h == "tolerance_model" else h for h in heads]
    content = workbook(draft, catalogue=Sheet("事项", heads, rows))
    faults = look_at_tables(draft, name="x.xlsx", content=content).faults
    assert any("红线事项须材料齐全" in fault and fault.startswith("“事项”第") for fault in faults)


def first_material(draft):
    return name_of("materials.csv", tables_of_draft(draft)["materials.csv"][0])


def test_on_the_page_it_is_looked_at_then_written_and_by_a_program_too(client, draft, people, now):
    from core import clock

    page, address = Person(people.administrator, now), f"/catalogue-drafts/{draft.pk}/import/"
    assert Person(people.supervisor, now).get(address).status_code == 403
    book = page.get(f"/catalogue-drafts/{draft.pk}/workbook/")
    assert (
        look_at_tables(draft, name="a.xlsx", content=b"".join(book.streaming_content)).changes == []
    )
    wrong = workbook(draft, materials=materials(draft, copies="许多"))
    refused = page.post(address, file=SimpleUploadedFile("清单.xlsx", wrong))
    assert refused.status_code == 422
    assert "“材料”第2行E列" in refused.content.decode()
    right = workbook(draft, materials=materials(draft, copies=3))
    looked = page.post(address, file=SimpleUploadedFile("清单.xlsx", right))
    assert looked.status_code == 200
    assert "对草案的修改" in looked.content.decode()
    carried = looked.context["form"].initial
    # What a colleague changes between the look and the confirmation is not written over.
    by = {"by": people.administrator, "at": now}
    change_row(draft, table="materials", row=first_material(draft), cells={"copies": "9"}, **by)
    late = page.post(address, confirm="yes", **carried)
    assert (late.status_code, "草案又有修改" in late.content.decode()) == (409, True)
    looked = page.post(address, file=SimpleUploadedFile("清单.xlsx", right))
    carried = looked.context["form"].initial
    assert page.post(address, confirm="yes", **carried).status_code == 302
    draft.refresh_from_db()
    assert tables_of_draft(draft)["materials.csv"][0]["copies"] == "3"
    again = workbook(draft, materials=materials(draft, copies=4))
    with clock.driven(now):
        program = Program(client, people.administrator)
        base = f"catalogue-drafts/{draft.pk}"
        seen = program.post(
            f"{base}/preview-import/", {"file": SimpleUploadedFile("a.xlsx", again)}, files=True
        )
        assert (seen.json()["changes"], seen.json()["faults"]) == (1, [])
        version = seen.json()["version"]
        late, done = (
            program.post(
                f"{base}/import/",
                {"file": SimpleUploadedFile("a.xlsx", again), "after": after},
                files=True,
            )
            for after in (version - 1, version)
        )
        assert late.status_code == 409
        assert done.status_code == 200, done.content
    with pytest.raises(NotNow):
        strike_row(draft, table="materials", row="none", by=people.administrator, at=now)
