"""The page of a notice asks three questions, however much stands beside what was published, and says all of it."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from core.ledger.models import Checkpoint
from public_notice.models import Notice
from public_notice.queries.history import BESIDE, anchored, around
from public_notice.services import (
    decide_proposal,
    lodge_objection,
    propose,
    prove_posting,
    watch_notices,
)
from public_notice.services.checkpoints import attest_when_due
from public_notice.services.fetching import Answer
from tests.core.ledgers import key_file
from tests.walk import png

pytestmark = pytest.mark.django_db
HEAD, NOTICE, BESIDE_IT = 1, 1, 1


@pytest.fixture(autouse=True)
def _key(settings, tmp_path):
    settings.CHECKPOINT_KEY = key_file(tmp_path)
    settings.LEDGER_NAME = "chengnuo.example/ledger"


def columns(row):
    if isinstance(row, tuple):
        return row
    own = {name: value for name, value in vars(row).items() if not name.startswith("_")}
    beside = {name: one for name, one in row._state.fields_cache.items() if one}
    forward = {field.name for field in row._meta.concrete_fields}
    return own, {name: columns(one) for name, one in beside.items() if name in forward}


def looked_at(notice):
    return Client().get(reverse("public_notice:notice", args=[notice.public_id])).content.decode()


def through_the_door(address):
    page = Client().get(address.removeprefix("http://testserver"))
    return Answer(page.status_code, page.content)


def much(w, at, words, settings):
    """Two objections, one hidden; a day that was lost and counted after all; a paper on a wall; a checkpoint."""
    settings.NOTICE_WATCH, settings.SITE_URL = True, "http://testserver"
    people, notice = w.people, w.notice
    lodge_objection(notice, at=w.now, **words)
    hidden = lodge_objection(notice, at=w.now, **words | {"name": "李示例", "text": "骂人的话。"})
    for day, ask in ((1, through_the_door), (4, lambda _url: Answer(None)), (5, through_the_door)):
        watch_notices(at(f"2018-06-{day:02d} 09:00"), ask=ask)
    when = at("2018-06-05 10:00")
    for kind, about in (("hide", {"objection": hidden.number}), ("overrule", {"day": date(2018, 6, 4)})):  # fmt: skip
        made = propose(notice, kind=kind, reason="王示例说明理由。", by=people.window, at=when, **about)  # fmt: skip
        decide_proposal(made, granted=True, by=people.supervisor, at=when)
    prove_posting(
        notice, place="公告栏", posted_on=date(2018, 5, 31), seen_on=date(2018, 6, 4), upload=png("照片.png"),
        by=people.window, at=when,
    )  # fmt: skip
    attest_when_due(when)


def test_it_asks_three_questions_and_says_what_each_question_alone_would(
    noticed, at, words, settings, driven, django_assert_num_queries
):
    notice = noticed.notice
    looked_at(notice)
    with driven("2018-06-01 09:00"), django_assert_num_queries(HEAD + NOTICE + BESIDE_IT):
        bare = looked_at(notice)
    assert around(notice)["anchor"] is None
    much(noticed, at, words, settings)
    with driven("2018-06-05 11:00"), django_assert_num_queries(HEAD + NOTICE + BESIDE_IT):
        page = looked_at(notice)
    notice = Notice.objects.get(pk=notice.pk)
    keys = (notice.pk, notice.filing_id, notice.book_id)
    together = BESIDE(*keys)
    alone = [list(ask(*keys)) for ask in BESIDE.asks]
    assert [[columns(row) for row in rows] for rows in together] == [
        [columns(row) for row in rows] for rows in alone
    ]
    assert [len(rows) for rows in together] == [2, 1, 1, 1, 1, 2, 1, 0, 0, 1]
    anchor = around(notice)["anchor"]
    assert anchor == anchored(notice.book, "publish_notice", notice.public_id)
    assert anchor == Checkpoint.objects.get()
    assert "骂人" not in page
    assert anchor.root in page
    assert "公告栏" in page
    assert "公告栏" not in bare


def test_of_a_notice_that_is_over_it_asks_no_more_though_it_says_how_long_one_may_sue(
    noticed, driven, django_assert_num_queries
):
    looked_at(noticed.notice)
    with driven("2018-06-20 09:00"):
        assert "行政复议" in looked_at(noticed.notice)  # the numbers of the rulebook are read once
        with django_assert_num_queries(HEAD + NOTICE + BESIDE_IT):
            looked_at(noticed.notice)
