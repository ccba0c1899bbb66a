"""The benchmarks at a tiny size: they do the work they say they time, and fail where it was not done."""

import random
import sys
from pathlib import Path

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import Client, override_settings

from accounts.services import system_actor
from benchmarks import (
    answer,
    floors,
    ledger_verify,
    open_data,
    pdf,
    questionnaire,
    register,
    room,
    sheets,
    silences,
    told,
    workdays,
)
from benchmarks import round as rounds
from benchmarks import sweep as sweeping
from benchmarks.measure import Figures, Variant, in_turn
from benchmarks.multiply import STEP
from core import clock
from core.deadlines.services import sweep
from core.ledger import reading
from core.ledger.models import Book, Entry
from core.ledger.queries import verify
from desk.models import PastFiling
from prereview.models import Opinion, Slot
from prereview.stages import Position


def test_working_days_are_timed_once_both_agree():
    figures = workdays.compare(repeat=1, calls=50, loops=10)

    assert set(figures.values) >= {"5 working days", "times the loop, 5 days"}


def test_a_wrong_count_of_days_gives_no_figure(monkeypatch):
    monkeypatch.setattr(workdays, "loop", lambda start, _length: start)

    with pytest.raises(AssertionError, match="disagree"):
        workdays.compare(repeat=1, calls=5, loops=5)


def test_a_goal_that_is_missed_is_said():
    figures = Figures("x")
    figures.goal("ratio", 0.5, least=0.8)
    figures.goal("other", 3.0, most=4)

    assert figures.missed == ["ratio"]
    assert figures.lines == ["MISSED ratio: 0.50 (goal ≥ 0.8)", "met    other: 3.00 (goal ≤ 4)"]


def test_variants_run_in_turn_and_what_they_used_is_put_back():
    told = []
    variants = [Variant(name, lambda name=name: told.append(name) or 1) for name in "ab"]

    in_turn(variants, 2, between=lambda: told.append("|"))

    assert told == ["|", "a", "|", "b", "|", "a", "|", "b"]


@pytest.mark.django_db
def test_a_ledger_of_the_benchmark_is_one_that_holds(county):
    ledger_verify.fill(50)
    texts = [reading.bound(row).encode() for row in reading.rows()]

    assert ledger_verify.by_project() == ledger_verify.hashing(texts) == Entry.objects.count()
    assert Book.objects.get(code="bench:2").sequence == 10


@pytest.mark.django_db
def test_a_copied_case_is_answered_like_any_other(county):
    slots, at, clerks = answer.prepare(copies=2)
    mine, other = slots[0], slots[1]

    answer.by_service(mine, at, clerks[mine.department_id])
    answer.floor(other, at, clerks[other.department_id])

    assert len(slots) == 2 * Slot.objects.filter(pk__lt=STEP, kind=mine.kind).count()
    assert Opinion.objects.get(slot=mine).position == Position.AGREE
    assert Opinion.objects.get(slot=other).position == Position.AGREE
    answer.checked(2)
    with pytest.raises(AssertionError):
        answer.checked(3)
    # What the floor wrote is no chain: it reckons nothing. What the service wrote before it holds.
    assert verify(Book.objects.get(pk=mine.book_id)).sequence == 2


@pytest.mark.django_db
def test_a_file_is_loaded_the_same_whichever_way(county):
    by = system_actor()
    for batch, load in enumerate((sheets.by_project, sheets.by_loop, sheets.by_floor)):
        load(sheets.workbook(20, batch), by)
    rows = PastFiling.objects.order_by("pk").values(
        "row", "project_name", "site", "investment_wan", "accepted_on", "completed_on", "outcome"
    )
    ways = [list(rows.filter(number__startswith=f"{batch}-")) for batch in range(3)]

    sheets.checked(60)
    assert ways[0] == ways[1] == ways[2]
    with pytest.raises(AssertionError):
        sheets.checked(61)


def test_lists_are_written_in_both_forms_and_their_memory_is_said():
    figures = Figures("x")
    sheets.compare_export(figures, 200, repeat=1)

    assert "MB more than for 500 rows" in figures.values


@pytest.mark.django_db
def test_an_answer_is_timed_where_page_interface_and_rules_agree(county, at):
    figures, client = Figures("x"), Client()
    with clock.driven(at(questionnaire.NOW)):
        questionnaire.requests(figures, client, at(questionnaire.NOW), repeat=1, calls=2)

        assert {"one request", "the rules alone"} <= set(figures.values)


