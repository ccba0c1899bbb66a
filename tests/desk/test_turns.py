"""Whose move it is once a letter is signed, and what a case's history names."""

import pytest

from approvals import services
from approvals.stages import Stage
from core import clock
from desk.queries.case import case
from desk.queries.work import waiting_for_others
from tests.walk import walk

pytestmark = pytest.mark.django_db


def turns(w, by):
    """Who has the move, as the desk and the case say it."""
    with clock.driven(w.now):
        (row,) = waiting_for_others(by, w.now, set())
        return row.who, str(case(w.filing, by, w.now)["whose"])


def test_a_signed_letter_waits_for_the_window(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.COMMITTING)
    assert turns(w, people.convenor) == ("企业", "企业")
    w.sign()
    assert turns(w, people.convenor) == ("窗口", "窗口")
    w.do(services.reject_scan, w.filing, reason="没有盖章", by=people.window)
    assert turns(w, people.convenor) == ("企业", "企业")


def test_the_history_names_the_paper_that_was_wanted_outside_the_list(people, at):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.ACCEPTED)
    by = people.department("ZJJ")
    wanted = {"name": "基坑支护专项方案", "basis": "示例依据第一条", "reason": "深度超过说明"}
    asked = w.do(services.ask_later, w.filing, **wanted, by=by)
    w.do(services.sign_later, asked, by=people.supervisor)
    said = [e["text"] for e in case(w.filing, people.window, w.now)["entries"][:2]]
    assert all(wanted["name"] in words for words in said), said
