"""往年申报件: a file is looked at, loaded whole or not at all, once; nothing in it ever becomes a case."""

import io
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals.models import Filing
from core import clock
from core.deadlines.models import timed_models
from core.documents.models import Attachment
from core.documents.receiving import hold, whole
from core.documents.sheets import Bounds, Sheet, csv_pieces, handed_out, write_xlsx
from core.documents.watching import Watch, forget_watches, seen
from core.ledger.models import Book, Entry
from core.ledger.queries import verify
from core.steps.reasons import NotNow
from desk.models import PastBatch, PastFiling
from desk.queries.past import Sought, matching, sheet_of_past, template
from desk.rules.past import COLUMNS
from desk.services.past import load_past, propose_past, withdraw_past
from desk.services.sheet_tasks import work_waiting
from tests.api.programs import Program
from tests.conftest import instant

pytestmark = pytest.mark.django_db
NOW = instant("2020-06-15 09:30")
HEADS = [column.head for column in COLUMNS]
GOOD = {
    "年度": 2018, "原编号": "2018-7", "项目名称": "示例小杂粮加工项目", "项目代码": "2018-140722-13-03-000001",
    "建设单位": "示例食品有限公司", "统一社会信用代码": "", "建设地点": "桐峪镇", "行业": "C",
    "总投资（万元）": 1200.5, "受理日": date(2018, 3, 5), "预审结论日": date(2018, 4, 10),
    "开工日": date(2018, 6, 1), "办结日": date(2019, 9, 30), "结果": "办结", "备注": "示例数据",
}  # fmt: skip


def book(*rows, form="csv"):
    """A file of rows, each what is other than in a good one."""
    filled = [{**GOOD, "原编号": f"2018-{n}", **row} for n, row in enumerate(rows, 1)]
    lines = [[row[head] for head in HEADS] for row in filled]
    sheet, made = Sheet("2018", HEADS, lines), io.BytesIO()
    if form == "csv":
        return b"".join(csv_pieces(sheet))
    write_xlsx(sheet, made)
    return made.getvalue()


def look(content, name="2018.csv", at=NOW):
    return propose_past(name=name, content=content, at=at)


def load(content, by, name="2018.csv", at=NOW):
    with clock.driven(at):
        return load_past(name=name, content=content, by=by, at=at)


# — what is refused ————————————————————————————————————————————————————————————————————————


FAULTS = [
    ("年度", 1999, "年度应在2000至2020之间"),
    ("年度", 2021, "年度应在2000至2020之间"),
    ("年度", "二〇一八", "不是数字"),
    ("原编号", "", "不能为空"),
    ("项目名称", "", "不能为空"),
    ("建设单位", "", "不能为空"),
    ("结果", "通过", "不在可填的之内"),
    ("项目代码", "140722", "24位五段数字"),
    ("项目代码", "2013-140722-13-03-000001", "既不是年月也不是"),
    ("统一社会信用代码", "9114072", "应为18位"),
    ("统一社会信用代码", "91140722MA0ISVZO01", "不使用字符"),
    ("建设地点", "没有的镇", "没有叫“没有的镇”的"),
    ("建设地点", "140722400", "在2018-03-05不在用"),
    ("行业", "Z", "没有叫“Z”的"),
    ("总投资（万元）", 0, "应大于0"),
    ("总投资（万元）", -3, "应大于0"),
    ("总投资（万元）", 10**11, "应大于0"),
    ("受理日", "2018-13-01", "不是日期"),
    ("预审结论日", date(2018, 3, 1), "早于受理日"),
    ("办结日", date(2018, 5, 31), "早于开工日"),
    ("办结日", date(2020, 6, 16), "晚于今天"),
    ("备注", "长" * 501, "最多500字"),
]


@pytest.mark.parametrize(("head", "cell", "why"), FAULTS, ids=str)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_fault_is_told_by_sheet_row_and_column_and_nothing_is_loaded(people, head, cell, why, form):  # fmt: skip
    content = book({}, {head: cell}, form=form)
    sheet, column = "2018.csv" if form == "csv" else "2018", "ABCDEFGHIJKLMNO"[HEADS.index(head)]
    found = look(content).faults

    assert len(found) == 1
    assert found[0].startswith(f"“{sheet}”第3行{column}列（{head}）：")
    assert why in found[0]
    with pytest.raises(ValidationError, match=why[:4]):
        load(content, people.administrator)
    assert not PastBatch.objects.exists()
    assert not PastFiling.objects.exists()
    assert not Attachment.objects.exists()


