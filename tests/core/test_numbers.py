"""文号 drawn by many processes, some of them killed in the middle: no hole and no double, whoever dies when."""

import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings

from tests.chance import drawn

WORK = """
import os, sys, time, random
import django
django.setup()
from django.db import transaction
from core.documents.models import Series
from core.documents.services import draw_number
dice = random.Random(int(sys.argv[2]))
for turn in range(int(sys.argv[1])):
    with transaction.atomic():
        number = draw_number("左承试", 2018)
        # What the number is for is written in the same transaction, as an act does.
        Series.objects.create(mark=number[:20], year=3000 + int(number.split("〕")[1].rstrip("号")))
        if dice.random() < 0.2:
            time.sleep(0.05)
    print(number, flush=True)
"""


def hunted(folder: Path, processes: int, each: int, kills: int, seed: int) -> tuple[list[int], int]:
    """Let processes draw and kill some; return the numbers whose act was kept, and the last of the series."""
    place = folder / "numbers.sqlite3"
    env = {**os.environ, "DATABASE_URL": f"sqlite:///{place}", "DJANGO_SETTINGS_MODULE": "config.settings"}  # fmt: skip
    base = settings.BASE_DIR
    made = [sys.executable, "manage.py", "migrate", "documents", "-v0"]
    subprocess.run(made, env=env, cwd=base, check=True)  # fmt: skip
    run = [sys.executable, "-c", WORK, str(each)]
    working = [
        subprocess.Popen([*run, str(seed + n)], env=env, cwd=base, stdout=subprocess.PIPE, text=True)
        for n in range(processes)
    ]  # fmt: skip
    dice = random.Random(seed)
    for one in working:
        one.stdout.readline()  # it is at work now
    for victim in dice.sample(working, kills):
        time.sleep(dice.random() * 0.1)
        victim.send_signal(signal.SIGKILL)
    for one in working:
        one.communicate()
    with sqlite3.connect(place) as found:
        rows = found.execute("SELECT mark, year, last FROM documents_series").fetchall()
    kept = sorted(year - 3000 for mark, year, _last in rows if re.search(r"〔", mark))
    (last,) = [last for mark, _year, last in rows if mark == "左承试"]
    return kept, last


def proven(folder: Path, processes: int, each: int, kills: int) -> None:
    seed = drawn("numbers")
    print(f"seed {seed}")
    kept, last = hunted(folder, processes, each, kills, seed)
    assert kept == list(range(1, last + 1))
    assert len(kept) >= (processes - kills) * each


def test_two_processes_and_a_kill_leave_no_hole_and_no_double(tmp_path: Path) -> None:
    proven(tmp_path, processes=2, each=15, kills=1)


@pytest.mark.hunt
def test_two_hundred_numbers_by_eight_processes_with_kills(tmp_path: Path) -> None:
    proven(tmp_path, processes=8, each=40, kills=3)
