"""A short file is over before its page could tell a progress: the answer says what was read, checked and written."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from desk.models import CatalogueDraft
from desk.queries.catalogue_tables import tables_of_draft
from desk.rules.pack.catalogue import written
from desk.services.catalogue import open_catalogue_draft
from tests.desk.test_county import folder
from tests.desk.test_past import NOW, book, command, desk, file
from tests.desk.test_sheet_tasks import _coming

pytestmark = pytest.mark.django_db
__all__ = ["_coming", "desk", "folder"]


def words(answer):
    """What a page says, without its marks."""
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", answer.content.decode()))


def test_of_a_file_with_faults_every_row_counts_as_read_and_none_as_written(desk, people):
    answer = desk("load_past", people.administrator, file=file(book({}, {"结果": "x"}, {})))
    assert answer.status_code == 422
    for said in ("已读取：“2018.csv”3行", "要改1处，存疑0处", "一行也没有写入"):
        assert said in words(answer)


def test_what_was_looked_at_says_that_nothing_is_written_yet_and_the_load_what_was(desk, people):
    content = book({}, {"统一社会信用代码": "91350100M0001TGQXN"}, {"原编号": "示例-1"})
    looked = desk("load_past", people.administrator, file=file(content))
    for said in ("已读取：“2018.csv”3行", "要改0处，存疑2处", "还没有写入：确认以后一次写入"):
        assert said in words(looked)
    carried = looked.context["form"].initial
    loaded = desk("load_past", people.administrator, confirm="yes", **carried)
    assert (
        "读取并检查了3行，存疑2处，写入2行"
        in loaded.wsgi_request._messages._queued_messages[0].message
    )


def test_tables_of_the_catalogue_say_the_same(desk, people):
    made = open_catalogue_draft(title="示例草案", by=people.administrator, at=NOW)
    draft = CatalogueDraft.objects.get(pk=made.pk)
    page = ("import_tables", people.administrator, draft.pk)
    rows = tables_of_draft(draft)["questions.csv"]

    def sent(**cells):
        changed = [{**rows[0], **cells}, *rows[1:]]
        return SimpleUploadedFile("questions.csv", written("questions.csv", changed))

    wrong = desk(*page, file=sent(order="x"))
    assert wrong.status_code == 422
    assert f"“questions.csv”{len(rows)}行" in words(wrong)
    assert "一行也没有写入" in words(wrong)
    looked = desk(*page, file=sent(question_zh="另一种问法？"))
    assert "要改0处，与草案不同1行" in words(looked)
    assert "还没有写入" in words(looked)
    done = desk(*page, confirm="yes", **looked.context["form"].initial)
    said = done.wsgi_request._messages._queued_messages[0].message
    assert f"读取并检查了{len(rows)}行，改动了草案的1行" in said


def test_what_stands_against_a_table_is_told_in_words_and_by_place(desk, people):
    made = open_catalogue_draft(title="示例草案", by=people.administrator, at=NOW)
    draft = CatalogueDraft.objects.get(pk=made.pk)
    page = ("import_tables", people.administrator, draft.pk)
    rows = tables_of_draft(draft)["catalogue.csv"]
    gate = [{**r, "start_gate": "commitment"} if r["code"] == "R04" else r for r in rows]
    sent = SimpleUploadedFile("catalogue.csv", written("catalogue.csv", gate))
    said = words(desk(*page, file=sent))
    assert "（start_gate）：此类事项的开工条件只能是事先取得批准（prior_approval）" in said
    assert "红线事项没有批准文书不得开工" in said
    assert "城乡规划法第40条" in said
    headless = SimpleUploadedFile("catalogue.csv", b"code,what\nR04,1\n")
    said = words(desk(*page, file=headless))
    assert "什么也没有写入" in said
    assert "检查结果" not in said, "of a table whose headings are wrong no row was read"


def test_the_commands_tell_their_steps(county, folder, tmp_path, capsys):
    path = tmp_path / "2018.csv"
    path.write_bytes(book({}, {}))
    told = command(path)[1]
    assert "已读取“2018.csv”2行" in told
    assert "已检查2/2行" in told
    assert "已写入2/2行" in told
    call_command("load_county", str(folder))
    told = capsys.readouterr().err
    assert "县包已检查" in told
    assert "正在载入（1/11）：部门" in told
    assert "正在载入（11/11）：满意度问题" in told
