import csv
from datetime import date
from pathlib import Path

import pytest

from approvals.rules.identifiers import check_project_code

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
