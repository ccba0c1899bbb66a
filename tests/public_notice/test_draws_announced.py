"""抽取预告: a secret is bound before the checkpoint that it is mixed with: nobody knows the seed, nobody chooses it."""

import hashlib
import json
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as settings_of
from hypothesis import strategies as st

from approvals.stages import Stage
from core.ledger.checkpoints import make_checkpoint
from core.ledger.services import county_book
from core.steps.reasons import NotNow
from desk.services.reminders import remind
from inspection.models import Draw, DrawPledge
from inspection.queries.draws import published
from inspection.rules.draw import faults_of, last_day_of_quarter, mixed, quarter_of
from inspection.services import draw_again, draw_random_checks
from inspection.services.pledges import announce_in_time, reveal_in_time
from tests.core.ledgers import key_file
from tests.inspection.browse import Browser, text
from tests.inspection.drawing import drawn, drawn_again
from tests.public_notice.test_draws import NEXT, data, read, repeated
from tests.walk import walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def building(people, at, settings, tmp_path):
    settings.CHECKPOINT_KEY, settings.LEDGER_NAME = key_file(tmp_path), "chengnuo.example/ledger"
    return walk(people, at("2018-03-05 09:00"), to=Stage.BUILDING)


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def test_the_round_of_the_day_announces_once_and_says_the_digest_alone(building):
    remind(building.now)
    assert announce_in_time(building.now) is None, "said twice it stands once"

    pledge = DrawPledge.objects.get()

    assert digest(pledge.secret) == pledge.commitment
    said = county_book().entries.get(act="announce_draw")
    assert pledge.commitment in said.payload
    page = read("/draws/", building.now)
    assert pledge.commitment in page
    assert pledge.secret not in page + said.payload
    assert pledge.commitment not in read("/draws/", NEXT), (
        "of a quarter that is over nothing is to come"
    )


def test_nothing_is_announced_where_nothing_is_built_and_nothing_drawn_that_was_not_announced(
    people, at
):
    assert announce_in_time(at("2018-03-05 09:00")) is None
    w = walk(people, at("2018-03-05 09:00"), to=Stage.BUILDING)
    with pytest.raises(NotNow, match="还没有预告"):
        w.do(draw_random_checks, by=people.convenor)
    assert "还没有预告" in text(Browser(people.convenor, w.now).get("draws"))
    first = drawn(w, by=people.administrator)
    with pytest.raises(NotNow, match="还没有预告"):
        w.do(draw_again, first, reason="漏列项目", by=people.convenor)
    assert "还没有预告" in text(Browser(people.convenor, w.now).get("draws"))
    second = drawn_again(w, first, by=people.convenor)
    assert announce_in_time(w.now) is None, "a quarter is drawn twice at most"
    assert second.pledge.turn == 2


def test_the_seed_is_mixed_of_the_secret_and_the_first_checkpoint_after_it(building, tmp_path):
    make_checkpoint(building.now - timedelta(hours=1))
    pledge = announce_in_time(building.now)
    first = make_checkpoint(building.minutes())
    make_checkpoint(building.minutes())  # who draws cannot wait for one that suits

    made = building.do(draw_random_checks, by=building.people.convenor)

    assert (made.pledge, made.checkpoint) == (pledge, digest(first.text))
    assert made.seed == mixed(pledge.secret, made.checkpoint)
    opening = json.loads(county_book().entries.get(act="open_draw").payload)
    assert (opening["secret"], "nonce" in opening) == (pledge.secret, False)
    assert faults_of(published(made)) == []
    other = published(made) | {"secret": "0" * 64}
    unlisted = published(made) | {"opening": made.opening.replace(made.digest, "0" * 64)}
    assert [faults_of(one) for one in (other, unlisted)] == [["seed"], ["seed"]]
    shown = data(NEXT)
    assert datetime.fromisoformat(shown["announced_at"]) == pledge.announced_at < first.made_at
    assert "台账检查点" in read(f"/draws/{made.quarter}/{made.turn}/", NEXT)
    assert repeated(shown, tmp_path) == ["OK"]
    assert "seed" in repeated(shown | {"secret": "0" * 64}, tmp_path)
    assert "list" in repeated(shown | {"opening": "{}"}, tmp_path)


def test_a_draw_waits_for_the_checkpoint_and_the_page_says_so(building):
    make_checkpoint(building.now - timedelta(hours=1))
    announce_in_time(building.now)
    with pytest.raises(NotNow, match="第一个台账检查点"):
        building.do(draw_random_checks, by=building.people.convenor)
    assert not Draw.objects.exists()
    page = Browser(building.people.convenor, building.now)
    assert "第一个台账检查点" in text(page.get("draws"))
    assert "等预告后的台账检查点" in text(page.get("desk:home"))


