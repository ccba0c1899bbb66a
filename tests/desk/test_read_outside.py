"""A file is read before anything is locked; what it was checked against must still be so when it is written."""

import pytest

from approvals.models import Region
from core.documents.sheets import Table
from core.documents.sheets.reading import Row
from core.steps.reasons import NotNow
from desk.models import CatalogueDraft, PastBatch, PastFiling
from desk.rules.catalogue_sheets import Found
from desk.services.catalogue_import import import_tables, look_at_tables
from desk.services.past import load_past, withdraw_past
from tests.desk import test_catalogue_carried as carried
from tests.desk.test_past import NOW, book, load, look

pytestmark = pytest.mark.django_db
now, draft = carried.now, carried.draft  # its fixtures


def loaded(made, content, people):
    return load_past(name="2018.csv", content=content, by=people.administrator, at=NOW, made=made)


def test_what_was_checked_is_loaded_without_being_read_again(people):
    content = book({}, {})
    assert loaded(look(content), content, people).rows == 2


@pytest.mark.parametrize("other", ["the same file", "one of its numbers", "a place"])
def test_what_has_changed_since_it_was_checked_is_noticed(people, other):
    content = book({}, {})
    made = look(content)
    if other == "the same file":
        load(content, people.administrator)
    elif other == "one of its numbers":
        load(book({"原编号": "2018-1", "备注": "另一个文件"}), people.administrator)
    else:
        Region.objects.filter(name="桐峪镇").update(name="桐峪新镇")
    before = PastFiling.objects.count()
    why = "已经载入过" if other == "the same file" else "别的数据有变化"
    with pytest.raises(NotNow, match=why):
        loaded(made, content, people)
    assert PastFiling.objects.count() == before


def test_a_batch_taken_down_meanwhile_is_a_change_too(people):
    first = load(book({"原编号": "2018-9"}), people.administrator)
    content = book({})
    made = look(content)
    withdraw_past(first, reason="错了", by=people.administrator, at=NOW)
    with pytest.raises(NotNow, match="再载入一次"):
        loaded(made, content, people)
    assert load(content, people.administrator).rows == 1
    assert PastBatch.objects.filter(withdrawn_at=None).count() == 1


def test_a_draft_that_was_changed_while_the_workbook_was_read_is_not_written_over(
    draft, people, now
):
    content = carried.workbook(draft, materials=carried.materials(draft, copies=3))
    looked = look_at_tables(draft, name="清单.xlsx", content=content)
    CatalogueDraft.objects.filter(pk=draft.pk).update(version=draft.version + 1)
    given = {"name": "清单.xlsx", "content": content, "by": people.administrator, "at": now}
    with pytest.raises(NotNow, match="草案又有修改"):
        import_tables(draft, looked=looked, **given)
    assert import_tables(draft, **given).version == draft.version + 2


def test_places_of_many_faults_are_looked_up_and_not_searched():
    rows = [Row(0, "事项", line, {}) for line in range(2, 60_002)]
    found = Found(sheets={"catalogue.csv": Table(rows=rows)})
    places = [found.place("catalogue.csv", line) for line in range(2, 60_002)]
    assert [row.line for _table, row in places] == [row.line for row in rows]
    assert found.place("catalogue.csv", 1) is None
    assert found.place("clauses.csv", 2) is None