DOUBTS = [
    ("统一社会信用代码", "91350100M0001TGQXN", "校验码不符"),
    ("项目代码", "2018-140723-13-03-000001", "不是本县的"),
    ("项目代码", "2018-140722-13-01-000001", "不是备案"),
    ("年度", 2017, "与受理日不在同一年"),
    ("总投资（万元）", 0.126, "只保留两位小数"),
    ("办结日", "", "没有写办结日"),
    ("原编号", "示例-1", "示例行，不载入"),
]


@pytest.mark.parametrize(("head", "cell", "why"), DOUBTS, ids=str)
def test_a_doubt_is_told_and_keeps_nothing_out(people, head, cell, why):
    content = book({}, {head: cell})
    made = look(content)

    assert made.faults == []
    assert [why in doubt for doubt in made.doubts] == [True]
    assert load(content, people.administrator).doubts == made.doubts
    assert PastFiling.objects.count() == len(made.rows) >= 1


def test_a_number_is_there_once_in_a_year(people):
    twice = look(book({}, {"原编号": "2018-1"})).faults
    assert "与“2018.csv”第2行的年度和编号重复" in twice[0]

    load(book({}), people.administrator)
    again = look(book({"备注": "另一个文件"})).faults
    assert "已经载入过" in again[0]
    assert look(book({"年度": 2019})).faults == []


def test_a_file_is_loaded_once(people):
    content = book({})
    load(content, people.administrator)

    assert look(content).loaded_before
    with pytest.raises(NotNow, match="已经载入过"):
        load(content, people.administrator)
    assert PastBatch.objects.count() == 1


def test_a_file_without_a_row_is_not_loaded(people):
    with pytest.raises(NotNow, match="没有可以载入的行"):
        load(b"".join(csv_pieces(template())), people.administrator)


@pytest.mark.parametrize("who", ["window", "convenor", "supervisor", "enterprise"])
def test_only_the_administrator_loads_and_takes_down(people, who):
    batch = load(book({}), people.administrator)
    by = getattr(people, who)
    with pytest.raises(PermissionDenied):
        load(book({}, {}), by)
    with clock.driven(NOW), pytest.raises(PermissionDenied):
        withdraw_past(batch, reason="试", by=by, at=NOW)


def test_the_database_refuses_a_number_twice(people):
    batch = load(book({}), people.administrator)
    row = PastFiling.objects.get()
    row.pk = None
    with transaction.atomic(), pytest.raises(IntegrityError):
        row.save()
    with transaction.atomic(), pytest.raises(IntegrityError):
        PastBatch.objects.create(
            file=batch.file, digest=batch.digest, rows=1, loaded_by=batch.loaded_by, loaded_at=NOW
        )


# — what is loaded ————————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_file_is_loaded_as_it_stands(people, form):
    other = {"结果": "撤回", "办结日": "", "建设地点": "140722101", "行业": "C 制造业"}
    batch = load(book({}, other, form=form), people.administrator)
    first, second = PastFiling.objects.order_by("row")

    assert (batch.rows, batch.doubts) == (2, [])
    assert batch.digest == batch.file.sha256
    assert (first.row, first.year, first.number, first.outcome) == (2, 2018, "2018-1", "completed")
    assert (first.investment_wan, first.accepted_on) == (1200.5, date(2018, 3, 5))
    assert (first.site.code, first.industry.section) == ("140722101", "C")
    assert (second.site, second.industry) == (first.site, first.industry)
    assert (second.outcome, second.completed_on, second.uscc) == ("withdrawn", None, "")


def test_a_place_is_that_of_its_day(people):
    """城区 has two names and codes, one before and one after 2019; before the first list, what is on it stood."""
    rows = (
        {"建设地点": "城区街道管理委员会"},
        {"建设地点": "粟城乡"},
        {"年度": 2016, "受理日": date(2016, 5, 4), "建设地点": "龙泉乡"},
        {"年度": 2019, "受理日": "", "预审结论日": "", "开工日": "", "建设地点": "城区"},
    )
    load(book(*rows), people.administrator)

    codes = [row.site.code for row in PastFiling.objects.order_by("row")]
    assert codes == ["140722001", "140722203", "140722202", "140722400"]
    gone = {
        "年度": 2019,
        "受理日": date(2019, 1, 2),
        "预审结论日": "",
        "开工日": "",
        "建设地点": "140722001",
    }
    assert "不在用" in look(book(gone)).faults[0]