def test_a_county_without_checkpoints_reveals_its_secret_beside_fresh_chance(people, at, tmp_path):
    w = walk(people, at("2018-03-05 09:00"), to=Stage.BUILDING)

    made = drawn(w, by=people.convenor)

    opening = json.loads(county_book().entries.get(act="open_draw").payload)
    assert (opening["secret"], len(opening["nonce"])) == (made.pledge.secret, 64)
    assert (made.seed, made.checkpoint) == (digest(made.opening), "")
    assert faults_of(published(made)) == []
    assert faults_of(published(made) | {"secret": "0" * 64}) == ["seed"]
    shown = data(NEXT)
    assert repeated(shown, tmp_path) == ["OK"]
    assert "seed" in repeated(shown | {"secret": "0" * 64}, tmp_path)
    assert "seed" in repeated(shown | {"seed": "0" * 64}, tmp_path)
    assert "没有生成台账检查点" in read(f"/draws/{made.quarter}/1/", NEXT)


def revealed():
    """The secrets that stand in the ledger, each with the act that said it."""
    said = county_book().entries.filter(act__in=("open_draw", "reveal_pledge"))
    return {json.loads(one.payload)["secret"]: one.act for one in said}


def test_a_secret_that_was_never_drawn_with_is_revealed_when_its_quarter_is_over(building):
    pledge = announce_in_time(building.now)
    assert reveal_in_time(building.now) == []
    assert pledge.secret not in read("/draws/", building.now)

    remind(NEXT + timedelta(hours=10))

    assert revealed() == {pledge.secret: "reveal_pledge"}
    page = read("/draws/", NEXT + timedelta(hours=10))
    assert pledge.secret in page
    assert pledge.commitment in page
    assert reveal_in_time(NEXT + timedelta(hours=11)) == [], "said twice it stands once"
    assert DrawPledge.objects.get(turn=1, quarter="2018Q2").secret not in page


def test_nothing_is_drawn_with_a_secret_that_everybody_knows(building):
    """Who pressed the button on the quarter's last evening may get the lock after the round that revealed it."""
    pledge = announce_in_time(building.now)
    make_checkpoint(building.minutes())
    assert [one.pledge for one in reveal_in_time(NEXT)] == [pledge]
    with pytest.raises(NotNow, match="密值已经公开"):
        building.do(draw_random_checks, by=building.people.convenor)
    assert revealed() == {pledge.secret: "reveal_pledge"}


DOES = st.sampled_from(("round", "checkpoint", "draw", "again", "quarter"))


@settings_of(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(done=st.lists(DOES, min_size=1, max_size=7))
def test_whatever_is_done_in_whatever_order_no_announced_secret_stays_unsaid_nor_is_said_before(
    building, done
):
    """Rounds, checkpoints, draws and quarters by chance: by the round after the last quarter all is said, in time."""
    sid = transaction.savepoint()
    now = building.now
    for what in (*done, "quarter", "round"):
        now = next_quarter(now) if what == "quarter" else now + timedelta(minutes=7)
        before = set(revealed())
        waiting = {p.secret for p in DrawPledge.objects.filter(draw=None, unused=None)}
        assert not waiting & before
        with suppress(NotNow), transaction.atomic():
            _does(what, building.people, now)
    said = revealed()
    open_now = DrawPledge.objects.filter(quarter=quarter_of(now.date()))
    for pledge in DrawPledge.objects.exclude(pk__in=open_now):
        assert pledge.secret in said
    assert all(draw.pledge.secret in said for draw in Draw.objects.all())
    assert all(faults_of(published(draw)) == [] for draw in Draw.objects.all())
    transaction.savepoint_rollback(sid)


def next_quarter(now):
    """The third day of the next quarter, at nine."""
    day = last_day_of_quarter(now.date()) + timedelta(days=3)
    return now.replace(year=day.year, month=day.month, day=day.day)


def _does(what, people, now):
    if what == "round":
        reveal_in_time(now)
        announce_in_time(now)
    elif what == "checkpoint":
        make_checkpoint(now)
    elif what == "draw":
        draw_random_checks(by=people.administrator, at=now)
    elif what == "again" and (last := Draw.objects.first()):
        draw_again(last, reason="漏列项目", by=people.convenor, at=now)
