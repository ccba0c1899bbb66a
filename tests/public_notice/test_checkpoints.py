"""检查点 in public: anyone may read and keep them; one a day, and one after each publication."""

from datetime import timedelta

import pytest
from django.urls import reverse
from pypdf import PdfReader

from core.ledger.attest import attested
from core.ledger.checkpoints import newest, rotate_key
from core.ledger.keys import announced
from core.ledger.models import Checkpoint, Entry
from core.ledger.notes import key_from, read
from core.steps.papers import render_one
from desk.queries.health import checks
from public_notice.queries.checkpoints import VERIFIER, verifier_digest
from public_notice.services import attest_when_due
from tests.core.ledgers import key_file
from tests.walk import walk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def key(settings, tmp_path):
    settings.CHECKPOINT_KEY = key_file(tmp_path)
    settings.LEDGER_NAME = "chengnuo.example/ledger"


@pytest.fixture
def kept(at):
    """Three checkpoints by two keys."""
    attest_when_due(at("2018-06-20 09:00"))
    rotate_key(at("2018-06-20 10:00"))
    attest_when_due(at("2018-06-21 00:00"))
    return list(Checkpoint.objects.order_by("number"))


def page(client, name, *args):
    return client.get(reverse(f"public_notice:{name}", args=args))


def test_one_a_day_however_often_it_is_asked(at):
    times = ("2018-06-20 09:00", "2018-06-20 09:00", "2018-06-20 23:59", "2018-06-21 00:00")

    assert [attest_when_due(at(time)) for time in times] == [1, 0, 0, 1]


def test_without_a_key_none_is_made_and_the_state_of_the_house_says_so(at, key, settings):
    settings.CHECKPOINT_KEY.unlink()

    assert attest_when_due(at("2018-06-20 09:00")) == 0
    (said,) = [check for check in checks(at("2018-06-20 09:00")) if check.name == "checkpoints"]
    assert said.state == "warn"


def test_days_without_one_are_said(at, kept):
    def state(day):
        return next(c.state for c in checks(at(day)) if c.name == "checkpoints")

    assert state("2018-06-21 09:00") == "ok"
    assert state("2018-06-25 09:00") == "warn"


def test_a_publication_is_attested_at_once_and_once(people, county, at):
    way = walk(people, at("2018-06-04 09:00"), to="committed")
    attest_when_due(way.now)
    assert attest_when_due(way.now) == 0
    before = newest()
    way.to("noticed")

    assert [attest_when_due(way.now + timedelta(seconds=n)) for n in range(3)] == [1, 0, 0]
    assert newest().size > before.size
    assert attested() == (2, None)


def test_each_is_read_word_for_word_at_an_address_of_its_own(client, kept):
    for one in kept:
        answer = page(client, "checkpoint", one.number)
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert read(answer.content.decode()).body == read(one.text).body
        assert answer.content.decode() == one.text
    for number in (0, 99, 10**30):
        assert page(client, "checkpoint", number).status_code == 404


def test_the_page_lists_them_with_every_key_and_the_program(
    client, kept, django_assert_max_num_queries
):
    with django_assert_max_num_queries(8):
        html = page(client, "checkpoints").content.decode()
    for text in (*(one.root for one in kept), verifier_digest(), *(k.text for k in announced())):
        assert text in html.replace("&#x2B;", "+")
    assert reverse("public_notice:verifier") in html


def test_before_the_first_one_the_page_says_that_there_is_none(client):
    for name in ("checkpoints", "checkpoint_keys", "checkpoint_feed", "export_checkpoints"):
        assert page(client, name).status_code == 200


def test_the_keys_are_handed_out_as_text(client, kept):
    lines = page(client, "checkpoint_keys").content.decode().splitlines()

    assert [key_from(line) for line in lines] == announced()[::-1]


def test_the_program_is_handed_out_as_it_is(client):
    answer = page(client, "verifier")

    assert b"".join(answer.streaming_content) == VERIFIER.read_bytes()
    assert "chengnuo-verify.py" in answer.headers["Content-Disposition"]


def test_a_feed_a_file_and_the_interface_say_the_same(client, kept):
    feed = page(client, "checkpoint_feed").content.decode()
    assert all(one.text.split("\n")[2] in feed for one in kept)
    file = client.get(reverse("public_notice:export_checkpoints"), {"form": "csv"})
    table = b"".join(file.streaming_content).decode()
    assert all(one.root in table for one in kept)
    answer = client.get("/api/v1/checkpoints/", {"beyond": kept[0].number}).json()
    assert [one["text"] for one in answer["results"]] == [kept[2].text, kept[1].text]


def test_every_paper_bears_its_place_and_the_newest_checkpoint(people, county, at):
    """Read back from the PDF: each enterprise that holds one is a witness."""
    attest_when_due(at("2018-06-01 09:00"))
    way = walk(people, at("2018-06-04 09:00"), to="received")
    paper = way.filing.book.papers.filter(template="receipt").last()
    render_one(paper.pk, way.now)
    paper.refresh_from_db()
    pages = PdfReader(paper.file.open("rb")).pages
    text = "".join(page.extract_text() for page in pages).replace("\n", "")

    entry = Entry.objects.get(
        book=paper.book, act="issue_paper", payload__contains=paper.content_sha256
    )
    assert f"{paper.book.code} 第{entry.sequence}条" in text
    assert f"检查点第{newest().number}号" in text
    assert newest().root in text.replace(" ", "")


def test_the_front_page_leads_there(client, county):
    assert reverse("public_notice:checkpoints") in client.get("/").content.decode()
