"""What is said of a project stands in files and papers; what is not said is left out."""

import io
from decimal import Decimal
from urllib.parse import urlencode

import pypdf
import pytest

from approvals.queries import case_list
from approvals.queries.sheets import sheet_of_filings
from approvals.services import words
from approvals.stages import Stage
from core.documents import pdf
from tests.doors.visit import Visit
from tests.papers.making import AT, example, squeezed
from tests.walk import ANSWERS, walk

pytestmark = pytest.mark.django_db
SAID = {
    "industry_code": "1310", "construction_nature": "new", "datum": "cgcs2000",
    "longitude": Decimal("113.37"), "latitude": Decimal("37.08"),
}  # fmt: skip


@pytest.mark.parametrize("said", [SAID, {}], ids=["said", "not said"])
def test_facts_of_a_project_in_the_file(people, at, said):
    w = walk(people, at("2018-06-14 09:00"), to=Stage.SUBMITTED, **said)
    sheet = sheet_of_filings(case_list(people.window))
    row = dict(zip(map(str, sheet.heads), next(iter(sheet.rows)), strict=True))
    wanted = {
        "行业代码": "C1310",
        "建设性质": "新建",
        "经度": "113.370000",
        "坐标系": w.filing.get_datum_display(),
    }
    for head, value in wanted.items():
        assert (str(row[head]) == str(value)) if said else not row[head], (head, row[head])
    assert (row["行业分类版本年"] is not None) is bool(said)
    known = words.project(w.filing)
    assert ("coordinates_text" in known) is ("nature_text" in known) is bool(said)


@pytest.mark.parametrize("name", ["checklist_notice", "commitment_letter"])
def test_facts_of_a_project_on_paper(name):
    content = example(name)
    facts = {
        "industry_text": "1310（制造业，GB/T 4754-2017）", "nature_text": "新建", "works_text": "房屋建筑工程",
        "coordinates_text": "东经113.37°，北纬37.08°，CGCS2000",
    }  # fmt: skip
    before = squeezed(made(name, content))
    text = squeezed(made(name, {**content, "project": {**content["project"], **facts}}))
    assert "建设性质" not in before
    for fact in facts.values():
        assert "".join(fact.split()) in text


def made(name, content):
    data = pdf.render(name, content, identifier="x", created_at=AT)
    return pypdf.PdfReader(io.BytesIO(data))


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_trial_can_be_taken_away_as_a_file(county, at, form):
    anybody = Visit(None, now=at("2018-06-15 09:30"))
    answers = {fact: value for fact, value in ANSWERS.items() if isinstance(value, str)}
    answer = anybody.get("/try/?" + urlencode({**answers, "form": form}))
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    content = b"".join(answer.streaming_content)
    if form == "csv":
        said = content.decode("utf-8-sig")
        assert "施工图设计文件审查" in said
        assert "最早开工" in said
        assert "/try/?" in said
    else:
        assert content.startswith(b"PK")


def test_without_an_answer_there_is_nothing_to_take_away(county, at):
    answer = Visit(None, now=at("2018-06-15 09:30")).get("/try/?form=csv")
    assert answer["Content-Type"].startswith("text/html")