def test_what_is_loaded_never_becomes_a_case(people):
    before = {model: model.objects.count() for model in (Book, Filing, *timed_models())}
    entries = Entry.objects.count()
    batch = load(book({}, {}), people.administrator)
    entry = Entry.objects.order_by("-pk").first()

    assert {model: model.objects.count() for model in before} == {
        **before, Book: before[Book],
    }  # fmt: skip
    assert Entry.objects.count() == entries + 1
    assert (entry.act, entry.book.code) == ("import_past", "county")
    assert batch.digest in str(entry.payload)
    verify(entry.book)


def test_a_batch_that_is_taken_down_is_kept_and_may_come_again(people):
    content = book({}, {})
    batch = load(content, people.administrator)
    with clock.driven(NOW):
        with pytest.raises(ValidationError):
            withdraw_past(batch, reason="  ", by=people.administrator, at=NOW)
        withdraw_past(batch, reason="列错位", by=people.administrator, at=NOW)
        with pytest.raises(NotNow, match="已经撤下"):
            withdraw_past(batch, reason="列错位", by=people.administrator, at=NOW)
    batch.refresh_from_db()

    assert (batch.reason, batch.withdrawn_by) == ("列错位", people.administrator)
    assert PastFiling.objects.filter(withdrawn=True).count() == 2
    assert not matching(Sought()).exists()
    assert matching(Sought(batch=str(batch.pk))).count() == 2
    assert Entry.objects.order_by("-pk").first().act == "withdraw_past"
    assert load(content, people.administrator).rows == 2


def test_the_template_is_read_by_its_own_reader(people):
    made = look(b"".join(csv_pieces(template())))

    assert made.faults == []
    assert ["示例行" in doubt for doubt in made.doubts] == [True]


def test_what_is_exported_can_be_read_again(people):
    load(book({"备注": "=1+1"}), people.administrator)
    made = io.BytesIO()
    sheet = sheet_of_past(matching(Sought()))
    rows = [row[: len(COLUMNS)] for row in sheet.rows]
    write_xlsx(Sheet("x", HEADS, rows), made)
    PastFiling.objects.update(withdrawn=True)

    again = look(made.getvalue())
    assert again.faults == []
    assert again.rows[0]["note"] == "=1+1"


def test_a_long_file_costs_no_query_for_a_row(people):
    def cost(count):
        with CaptureQueriesContext(connection) as seen:
            load(book(*[{"原编号": f"{count}-{n}"} for n in range(count)]), people.administrator)
        rows = [q for q in seen if 'INSERT INTO "desk_pastfiling"' in q["sql"]]
        return len(seen) - len(rows)

    cost(1)
    assert cost(2) == cost(300)


def test_too_many_rows_are_refused(people):
    made = propose_past(name="x.csv", content=book(*[{}] * 30), at=NOW, bounds=Bounds(rows=20))

    assert "最多20行" in made.faults[-1]


# — at the desk ————————————————————————————————————————————————————————————————————————————


@pytest.fixture
def desk(client, people):
    """`desk(name, by, *args, **data)`: a page, or what is sent to it."""

    def ask(page, by, /, *args, query="", **data):
        client.force_login(by.user, backend="django.contrib.auth.backends.ModelBackend")
        address = reverse(f"desk:{page}", args=args) + query
        with clock.driven(NOW):
            answer = client.post(address, data) if data else client.get(address)
            if answer.streaming:
                answer.streaming_content = iter([b"".join(answer.streaming_content)])
            return answer

    return ask


def file(content, name="2018.csv"):
    return SimpleUploadedFile(name, content)


def test_the_administrator_looks_then_loads(desk, people):
    content = book({}, {"统一社会信用代码": "91350100M0001TGQXN"})
    looked = desk("load_past", people.administrator, file=file(content))
    text = looked.content.decode()
    assert looked.status_code == 200
    assert "校验码不符" in text
    assert "示例小杂粮加工项目" in text
    assert not PastBatch.objects.exists()

    carried = looked.context["form"].initial
    loaded = desk("load_past", people.administrator, confirm="yes", **carried)
    assert (loaded.status_code, PastFiling.objects.count()) == (302, 2)

    again = desk("load_past", people.administrator, confirm="yes", **carried)
    assert again.status_code == 422
    assert "已经提交过" in again.content.decode()
    once_more = desk("load_past", people.administrator, file=file(content))
    assert "已经载入过" in once_more.content.decode()
    assert desk("load_past", people.administrator, file=file(book({}))).status_code == 422
    page = desk("past", people.window).content.decode()
    assert "2018.csv" in page
    assert "撤下这一批" not in page


