import csv
import random
from pathlib import Path

import pytest

from accounts.rules import check_uscc

VECTORS = Path(__file__).parents[1] / "vectors" / "uscc_vectors.csv"


def vectors():
    with VECTORS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", vectors(), ids=lambda r: f"{r['kind']}-{r['input'] or 'empty'}")
def test_vector(row):
    found = check_uscc(row["input"])
    assert (found.verdict, found.normalised) == (row["expected"], row["normalised"])
    assert bool(found.reason) == (row["expected"] != "valid")


def test_no_single_slip_of_a_digit_stays_unnoticed():
    seed = 7
    print("seed", seed)
    rng = random.Random(seed)
    good = "91140722MA0K1A2B0M"
    for _i in range(300):
        at = rng.randrange(18)
        slip = rng.choice([c for c in "0123456789ABCDEFGHJKLMNPQRTUWXY" if c != good[at]])
        assert check_uscc(good[:at] + slip + good[at + 1 :]).verdict == "warn"
