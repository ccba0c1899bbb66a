"""Long tables of the catalogue are checked and written behind their page, whole or not at all."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.documents.models import Incoming
from core.documents.watching import Watch
from desk.models import CatalogueDraft, SheetTask
from desk.queries.catalogue_tables import tables_of_draft
from desk.rules.pack.catalogue import name_of, written
from desk.services.catalogue import change_row, open_catalogue_draft
from desk.services.sheet_tasks import work_waiting
from tests.desk.test_past import NOW, desk
from tests.desk.test_sheet_tasks import _coming

pytestmark = pytest.mark.django_db
__all__ = ["_coming", "desk"]


@pytest.fixture
def draft(people):
    made = open_catalogue_draft(title="示例草案", by=people.administrator, at=NOW)
    return CatalogueDraft.objects.get(pk=made.pk)


def tables(draft, **cells):
    """A long file of the draft's materials: each hint grows, the first row is changed as said."""
    rows = tables_of_draft(draft)["materials.csv"]
    for n, row in enumerate(rows):
        row["template_hint"] = f"{n} " + "示例说明" * 40
    rows[0].update(cells)
    return SimpleUploadedFile("materials.csv", written("materials.csv", rows))


def test_long_tables_are_checked_and_written_behind_the_page(desk, people, draft):
    by, page = people.administrator, ("import_tables", people.administrator, draft.pk)
    assert desk(*page, file=tables(draft)).status_code == 302
    waiting = desk(*page).content.decode()
    for words in ("检查清单表格 · 等待后台处理", 'http-equiv="refresh"', "取消，不写入"):
        assert words in waiting
    task = SheetTask.objects.get()
    Watch(by.user_id, task.token).tell("checking", 2, 5)
    assert "正在检查：完成2步，共5步" in desk(*page).content.decode()
    assert work_waiting(NOW) == 1
    looked = desk(*page)
    assert "对草案的修改" in looked.content.decode()
    carried = looked.context["form"].initial
    assert desk(*page, confirm="yes", **carried).status_code == 302
    draft.refresh_from_db()
    assert draft.version == carried["after"], "nobody waited for it"
    assert work_waiting(NOW) == 1
    assert "看草案" in desk(*page).content.decode()
    draft.refresh_from_db()
    assert (draft.version, Incoming.objects.count()) == (carried["after"] + 1, 0)


def test_a_draft_that_was_changed_meanwhile_is_not_written_over(desk, people, draft):
    by, page = people.administrator, ("import_tables", people.administrator, draft.pk)
    desk(*page, file=tables(draft))
    work_waiting(NOW)
    carried = desk(*page).context["form"].initial
    row = name_of("catalogue.csv", {"code": "R06"})
    change_row(draft, table="catalogue", row=row, cells={"note": "别人的修改"}, by=by, at=NOW)
    desk(*page, confirm="yes", **carried)
    work_waiting(NOW)
    said = desk(*page).content.decode()
    assert "草案又有修改，没有写入" in said
    assert (
        tables_of_draft(CatalogueDraft.objects.get())["materials.csv"][0]["template_hint"][:2]
        != "0 "
    )


def test_what_is_wrong_in_long_tables_stands_by_sheet_row_and_column(desk, people, draft):
    page = ("import_tables", people.administrator, draft.pk)
    desk(*page, file=tables(draft, copies="许多"))
    work_waiting(NOW)
    said = desk(*page).content.decode()
    assert "不是整数" in said
    assert 'type="file"' in said
