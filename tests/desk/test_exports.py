"""Lists handed out: the rows of the page and no other, with its filters, to those who may see it."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from accounts.services import make_token
from accounts.stages import Scope
from approvals.stages import Stage
from core import clock
from core.documents.sheets import TYPES
from core.notify.models import Message, Sending
from tests.api.programs import Program
from tests.conftest import instant
from tests.standing import standing
from tests.walk import walk

pytestmark = pytest.mark.django_db
BEGIN = instant("2018-03-05 09:00")
PAGES = {
    "approvals:export": "window", "desk:export_supervision": "supervisor", "desk:export_undelivered": "administrator",
    "approvals:gap_export": "window", "prereview:export": "convenor", "inspection:export": "supervisor",
    "inspection:export_marks": "supervisor", "desk:export_tokens": "enterprise",
}  # fmt: skip
OWN = ("filings/export/", "gaps/export/", "sessions/export/", "checks/export/")
PROGRAMS = (*OWN, "supervision/export/", "undelivered/export/", "objections/export/")


def two_cases(people):
    other = walk(people, BEGIN, to=Stage.LISTED, project_name="示例乙项目")
    way = walk(people, other.now, to=Stage.NOTICED, project_name="=示例甲项目")
    way.other = other
    return way


walked, noticed = standing(two_cases)


def content(answer):
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


def table(answer):
    """The rows of a file of plain text by their headings."""
    return list(
        csv.DictReader(io.StringIO(content(answer).decode("utf-8-sig"), newline=""), strict=True)
    )


def asked(client, way, by, name, query=""):
    if by is not None:
        client.force_login(by.user, backend="django.contrib.auth.backends.ModelBackend")
    with clock.driven(way.now):
        answer = client.get(reverse(name) + query)
        if answer.streaming:
            answer.streaming_content = iter([b"".join(answer.streaming_content)])
        return answer


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_is_sent_to_the_login(client, noticed, name):
    assert "/accounts/login/" in asked(client, noticed, None, name)["Location"]


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("desk:export_supervision", "window"), ("desk:export_supervision", "enterprise"),
        ("desk:export_undelivered", "supervisor"), ("desk:export_undelivered", "enterprise"),
        ("inspection:export_marks", "enterprise"),
    ],
)  # fmt: skip
def test_whoever_may_not_see_the_page_gets_no_file(client, noticed, name, who):
    assert asked(client, noticed, getattr(noticed.people, who), name).status_code == 403


def test_another_enterprise_gets_the_headings_alone(client, noticed):
    assert table(asked(client, noticed, noticed.people.other_enterprise, "approvals:export")) == []


def test_a_list_that_there_is_none_of_is_not_found(client, noticed):
    answer = asked(client, noticed, noticed.people.supervisor, "desk:export_supervision", "?list=x")

    assert answer.status_code == 404


def test_a_file_holds_the_rows_of_the_page(client, noticed):
    rows = table(asked(client, noticed, noticed.people.enterprise, "approvals:export"))

    assert [row["系统编号"] for row in rows] == [noticed.filing.public_id, noticed.other.filing.public_id]  # fmt: skip
    assert rows[0]["项目名称"] == "'=示例甲项目"
    assert rows[0]["统一社会信用代码"] == noticed.filing.enterprise.uscc
    assert rows[0]["阶段"] == "公示中"
    assert rows[0]["受理时间"].startswith("2018-03-")


@pytest.mark.parametrize(
    ("query", "found"),
    [("?stage=filing", ["示例乙项目"]), ("?q=甲", ["'=示例甲项目"]), ("?q=丙", []), ("?stage=review", [])],
)  # fmt: skip
def test_its_filters_are_kept(client, noticed, query, found):
    rows = table(asked(client, noticed, noticed.people.window, "approvals:export", query))

    assert [row["项目名称"] for row in rows] == found


def test_the_page_leads_to_its_file_with_its_filters(client, noticed):
    page = asked(client, noticed, noticed.people.window, "approvals:list", "?stage=filing&q=乙")
    text = page.content.decode()

    assert f"{reverse('approvals:export')}?stage=filing&amp;q=%E4%B9%99&amp;form=xlsx" in text


def test_excel_holds_texts_numbers_and_dates(client, noticed, county):
    answer = asked(client, noticed, noticed.people.window, "approvals:export", "?form=xlsx&q=甲")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content(answer))).get_sheet_by_index(0)
    heads, row = rows.to_python()
    cells = dict(zip(heads, row, strict=True))

    assert answer["Content-Type"] == TYPES["xlsx"]
    assert "filename*=utf-8''" in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "private, no-store"
    assert cells["项目名称"] == "=示例甲项目"
    assert cells["总投资（万元）"] == float(noticed.filing.investment_wan)
    assert cells["申报时间"].year == 2018


@pytest.mark.parametrize("who", ["enterprise", "window", "clerk"])
def test_a_file_of_many_costs_what_a_file_of_one_costs(client, noticed, who):
    people = noticed.people
    by = people.department("ZJJ") if who == "clerk" else getattr(people, who)

    def cost(query):
        with CaptureQueriesContext(connection) as seen:
            rows = len(table(asked(client, noticed, by, "approvals:export", query)))
        return rows, len(seen)

    asked(client, noticed, by, "approvals:export")
    (one, few), (two, many) = cost("?q=甲"), cost("")

    assert (one, two) == (1, 2)
    assert few == many <= 12


@pytest.mark.parametrize("name", ["late", "held", "escalated", "candidates", "defaults", "departments"])  # fmt: skip
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_each_list_of_the_supervisor_is_a_file(client, noticed, name, form):
    query = f"?list={name}&form={form}"
    answer = asked(client, noticed, noticed.people.supervisor, "desk:export_supervision", query)

    assert len(content(answer)) > 60
    assert answer["Content-Type"] == TYPES[form]


def test_anybody_takes_the_register_along(client, noticed):
    rows = table(asked(client, noticed, None, "public_notice:export"))

    assert [row["标题"] for row in rows] == [noticed.notice.title]
    assert rows[0]["项目名称"].lstrip("'") == noticed.notice.content["project"]["name"]
    assert rows[0]["网址"].endswith(f"/notices/{noticed.notice.public_id}/")
    assert table(asked(client, noticed, None, "public_notice:export", "?q=没有")) == []
    assert table(asked(client, noticed, None, "public_notice:export", "?state=ended")) == []


def test_what_could_not_leave_is_a_file_for_the_administrator(client, noticed):
    letter = Sending.objects.create(
        to=noticed.people.enterprise, way="mail", created_at=noticed.now, failed_at=noticed.now, error="=1+1",
    )  # fmt: skip
    letter.messages.set(Message.objects.filter(to=noticed.people.enterprise)[:2])
    administrator = noticed.people.administrator
    rows = table(asked(client, noticed, administrator, "desk:export_undelivered"))

    assert [row["原因"] for row in rows] == ["'=1+1"]
    assert "；" in rows[0]["消息"]


def test_a_program_gets_the_same_file(client, noticed):
    people = noticed.people
    with clock.driven(noticed.now):
        program = Program(client, people.window, days=300)
        rows = table(program.get("filings/export/?stage=listed&stage=noticed&q=甲"))
        wrong = program.get("filings/export/?form=pdf")
        wrong_list = Program(client, people.supervisor).get("supervision/export/?list=x")
        excel = content(program.get("filings/export/?form=xlsx"))
        public = table(Program(client).get("notices/export/?open=true"))

    assert [row["系统编号"] for row in rows] == [noticed.filing.public_id]
    assert (wrong.status_code, wrong_list.status_code) == (422, 422)
    assert wrong.json()["errors"] == {"form": ["格式只有 csv 和 xlsx。"]}
    assert excel.startswith(b"PK")
    assert len(public) == 1


@pytest.mark.parametrize("address", PROGRAMS)
def test_a_program_of_an_enterprise_gets_what_its_list_holds_and_nothing_else(client, noticed, address):  # fmt: skip
    with clock.driven(noticed.now):
        answer = Program(client, noticed.people.other_enterprise).get(address)
        nobody = Program(client).get(address)

    assert nobody.status_code == 401
    if address in OWN:
        assert table(answer) == []
    else:
        assert answer.status_code == 403


def test_who_objected_is_for_the_window_alone(client, noticed):
    said = {"name": "王示例", "contact": "13800000000", "text": "有异议，电话13800000000"}
    people = noticed.people
    with clock.driven(noticed.now):
        Program(client).post(f"notices/{noticed.notice.public_id}/object/", said)
        window = content(Program(client, people.window).get("objections/export/")).decode()
        others = content(Program(client, people.supervisor).get("objections/export/")).decode()

    assert "王示例" in window
    assert "13800000000" in window
    assert "王某" in others
    assert "13800000000" not in others


def test_sessions_with_what_was_concluded_of_each_filing(client, noticed):
    (row,) = [
        row
        for row in table(asked(client, noticed, noticed.people.convenor, "prereview:export"))
        if row["类别"] == "联合预审会"
    ]
    assert (row["项目"], row["结论"]) == ("'=示例甲项目", "通过")
    assert row["签收（个）"] == row["通知部门（个）"] != "0"
    assert table(asked(client, noticed, noticed.people.other_enterprise, "prereview:export")) == []


def test_tokens_without_their_secrets(client, noticed):
    person = noticed.people.enterprise
    token, secret = make_token(by=person, name="上报", scope=Scope.READ, days=30, at=noticed.now)
    found = content(asked(client, noticed, person, "desk:export_tokens")).decode()
    assert "上报" in found
    assert secret not in found
    assert token.digest not in found
    assert table(asked(client, noticed, noticed.people.window, "desk:export_tokens")) == []


def test_the_bulletins_are_open_to_all(client, noticed):
    assert table(asked(client, noticed, None, "public_notice:export_bulletins")) == []