@pytest.mark.django_db
def test_a_wrong_list_gives_no_figure(county, at, monkeypatch):
    monkeypatch.setattr(questionnaire, "of_rules", lambda _answers, _catalogue: {"C99"})

    with clock.driven(at(questionnaire.NOW)), pytest.raises(AssertionError):
        questionnaire.requests(Figures("x"), Client(), at(questionnaire.NOW), repeat=1, calls=1)


@pytest.mark.django_db
def test_a_look_at_a_room_is_timed_where_it_finds_what_it_says(county):
    figures = Figures("x")
    room.compare(figures, room.prepare(filings=1), repeat=1, calls=2)

    assert "a pulse, as part of a drawing" in figures.values


@pytest.mark.django_db
@pytest.mark.parametrize("closed", [False, True])
def test_an_answer_takes_as_few_statements_whoever_has_answered_before(county, closed):
    few = 2 if connection.vendor == "postgresql" else 6
    slots, at, clerks = answer.prepare(copies=1, closed=closed)
    counts = [
        answer.asked_of(lambda slot=slot: answer.by_service(slot, at, clerks[slot.department_id]))
        for slot in slots
    ]

    assert len(counts) > 6
    assert set(counts[:-1]) == {few}
    # the last one, once the item is closed, opens the next step besides
    assert closed or counts[-1] == few


@pytest.mark.django_db
def test_a_round_is_timed_where_every_department_was_served_and_heard(county):
    figures = Figures("x")
    ways = rounds.prepare(3)
    rounds.compare(figures, ways, None)

    assert figures.missed == []  # six statements for an answer, the last like the first
    assert any(line.startswith("skipped: no environment with Viewflow") for line in figures.lines)
    with pytest.raises(AssertionError):
        rounds.Round(ways[0]).checked(departments=13)


@pytest.mark.django_db
def test_two_rounds_are_compared_by_clock_and_processor(county):
    figures = Figures("x")
    other = rounds.Cost(seconds=100.0, processor=100.0, statements=150)
    rounds.compare(figures, rounds.prepare(3), lambda: other)

    assert "times Viewflow's round, by the processor" in figures.values
    assert figures.missed == []


@pytest.mark.django_db
def test_a_floor_writes_what_the_sweep_writes_to_the_byte(county):
    (swept, portion), now = silences.due(1, 2)
    expected = swept.fall_due()
    with clock.driven(now):
        sweep(now)
    sweeping.verified(swept)
    found = told.told(portion, now)
    told.tell(found)

    assert floors.reckoned(portion, found, now) == expected == len(found.slots)
    sweeping.verified(portion)
    floors.same(portion, found)
    Opinion.objects.filter(slot__in=portion.slots()).update(reason="示例")
    with pytest.raises(AssertionError, match="Opinion"):
        floors.same(portion, found)


@pytest.mark.django_db
def test_the_register_is_searched_both_ways_with_the_same_hits():
    register.fill(60)

    for some in register.words(random.Random(1)).values():
        for word in some:
            assert register.by_reading(word) == register.by_grams(word), word
    assert register.by_grams("项目")


@pytest.mark.django_db
def test_open_data_is_timed_where_site_and_driver_say_the_same(at, kept_connection):
    register.fill(30)
    site = WSGIHandler()
    floor = open_data.bare(connection.connection)
    with clock.driven(at("2018-06-20 09:00")):
        open_data.same(site, floor, "/open/v1/notices.json", "/")
        assert open_data.copied(connection.connection)
        with pytest.raises(AssertionError):
            open_data.same(site, floor, "/open/v1/notices.json", "/?before=2")
        with pytest.raises(AssertionError, match="404"):
            list(open_data.pieces(site, "/open/v1/nothing.json"))


def test_a_press_that_is_not_installed_says_so_and_prints_no_figure(tmp_path):
    figures, python = Figures("x"), Path(sys.executable)
    (tmp_path / pdf.FACE).write_bytes(b"")

    with override_settings(VAR_DIR=tmp_path, FONTS_DIR=tmp_path):
        pdf.beside(figures, python, papers=1)

    assert [line.partition(": skipped")[0] for line in figures.lines] == ["typst", "reportlab"]
    assert figures.values == {}
