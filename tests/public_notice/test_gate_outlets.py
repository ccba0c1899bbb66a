"""What came through the gate, in every outlet: page, paper, index, feed; of nobody anything is left."""

import json
import random

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from core.documents.models import Paper
from core.grams import grams
from public_notice.models import Notice
from public_notice.queries.feeds import feed_of_notices
from public_notice.rules.finding import words_of
from public_notice.rules.gate import ALLOWED, admit, still_personal
from tests.chance import drawn
from tests.conftest import instant
from tests.public_notice.hostile import Somebody, read

IN_SUITE, IN_HUNT, A_NOTICE = 500, 10_000, 20


def content(texts):
    """A notice whose every field that somebody writes names somebody."""
    said = iter(texts)
    rows = [
        {"item": next(said), "standard": next(said), "basis": next(said), "department": "甲局", "person": next(said)}
        for _row in range(3)
    ]  # fmt: skip
    return {
        "title": next(said),
        "project": {"code": "2018-140722-13-03-000001", "name": next(said), "location": next(said),
                    "scale": next(said)},
        "enterprise": {"name": next(said), "uscc": "91140722MA0K1A2B0M", "contact": next(said)},
        "clauses": rows,
        "declined": [{"item": next(said), "consequence": "事先审批"}],
        "objection": {"how": "书面", "phone": "0354-0000000"},
        "issuer": {"name": "左权县审批局", "phone": "0354-0000000"},
        "letter_number": "左承诺〔2018〕1号",
        "a_field_of_tomorrow": next(said),
    }  # fmt: skip


def outlets(inside):
    """Yield what is published of a content, outlet by outlet."""
    shown = admit(inside)
    assert still_personal(shown) == []
    text = words_of(shown, "左承公〔2018〕1号")
    at = instant("2018-05-31 10:00")
    day = timezone.localdate(at)
    notice = Notice(
        title=shown["title"][:200], content=shown, published_at=at, starts_on=day, ends_on=day,
        paper=Paper(number="左承公〔2018〕1号", issued_at=at),
    )  # fmt: skip
    yield "json", json.dumps(shown, ensure_ascii=False)
    yield "page", render_to_string("public_notice/said.html", {"said": shown})
    yield (
        "paper",
        render_to_string("papers/public_notice.html", {**shown, "paper": {"form": "official"}}),
    )
    yield "index", text
    yield "grams", "".join(gram for gram in grams(text) if len(gram) > 1)
    yield "feed", feed_of_notices([notice], "")


def nobody_is_left(many):
    seed = drawn("gate outlets")
    dice = random.Random(seed)
    left = []
    for _notice in range(many // A_NOTICE):
        people = [Somebody(dice) for _one in range(A_NOTICE)]
        texts = [one.written(dice) for one in people]
        for outlet, shown in outlets(content(texts)):
            for one, text in zip(people, texts, strict=True):
                if found := one.left_in(shown):
                    left.append((seed, outlet, found, text))
    assert left == []


def test_of_five_hundred_people_nothing_is_left_in_any_outlet():
    nobody_is_left(IN_SUITE)


@pytest.mark.hunt
def test_of_ten_thousand_people_nothing_is_left_in_any_outlet():
    nobody_is_left(IN_HUNT)


def test_the_reader_finds_them_before_the_gate():
    dice = random.Random(drawn("gate reader"))
    for _turn in range(300):
        one = Somebody(dice)
        text = one.written(dice)
        assert one.mobile in read(text), text
        assert one.identity[2:15] in read(text), text


def test_a_field_that_nobody_listed_has_no_way_out():
    texts = [f"甲{n}" for n in range(A_NOTICE)]
    inside = content(texts)
    shown = json.dumps(admit(inside), ensure_ascii=False)
    kept = {
        inside["enterprise"]["contact"],
        inside["a_field_of_tomorrow"],
        *(c["person"] for c in inside["clauses"]),
    }
    assert not [word for word in kept if f'"{word}"' in shown]
    assert "a_field_of_tomorrow" not in ALLOWED
