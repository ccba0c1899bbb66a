"""更正、作废: which words may be corrected, and what a void number takes with it."""

import pytest
from django.core.exceptions import ValidationError

from approvals.stages import Stage
from core.documents.models import Paper
from core.steps.correcting import correct_paper, correctable, void_paper
from core.steps.making_out import make_out
from core.steps.reasons import NotNow
from tests.conftest import instant
from tests.standing import standing
from tests.stories.test_papers_on_request import made
from tests.walk import acts, walk

pytestmark = pytest.mark.django_db
walked, noticed = standing(
    lambda people: walk(people, instant("2018-09-10 09:00"), to=Stage.NOTICED)
)


@pytest.fixture
def way(noticed, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return noticed


def test_a_void_correction_takes_what_it_corrects_with_it_and_the_thing_may_have_its_paper_anew(
    way,
):
    people = way.people
    old = made(way, people.window, "DOC09")
    newer = correct_paper(
        old,
        changes={"project.name": "示例项目"},
        reason="漏字",
        by=people.convenor,
        at=way.minutes(),
    )
    void_paper(newer, reason="发错部门", by=people.supervisor, at=way.minutes())
    kept = Paper.objects.filter(pk__in=(old.pk, newer.pk))
    assert {one.void_reason for one in kept} == {"发错部门"}
    assert acts(way.filing.book)[-2:] == ["void_paper", "void_paper"]
    anew = make_out(
        way.filing, kind="DOC09", subject=old.subject, by=people.window, at=way.minutes()
    )
    assert anew.pk not in (old.pk, newer.pk)


def test_what_is_reckoned_decided_signed_or_promised_is_no_slip_of_the_pen(way):
    last = {"name", "location", "place", "contact", "phone", "supervision_phone", "address", "text"}
    for paper in Paper.objects.filter(book=way.filing.book):
        for place in correctable(paper):
            assert place.rpartition(".")[2] in last
            assert not {"limits", "conclusion", "officers", "said", "clauses", "item"} & set(
                place.replace("[", ".").split(".")
            )
    notice = Paper.objects.get(book=way.filing.book, kind="DOC17")
    for kind in (
        notice,
        Paper(template="default_bulletin", content={"title": "一"}),
        Paper(template="objection_reply", content={"reason": "一"}),
    ):
        assert correctable(kind) == {}
    with pytest.raises(NotNow):  # what is published passes the gate of what is published
        correct_paper(
            notice, changes={"project.name": "另一个"}, reason="改",
            by=way.people.supervisor, at=way.minutes(),
        )  # fmt: skip
    record = {"text": "情况", "statement": "陈述", "officers": [{"name": "甲"}], "place": "某村"}
    assert correctable(Paper(template="check_record", content=record)) == {"place": "某村"}


def test_other_line_ends_are_no_correction(way):
    paper = way.filing.checklist_paper
    paper.content["issuer"]["address"] = "一层\r\n窗口"
    Paper.objects.filter(pk=paper.pk).update(content=paper.content)
    for same in ("一层\n窗口", "一层\r\n窗口"):
        with pytest.raises(ValidationError, match="没有改动"):
            correct_paper(
                paper, changes={"issuer.address": same}, reason="改",
                by=way.people.supervisor, at=way.minutes(),
            )  # fmt: skip
