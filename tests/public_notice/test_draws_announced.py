"""抽取预告: a secret is bound before the checkpoint that it is mixed with: nobody knows the seed, nobody chooses it."""

import hashlib
import json
from datetime import datetime, timedelta

import pytest

from approvals.stages import Stage
from core.ledger.checkpoints import make_checkpoint
from core.ledger.services import county_book
from desk.services.reminders import remind
from inspection.models import Draw, DrawPledge
from inspection.queries.draws import published
from inspection.rules.draw import faults_of, mixed
from inspection.services import draw_random_checks
from inspection.services.pledges import announce_in_time
from tests.core.ledgers import key_file
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


def test_nothing_is_announced_where_nothing_is_built_or_the_quarter_is_drawn(people, at):
    assert announce_in_time(at("2018-03-05 09:00")) is None
    w = walk(people, at("2018-03-05 09:00"), to=Stage.BUILDING)
    w.do(draw_random_checks, by=people.convenor)
    assert announce_in_time(w.now) is None
    assert Draw.objects.get().pledge is None


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


def test_without_a_checkpoint_since_the_seed_is_fresh_chance_and_the_data_say_so(building):
    make_checkpoint(building.now - timedelta(hours=1))
    announce_in_time(building.now)

    made = building.do(draw_random_checks, by=building.people.convenor)

    assert (made.pledge, made.checkpoint) == (None, "")
    assert "nonce" in made.opening
    assert faults_of(published(made)) == []
