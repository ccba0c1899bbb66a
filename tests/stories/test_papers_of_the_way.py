"""Each act of the way leaves its paper: receipt, correction, acceptance, survey record, start notice.

A paper is drawn up in the act's own transaction: an act that is refused leaves none, and draws no number.
"""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from approvals import services as filings
from approvals.rules.summaries import SUMMARIES
from approvals.services.papers.english import UNKNOWN, english_instant
from approvals.stages import Approval, MaterialState, Stage
from core.documents import pdf
from core.documents.models import Paper, PaperKind
from prereview import services as sessions
from tests.house.readers import HAN
from tests.stories.telling import however_swept, in_order, papers, refused, sound, told
from tests.walk import acts, walk
from tests.walk import pdf as a_pdf

pytestmark = pytest.mark.django_db
FUNDS = "资金证明（银行存款证明、授信意向书等）"
DEED = "授权委托书（原件）"


@pytest.fixture
def way(people, at):
    """`way(Stage.LISTED)` is a filing that came there from Monday, 5 March 2018."""

    def start(stage, begins="2018-03-05 09:00"):
        return walk(people, at(begins), to=stage)

    return start


def paper(w, kind):
    """The last paper of a kind in the filing's book; it must lack nothing."""
    found = Paper.objects.filter(book=w.filing.book, kind=kind).order_by("-pk").first()
    assert pdf.missing_fields(found.template, found.content) == []
    assert found.content["project"]["name"] == w.filing.project_name
    assert found.content["enterprise"]["uscc"] == w.filing.enterprise.uscc
    return found


# — the receipt ———————————————————————————————————————————————————————————————————————


def test_who_hands_in_gets_a_receipt_with_the_end_of_the_window_s_time(way, people):
    w = way(Stage.LISTED)
    with refused("签收"):
        w.do(filings.hand_in, w.filing, by=people.enterprise)
    w.do(filings.acknowledge_checklist, w.filing, by=people.enterprise)
    with refused(error=PermissionDenied):
        w.do(filings.hand_in, w.filing, by=people.other_enterprise)
    assert papers(w.filing.book, "DOC02") == []
    w.hand_in()
    receipt = paper(w, "DOC02").content
    assert receipt["occasion"] == "首次收件"
    assert receipt["received_text"] == "2018年3月5日9时23分"
    wanted = list(w.filing.materials.intake().values_list("name", flat=True))
    assert [row["name"] for row in receipt["materials"]] == wanted
    assert {row["note"] for row in receipt["materials"]} == {"已提交"}
    # Five working days from Monday: the 6th to the 9th and the 12th.
    statutory = next(row for row in receipt["limits"] if "法定" in row["name"])
    assert (statutory["due_text"], statutory["silence"]) == ("2018年3月12日24时", "视为受理")
    assert receipt["day_table"][-1]["counted"] == "第5日"
    assert told(people.enterprise, "收件回执")
    assert in_order(["hand_in", "issue_paper"], acts(w.filing.book))
    with refused("已收件"):
        w.do(filings.hand_in, w.filing, by=people.enterprise)
    assert len(papers(w.filing.book, "DOC02")) == 1


def test_a_limit_that_runs_into_an_unpublished_year_has_no_date_on_the_receipt(people, at):
    w = walk(people, at("2026-12-28 09:00"), to=Stage.RECEIVED)
    receipt = paper(w, "DOC02").content
    statutory = next(row for row in receipt["limits"] if "法定" in row["name"])
    assert statutory["due_text"] == "待放假安排公布后确定"
    assert receipt["day_table"] == []


# — the English summary ————————————————————————————————————————————————————————————————


def test_who_asks_for_it_gets_a_summary_in_english_with_every_paper(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.START_NOTIFIED, papers_in_english=True)
    issued = list(Paper.objects.filter(book=w.filing.book))
    assert {p.kind for p in issued} >= {
        "DOC01",
        "DOC02",
        "DOC03",
        "DOC10",
        "DOC13",
        "DOC16",
        "DOC17",
        "DOC21",
    }
    for found in issued:
        english = found.content["english"]
        assert english["title"] == PaperKind.objects.get(code=found.kind).name_en
        assert not HAN.search(english["meaning"] + english["todo"] + english["issuer"])
    assert paper(w, "DOC02").content["english"]["until"] == "12 March 2018, 24:00"
    assert paper(w, "DOC02").content["english"]["date"] == "5 March 2018"
    assert sound()


