import csv
from datetime import date
from pathlib import Path

import pytest

from approvals.rules.identifiers import Section, check_industry_code, check_project_code
from approvals.rules.project import faults_in_place

VECTORS = Path(__file__).parents[1] / "vectors" / "project_code_vectors.csv"
TODAY = date(2026, 11, 30)


def vectors():
    with VECTORS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", vectors(), ids=lambda r: r["input"] or "empty")
def test_vector(row):
    found = check_project_code(row["input"], on=TODAY)
    assert (found.verdict, found.format, found.normalised) == (
        row["expected"],
        row["format"],
        row["normalised"],
    )
    assert bool(found.reason) == (row["expected"] != "valid")


def test_without_a_date_nothing_lies_in_the_future():
    assert check_project_code("2712-140722-89-01-123461").verdict == "valid"


def test_every_doubt_is_named():
    found = check_project_code("2018-140724-77-01-000126")
    assert "140724" in found.reason
    assert "审批" in found.reason


def test_another_county_is_a_setting():
    assert check_project_code("2018-140724-77-03-000126", county="140724").verdict == "valid"


PACK = Path(__file__).parents[2] / "counties" / "zuoquan" / "industries.csv"
with PACK.open(encoding="utf-8", newline="") as pack:
    SECTIONS = [
        Section(
            row["section"],
            int(row["division_from"]),
            int(row["division_to"]),
            int(row["edition_year"]),
        )
        for row in csv.DictReader(pack)
    ]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "2至4位"), ("X13", "2至4位"), ("1", "2至4位"), ("13911", "2至4位"), ("食品", "食品"), ("00", "大类00"),
        ("98", "大类98"), ("A1391", "属于门类C"), ("C06", "属于门类B"), ("C-13", "2至4位"), ("1391\0", "2至4位"),
    ],
)  # fmt: skip
def test_what_is_no_industry_is_told_in_words(typed, says):
    found = check_industry_code(typed, SECTIONS)

    assert found.normalised == ""
    assert says in found.reason


@pytest.mark.parametrize(
    ("typed", "normalised"),
    [
        ("1391", "C1391"),
        ("c1391", "C1391"),
        (" Ｃ１３９ ", "C139"),
        ("13", "C13"),
        ("01", "A01"),
        ("97", "T97"),
    ],
)
def test_an_industry_bears_its_section_and_edition(typed, normalised):
    found = check_industry_code(typed, SECTIONS)

    assert (found.normalised, found.section) == (normalised, normalised[0])
    assert (found.edition_year, found.reason) == (2017, "")


def test_the_divisions_of_the_sections_meet_and_do_not_overlap():
    owners = [[s.letter for s in SECTIONS if s.has(division)] for division in range(1, 98)]

    assert all(len(letters) <= 1 for letters in owners)


PLACES = {
    "one alone": ({"longitude": 113.4}, {"latitude"}),
    "the other alone": ({"latitude": 37.1}, {"longitude"}),
    "the wrong way round": ({"longitude": 37.1, "latitude": 113.4}, {"longitude"}),
    "outside the country": ({"longitude": 10, "latitude": 37.1, "datum": "wgs84"}, {"longitude"}),
    "too far north": ({"longitude": 113.4, "latitude": 60, "datum": "wgs84"}, {"latitude"}),
    "without a datum": ({"longitude": 113.4, "latitude": 37.1}, {"datum"}),
    "a datum without a place": ({"datum": "wgs84"}, {"longitude"}),
    "none": ({}, set()),
    "whole": ({"longitude": 113.377, "latitude": 37.083, "datum": "cgcs2000"}, set()),
}


@pytest.mark.parametrize(("given", "wrong"), PLACES.values(), ids=PLACES)
def test_a_place_is_whole_and_inside_the_country(given, wrong):
    assert set(faults_in_place(given)) == wrong


def test_a_place_the_wrong_way_round_says_so():
    assert "填反了" in faults_in_place({"longitude": 37.1, "latitude": 113.4})["longitude"]
