"""办件进度查询: an agent without an account follows a case by its number and code, from the filing to its end.

The enterprise files on Monday, 5 March 2018, and hands the two words on. When they get into wrong hands it draws
another code: the old one opens nothing from that moment, and the book says that it was done, never which code.
"""

import json
from datetime import datetime

import pytest
from django.core.exceptions import PermissionDenied

from approvals import services as filings
from approvals.stages import RefusalGround, Stage
from core.documents.models import Paper
from core.ledger.models import Entry
from core.notify.models import Message
from tests.conftest import instant
from tests.desk.following import ask, ask_by_program, followed, words
from tests.standing import standing
from tests.stories.telling import refused, sound, told
from tests.walk import Walk, acts, walk

pytestmark = pytest.mark.django_db


def _submitted(people):
    w = Walk(people, instant("2018-03-05 09:00"))
    w.draft()
    w.do(filings.submit, w.filing, by=people.enterprise)
    return w


walked, submitted = standing(_submitted)


def now_at(said):
    """The step of the strip at which a case stands."""
    return [step["number"] for step in said["steps"] if step["state"] in ("now", "stopped")]


def test_from_the_filing_to_the_notice_and_to_its_end(submitted, people):
    w = submitted
    # 1. Filed: a first filing waits for the licence to be checked, and no limit runs yet.
    page, said = followed(w)
    assert said["project"] == w.filing.project_name
    assert said["number"] == w.filing.number
    assert said["stage"] == "submitted"
    assert said["waiting"]["whose"] == "窗口"
    assert "营业执照" in said["waiting"]["what"]
    assert said["limits"] == []
    assert now_at(said) == [2]
    assert "现在没有正在计算的期限" in page

    # 2. The list is served: the enterprise has the move; the paper is named and not handed out.
    w.do(filings.confirm_licence, w.filing.enterprise, by=people.window)
    w.serve()
    page, said = followed(w)
    assert said["waiting"] == {"whose": "企业", "what": "签收一次性告知书，提交申报材料"}
    assert said["materials"]["wanted"] == w.filing.intake_open().count()
    assert said["materials"]["later"] > 0
    (paper,) = said["papers"]
    assert paper["title"] == "一次性告知书"
    assert paper["check_url"] is None
    assert Paper.objects.get(number=paper["number"]).code not in page

    # 3. Handed in: the window has until the end of the fifth working day, and each day explains itself.
    w.hand_in()
    page, said = followed(w)
    assert said["waiting"]["whose"] == "窗口"
    assert said["materials"]["wanted"] == 0
    assert said["materials"]["received"] == w.filing.materials.filter(state="received").count()
    statutory = next(limit for limit in said["limits"] if "法定" in limit["label"])
    assert "视为受理" in statutory["silence"]
    assert [day["number"] for day in statutory["days"]][-1] == 5
    assert statutory["light"] == "green"
    assert "视为受理" in page
    assert '<table class="month' in page

    # 4. On notice: the published papers, and only those, lead to their check pages.
    w.to(Stage.NOTICED)
    page, said = followed(w)
    assert now_at(said) == [7]
    assert said["waiting"]["whose"] == "社会公众"
    public = {paper["title"]: paper["check_url"] for paper in said["papers"] if paper["check_url"]}
    assert set(public) == {"企业投资项目承诺书", "承诺公示"}
    assert f'href="{public["承诺公示"]}"' in page
    assert w.notice.paper.code in public["承诺公示"]

    # 5. Closed: how, when, and the paper that says so.
    w.to(Stage.COMPLETED)
    page, said = followed(w)
    assert said["ended"]["how"] == "办结"
    assert said["ended"]["paper"]["title"] == "联合验收意见书"
    assert said["ended"]["contestable"] is False
    assert said["waiting"] is None
    assert said["limits"] == said["gaps"] == []
    assert now_at(said) == [11]
    assert "本件已终结：办结" in page
    sound()


def test_a_refusal_says_when_and_names_the_paper_with_the_remedies(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.RECEIVED)
    w.do(
        filings.refuse, w.filing, reason="经办人赵某查明不属承诺制范围", ground=RefusalGround.NOT_IN_SCOPE,
        by=people.window,
    )  # fmt: skip
    ended = w.filing.stage_since
    w.minutes(60)
    page, said = followed(w)

    assert said["ended"]["how"] == "不予受理"
    assert datetime.fromisoformat(said["ended"]["at"]) == ended
    assert said["ended"]["paper"]["title"] == "不予受理决定书"
    assert said["ended"]["contestable"] is True
    assert f"理由和救济途径写在《不予受理决定书》（{said['ended']['paper']['number']}）里" in page
    # The words of the decision stand in the paper, for the enterprise.
    assert "赵某" not in page + json.dumps(said, ensure_ascii=False)
    assert now_at(said) == [3]


def test_the_enterprise_alone_draws_another_code_and_the_old_one_is_dead(submitted, people, at):
    w = submitted
    old = words(w)
    for stranger in (
        people.other_enterprise, people.window, people.convenor, people.supervisor, people.administrator,
        people.department("ZJJ"), people.head("ZJJ"),
    ):  # fmt: skip
        with refused(error=PermissionDenied):
            w.do(filings.renew_query_code, w.filing, by=stranger)
    draft = Walk(people, w.now)
    draft.draft()
    with refused("申报以后才有申报编号"):
        draft.do(filings.renew_query_code, draft.filing, by=people.enterprise)
    assert words(w) == old

    w.do(filings.renew_query_code, w.filing, by=people.enterprise)

    new = words(w)
    assert new["number"] == old["number"]
    assert new["code"] != old["code"]
    assert ask(w.now, old).status_code == ask_by_program(w.now, old).status_code == 404
    assert ask(w.now, new).status_code == ask_by_program(w.now, new).status_code == 200
    # Twice is two codes; the book has both acts and none of the three codes, nor has any message.
    w.do(filings.renew_query_code, w.filing, by=people.enterprise)
    newest = words(w)
    assert acts(w.filing.book).count("renew_query_code") == 2
    assert told(people.enterprise, "查询码已更换")
    written = "".join(str(entry.payload) for entry in Entry.objects.all())
    written += "".join(str(message.subject) for message in Message.objects.all())
    for code in (old["code"], new["code"], newest["code"]):
        assert code not in written
    sound()


def test_a_case_that_has_ended_can_still_have_its_code_changed(submitted, people):
    w = submitted
    w.do(filings.withdraw, w.filing, reason="不再建设", by=people.enterprise)
    old = words(w)
    w.do(filings.renew_query_code, w.filing, by=people.enterprise)
    page, said = followed(w)

    assert said["ended"]["how"] == "撤回"
    assert "详见《撤回申报确认书》" in page
    assert "不再建设" not in page
    assert ask(w.now, old).status_code == 404
