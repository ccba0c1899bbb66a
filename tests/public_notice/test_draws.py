"""双随机 in public: closed while a check still comes unannounced; then anyone repeats it, and nobody is named."""

import json
import subprocess
import sys
from copy import deepcopy
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from approvals.stages import Stage
from core import clock
from inspection.models import Draw
from inspection.stages import CheckMode
from public_notice.queries import draws as queries
from public_notice.rules.recipe import RECIPE
from tests.conftest import instant
from tests.inspection.drawing import drawn, drawn_again
from tests.standing import standing
from tests.walk import walk

pytestmark = pytest.mark.django_db
DRAWN, NEXT = instant("2018-03-20 10:00"), instant("2018-04-01")
TICK = timedelta(microseconds=1)


def _drawn(people):
    w = walk(people, instant("2018-03-05 09:00"), to=Stage.BUILDING)
    drawn(w, by=people.administrator)
    return w


walked, w = standing(_drawn)


def get(address, at):
    """What a stranger is answered at an instant."""
    with clock.driven(at):
        return Client().get(address)


def read(address, at):
    """The same as text."""
    answer = get(address, at)
    return (answer.getvalue() if answer.streaming else answer.content).decode("utf-8-sig")


def data(at, draw=None):
    draw = draw or Draw.objects.first()
    return get(f"/draws/{draw.quarter}/{draw.turn}/data/", at).json()


def repeated(published, tmp_path, text=None):
    """What the printed program says of the published data."""
    program, file = tmp_path / "recompute.py", tmp_path / "draw.json"
    program.write_text(text or RECIPE)
    file.write_text(json.dumps(published))
    run = [sys.executable, "-I", program, file]
    return subprocess.run(run, capture_output=True, text=True, check=True).stdout.split()


def test_nobody_is_warned_before_the_checks_are_held_or_the_quarter_is_over(w):
    draw = Draw.objects.get()
    secret = [draw.seed, draw.candidates[0], *draw.pairs[0]["officers"]]
    address = f"/draws/{draw.quarter}/{draw.turn}/"
    outlets = (
        "/draws/",
        address,
        f"{address}data/",
        "/api/v1/public-draws/",
        "/draws/export/?form=csv",
    )
    for at in (w.now, NEXT - TICK):
        for outlet in outlets:
            said = read(outlet, at)
            assert [one for one in secret if one in said] == [], outlet
        assert get(f"{address}export/?form=csv", at).status_code == 404
    assert draw.digest in read(address, w.now)
    assert data(w.now)["drawn"] is None, "drawn are all of them, or none: each would know"

    assert data(NEXT)["seed"] == draw.seed
    w.hold_check(draw.checks.get(mode=CheckMode.RANDOM))
    assert data(w.now)["seed"] == draw.seed
    assert draw.seed in read(address, w.now)


def test_a_draw_that_was_replaced_opens_with_its_quarter_and_not_by_its_calling_off(w, people):
    first = Draw.objects.get()
    drawn_again(w, first, reason="名单漏列，电话13800000000", by=people.convenor)

    assert not data(w.now, first)["opened"]
    assert data(NEXT, first)["opened"]
    second = data(NEXT, first.replaced_by)
    assert second["turn"] == 2
    assert "13800000000" not in second["reason"]
    assert second["digest"] == first.replaced_by.digest, "what is reckoned with is not masked"


def test_the_printed_program_repeats_the_draw_and_finds_what_was_touched(w, tmp_path):
    published = data(NEXT)
    assert RECIPE.splitlines()[5] in read("/draws/2018Q1/1/", NEXT).replace("&quot;", '"')
    assert repeated(published, tmp_path) == ["OK"]

    touched = deepcopy(published)
    touched["seed"] = "0" * 64
    touched["groups"][0]["candidates"].append("ZZZ")
    touched["pairs"][0]["department"] = "XXX"
    assert {"digest", "project"} <= set(repeated(touched, tmp_path))


def test_no_officer_is_named_and_the_file_has_the_rows_of_the_page(w, people):
    draw = Draw.objects.get()
    names = {one["name"] for one in draw.checks.get().officers}
    shown = [
        read(f"/draws/2018Q1/1/{outlet}", NEXT) for outlet in ("", "data/", "export/?form=csv")
    ]
    assert names
    assert [name for name in names for text in shown if name in text] == []
    assert all(draw.candidates[0] in text for text in shown)


def test_a_list_needs_as_many_queries_for_many_draws_as_for_one(w, django_assert_num_queries):
    one, now = Draw.objects.get(), NEXT
    copies = []
    for year in range(1990, 2012):
        copy = deepcopy(one)
        copy.pk, copy.quarter, copy.pledge = None, f"{year}Q1", None
        copies.append(copy)
    with django_assert_num_queries(1):
        assert len([queries.head_of(draw, now, set()) for draw in queries.draws_in_public()]) == 1
    Draw.objects.bulk_create(copies)
    with django_assert_num_queries(1):
        assert len([queries.head_of(draw, now, set()) for draw in queries.draws_in_public()]) == 23
    assert "?page=2" in read("/draws/", now)


def test_in_english_and_by_programs(w):
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    with clock.driven(NEXT):
        page = client.get("/draws/2018Q1/1/").content.decode()
        row = Client().get("/api/v1/public-draws/").json()["results"][0]
    assert "Seed" in page
    assert "How to repeat the draw" in page
    assert (row["opened"], row["data"]) == (True, "/draws/2018Q1/1/data/")