@pytest.mark.parametrize(
    ("content", "name", "status", "said"),
    [
        (b"", "x.csv", 422, "空文件"), (b"\x89PNG\0", "x.xlsx", 422, "读不出文字"),
        (b"x" * (20 << 20) + b"xx", "x.csv", 422, "不超过20 MB"), (b"x", "x.pdf", 422, "只接收"),
        (book({"结果": "<b>"}), "x.csv", 422, "第2行N列（结果）"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_loaded_is_refused_in_sentences(desk, people, content, name, status, said):  # fmt: skip
    answer = desk("load_past", people.administrator, file=file(content, name))

    assert answer.status_code == status
    assert said in answer.content.decode()
    assert "<b>”" not in answer.content.decode()


@pytest.mark.parametrize("content", ["no base64!", "bm8gdGFibGU=\0"])
def test_what_no_browser_carried_is_refused(desk, people, content):
    answer = desk("load_past", people.administrator, confirm="yes", name="x.csv", content=content)

    assert answer.status_code == 422
    assert not PastBatch.objects.exists()


def test_the_list_is_for_the_staff_and_loading_for_the_administrator(desk, people):
    batch = load(book({}), people.administrator)
    for name in ("past", "export_past", "past_template"):
        assert desk(name, people.window).status_code == 200
        assert desk(name, people.enterprise).status_code == 403
        assert desk(name, people.department("ZJJ")).status_code == 403
    for who in (people.window, people.supervisor, people.enterprise):
        assert desk("load_past", who).status_code == 403
        assert desk("withdraw_past", who, batch.pk).status_code == 403
        assert desk("withdraw_past", who, batch.pk, reason="试").status_code == 403
    file_address = reverse("approvals:attachment", args=[batch.file_id])
    assert desk("past", people.administrator).content.decode().count(file_address) == 1


def test_a_batch_is_taken_down_at_the_desk(desk, people):
    batch = load(book({}), people.administrator)
    assert desk("withdraw_past", people.administrator, batch.pk, reason="").status_code == 422
    assert desk("withdraw_past", people.administrator, batch.pk, reason="重复").status_code == 302
    assert desk("withdraw_past", people.administrator, batch.pk, reason="重复").status_code == 409
    assert "已撤下" in desk("past", people.administrator).content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 3), ("?year=2017", 1), ("?q=甲", 1), ("?q=丙", 0),
        ("?year=x", 3), ("?batch=999", 0), ("?year=99999999999", 3)],
)  # fmt: skip
def test_the_list_and_its_file_are_narrowed(desk, people, query, found):
    load(book({"项目名称": "示例甲"}, {"年度": 2017, "受理日": ""}, {}), people.administrator)
    page = desk("past", people.supervisor, query=query)
    lines = b"".join(desk("export_past", people.supervisor, query=query).streaming_content)

    assert page.context["page"].paginator.count == found
    assert lines.count(b"\r\n") == found + 1


def test_a_list_of_many_costs_what_a_list_of_one_costs(desk, people):
    def cost():
        with CaptureQueriesContext(connection) as seen:
            desk("past", people.window)
        return len(seen)

    load(book({}), people.administrator)
    desk("past", people.window)
    one = cost()
    load(book(*[{"原编号": f"b-{n}"} for n in range(60)]), people.administrator)

    assert cost() == one <= 14


def test_a_program_does_the_same(client, people):
    content = book({}, {})
    with clock.driven(NOW):
        program = Program(client, people.administrator)
        seen = program.post("past-batches/preview/", {"file": file(content)}, files=True).json()
        loaded = program.post("past-batches/", {"file": file(content)}, files=True)
        twice = program.post("past-batches/", {"file": file(content)}, files=True)
        wrong = program.post("past-batches/", {"file": file(book({"年度": 1}))}, files=True)
        rows = program.get("past-filings/?year=2018&q=小杂粮").json()["results"]
        down = program.post(f"past-batches/{loaded.json()['id']}/withdraw/", {"reason": "试"})
        window = Program(client, people.window).get("past-batches/").json()["results"]

    assert (seen["rows"], seen["faults"], seen["years"]) == (2, [], [{"year": 2018, "rows": 2}])
    assert (loaded.status_code, twice.status_code, wrong.status_code) == (201, 409, 422)
    assert "第2行A列（年度）" in wrong.json()["reasons"][0]
    assert [row["site"] for row in rows] == ["140722101"] * 2
    assert down.json()["reason"] == window[0]["reason"] == "试"


# — by command —————————————————————————————————————————————————————————————————————————————


def command(path, *options):
    said, told = io.StringIO(), io.StringIO()
    with clock.driven(NOW):
        try:
            call_command("import_past", str(path), *options, stdout=said, stderr=told)
        except CommandError as error:
            return said.getvalue(), told.getvalue() + str(error)
    return said.getvalue(), told.getvalue()