def test_who_does_not_ask_gets_none(way):
    w = way(Stage.RECEIVED)
    assert not any("english" in p.content for p in Paper.objects.filter(book=w.filing.book))


def test_every_kind_of_paper_of_the_county_has_its_summary(county):
    kinds = dict(PaperKind.objects.values_list("code", "name_en"))
    # Letters about a request for disclosure and the receipt of the mailbox go to whoever wrote, not to an enterprise
    # about its case.
    letters = {"DOC81", "DOC82", "DOC83", "DOC84", "DOC85", "DOC86"}
    assert set(kinds) == set(SUMMARIES) | letters
    for summary in SUMMARIES.values():
        assert summary.meaning
        assert summary.todo
        assert not HAN.search(summary.meaning + summary.todo)


@pytest.mark.parametrize(
    ("written", "english"),
    [
        ("2018年6月15日24时", "15 June 2018, 24:00"),
        ("书面意见，2018年6月5日9时05分前", "5 June 2018, 09:05"),
        ("2018年12月31日", "31 December 2018"),
        ("待放假安排公布后确定", UNKNOWN),
    ],
)
def test_a_date_written_out_in_chinese_is_said_in_english(written, english):
    assert english_instant(written) == english


# — the correction ————————————————————————————————————————————————————————————————————


def test_a_correction_names_everything_once_and_its_answer_gets_a_receipt_of_its_own(way, people):
    w = way(Stage.LISTED)
    w.do(filings.acknowledge_checklist, w.filing, by=people.enterprise)
    w.upload(skip=[FUNDS])
    w.do(filings.hand_in, w.filing, by=people.enterprise)
    with refused("需补正"):
        w.do(filings.ask_correction, w.filing, by=people.window)
    deed = w.filing.materials.get(name=DEED)
    w.do(filings.check_material, deed, fine=False, reason="没有签字", by=people.window)
    with refused(error=PermissionDenied):
        w.do(filings.ask_correction, w.filing, by=people.department("ZJJ"))
    assert papers(w.filing.book, "DOC04") == []
    w.do(filings.ask_correction, w.filing, by=people.window)
    told_once = paper(w, "DOC04").content
    defects = {row["material"]: row["defect"] for row in told_once["defects"]}
    assert set(defects) == {DEED, FUNDS}
    assert defects[DEED] == "没有签字"
    assert defects[FUNDS].startswith("未提交")
    # Ten working days of the enterprise's own from Monday, 5 March.
    assert told_once["limit"]["due_text"] == "2018年3月19日24时"
    assert told_once["day_table"][-1]["counted"] == "第10日"
    deed.refresh_from_db()
    w.do(filings.upload_material, deed, upload=a_pdf(), by=people.enterprise)
    w.do(filings.hand_in_correction, w.filing, by=people.enterprise)
    again = paper(w, "DOC02").content
    assert (again["occasion"], len(papers(w.filing.book, "DOC02"))) == ("补正后收件", 2)
    assert told(people.enterprise, "补正材料已收到")


# — the acceptance —————————————————————————————————————————————————————————————————————


def test_accepted_in_full_the_notice_says_why_and_what_runs_now(way, people):
    w = way(Stage.RECEIVED)
    with refused("还没有全部核收"):
        w.do(filings.accept, w.filing, by=people.window)
    assert papers(w.filing.book, "DOC03") == []
    w.accept()
    notice = paper(w, "DOC03").content
    assert notice["deemed"] is False
    assert "齐全" in notice["reason"]
    assert "第三十二条" in notice["basis"]
    assert notice["limits"][0]["due_text"] == "2018年3月12日24时"
    assert papers(w.filing.book, "DOC06") == []


def test_accepted_with_a_gap_the_notice_is_the_tolerant_one(way, people):
    w = way(Stage.LISTED)
    funds = w.filing.materials.get(name=FUNDS)
    w.do(filings.promise_gap, funds, signed=True, reason="银行月底出具", by=people.enterprise)
    w.to(Stage.RECEIVED)
    noted = {row["name"]: row["note"] for row in paper(w, "DOC02").content["materials"]}
    assert noted[FUNDS] == "待补，2018年3月8日24时前"
    w.accept()
    notice = paper(w, "DOC06").content
    (gap,) = notice["gaps"]
    assert (gap["name"], gap["reason"]) == (FUNDS, "银行月底出具")
    assert (
        gap["due_text"] == "2018年3月8日24时"
    )  # the item's three promised days, fewer than the rulebook's five
    assert "15个工作日" in "".join(notice["consequences"])
    assert FUNDS not in [row["name"] for row in notice["materials"]]
    assert papers(w.filing.book, "DOC03") == []