def test_a_command_looks_and_loads(tmp_path, county):
    path = tmp_path / "2018.csv"
    path.write_bytes(book(*[{}] * 1_500))
    said, _told = command(path, "--dry-run")
    assert "2018年：1500件" in said
    assert not PastBatch.objects.exists()

    said, told = command(path)
    assert "已载入1500件" in said
    assert "已写入1000/1500行" in told
    assert PastFiling.objects.count() == 1_500
    assert "已经载入过" in command(path)[1]


def test_a_command_tells_every_fault_and_loads_nothing(tmp_path, county):
    path = tmp_path / "2018.csv"
    path.write_bytes(book({"年度": 1}, {"结果": "x"}))
    told = command(path)[1]

    assert "第2行A列" in told
    assert "第3行N列" in told
    assert "没有载入任何内容" in told
    assert "读不了" in command(tmp_path / "nothing")[1]
    assert not PastBatch.objects.exists()


def test_ten_thousand_rows_go_by_page_and_leave_nothing_behind(desk, people, tmp_path, settings):
    settings.INCOMING_DIR = tmp_path
    content = book(*[{}] * 10_000)
    assert len(content) > 1 << 20  # more than a page carried along
    told = []
    propose_past(name="x.csv", content=content, at=NOW, progress=lambda *how: told.append(how))
    assert (told[0], told[-1]) == ((500, 10_000), (9_500, 10_000))
    sent = desk("load_past", people.administrator, file=file(content), watch=TOKEN)
    assert (sent.status_code, work_waiting(NOW)) == (302, 1)
    looked = desk("load_past", people.administrator)
    assert len(list(tmp_path.iterdir())) == 1  # the file itself, for the second page
    assert len(looked.content) < 1 << 17  # and not in the page
    carried = looked.context["form"].initial
    # Nobody else takes what the administrator put down.
    with pytest.raises(ValidationError):
        whole(carried["token"], by=people.supervisor)
    loaded = desk("load_past", people.administrator, confirm="yes", watch=TOKEN, **carried)
    assert (loaded.status_code, work_waiting(NOW)) == (302, 1)
    assert PastFiling.objects.count() == 10_000


TOKEN = "0123456789abcdef" * 2


def test_what_is_told_of_a_long_work_is_its_own_persons_and_gone_afterwards(
    desk, client, people, tmp_path, settings
):
    settings.INCOMING_DIR = tmp_path
    watch = Watch(people.administrator.user_id, TOKEN)
    watch.tell("writing", 500, 10_000)
    mine = Program(client, people.administrator).get(f"watch/?token={TOKEN}")
    assert mine.json() == {"phase": "writing", "done": 500, "all": 10_000}
    own = people.administrator
    for who, token in ((people.window, TOKEN), (own, TOKEN[::-1]), (own, "../x")):
        told = Program(client, who).get(f"watch/?token={token}")
        assert told.json() == {"phase": "", "done": 0, "all": None}
    watch.done()
    assert not list(tmp_path.iterdir())
    load(book({}, {}), people.administrator)
    for form in ("csv", "xlsx"):
        answer = desk("export_past", people.administrator, query=f"?form={form}&watch={TOKEN}")
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content)
    assert not list(tmp_path.iterdir())


def test_the_progress_of_a_list_is_its_rows_of_all_its_rows(people, tmp_path, settings):
    settings.INCOMING_DIR = tmp_path
    watch, user = Watch(people.administrator.user_id, TOKEN), people.administrator.user_id
    sheet = Sheet("示例", ["甲"], ([n] for n in range(1_200)), lambda: 1_200)
    pieces = iter(handed_out(sheet, "csv", at=NOW, watch=watch).streaming_content)
    found = [seen(user, TOKEN) for _piece in pieces]
    assert {"phase": "exporting", "done": 1_000, "all": 1_200} in found
    assert seen(user, TOKEN)["phase"] == ""


def test_only_a_table_is_put_down_and_what_is_broken_off_is_forgotten(people, tmp_path, settings):
    settings.INCOMING_DIR = tmp_path
    with pytest.raises(ValidationError):
        hold(file(b"x", "x.pdf"), most=10, by=people.administrator, at=NOW)
    with pytest.raises(ValidationError):
        hold(file(b"x" * 11), most=10, by=people.administrator, at=NOW)
    assert not list(tmp_path.iterdir())
    Watch(1, TOKEN).tell("writing", 1, 2)
    forget_watches(before=0)
    assert len(list(tmp_path.iterdir())) == 1
    forget_watches(before=2**40)
    assert not list(tmp_path.iterdir())