def test_accepted_by_silence_it_says_so_whenever_the_sweep_comes(people, at):
    w = walk(people, at("2018-02-12 09:00"), to=Stage.LISTED)
    w.do(filings.acknowledge_checklist, w.filing, by=people.enterprise)
    w.upload(skip=[FUNDS])
    w.do(filings.hand_in, w.filing, by=people.enterprise)
    received = paper(w, "DOC02").content["received_text"]
    found = however_swept(w, at("2018-03-02 09:00"))
    assert [kind for kind, _number in found["papers"]].count("DOC03") == 1
    notice = paper(w, "DOC03")
    assert (notice.content["deemed"], notice.issued_by.role) == (True, "system")
    # As of the receipt, decided by the end of the fifth working day, which is a worked Saturday.
    assert notice.content["effective_text"] == received
    assert notice.content["decided_text"] == "2018年2月24日24时"
    (later,) = notice.content["later"]
    assert (later["name"], later["due_text"]) == (FUNDS, "2018年3月2日24时")


# — the survey —————————————————————————————————————————————————————————————————————————


def test_one_record_of_one_visit_with_who_stayed_away(way, people, at):
    w = way(Stage.SURVEYING)
    w.acknowledge(w.survey)
    w.open(w.survey, absent=["QXJ"])
    w.close(w.survey)
    w.opinions(w.survey, silent=["QXJ"])
    assert papers(w.filing.book, "DOC10") == []
    found = however_swept(w, at("2018-03-12 09:00"))
    assert [kind for kind, _number in found["papers"]].count("DOC10") == 1
    record = paper(w, "DOC10").content
    invited = w.survey.invitations.count()
    assert (len(record["departments"]), len(record["findings"])) == (invited, invited)
    away = [row for row in record["departments"] if row["attendance"].startswith("缺席")]
    assert [row["department"] for row in away] == ["气象局"]
    (deemed,) = record["deemed"]
    assert deemed["ground"] == "缺席默认"
    assert deemed["notice_number"] == papers(w.filing.book, "DOC15")[0]
    said = {row["department"]: row["position"] for row in record["findings"]}
    assert said.pop("气象局") == "视同无异议"
    assert set(said.values()) == {"同意"}
    for person in (people.enterprise, people.department("QXJ"), people.department("ZJJ")):
        assert told(person, "联合勘察报告")
    assert in_order(["finish_survey", "issue_paper"], acts(w.filing.book))
    assert sound()


def test_without_a_visit_there_is_no_record(way, people):
    w = way(Stage.ACCEPTED)
    w.do(sessions.skip_survey, w.filing, reason="不涉及现场", by=people.convenor)
    w.until(w.now + timedelta(days=3))
    assert papers(w.filing.book, "DOC10") == []


# — the start ——————————————————————————————————————————————————————————————————————————


def test_the_start_notice_lists_what_opened_the_gate_and_replaces_none_of_it(way, people):
    w = way(Stage.CLEARED)
    with refused("开工条件"):
        w.do(filings.notify_start, w.filing, by=people.window)
    assert papers(w.filing.book, "DOC21") == []
    w.notify_start()
    notice = paper(w, "DOC21").content
    by_code = {row["code"]: row for row in notice["conditions"]}
    for item in w.filing.items.all():
        if item.approval == Approval.ISSUED:
            assert by_code[item.code]["number"] == item.approval_number
        else:
            assert by_code[item.code]["number"] == papers(w.filing.book, "DOC16")[-1]
            assert "承诺代替" in by_code[item.code]["state"]
    assert notice["letter"]["number"] == papers(w.filing.book, "DOC16")[-1]
    assert papers(w.filing.book, "DOC17")[-1] in notice["letter"]["notice_text"]
    assert {row["node"] for row in notice["reports"]} == {"开工", "建设进度", "竣工"}
    clauses = "、".join(row["no"] for row in notice["checks"]).split("、")
    assert sorted(clauses) == sorted(w.filing.letter().clauses.values_list("number", flat=True))
    assert told(people.enterprise, "可以开工")
    for code in ("QXJ", "ZJJ", "ZRJ"):
        assert told(people.department(code), "开工告知书")
    assert w.filing.materials.filter(state=MaterialState.RETURNED).count() == 0
    assert sound()
