"""文号 drawn by many processes, some of them killed in the middle: no hole and no double, whoever dies when."""

import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import connection

from tests.chance import drawn
from tests.proofs.own import own_database

pytestmark = pytest.mark.django_db
WORK = """
import sys, time, random
import django
django.setup()
from django.db import transaction
from core.documents.models import Series
from core.documents.services import draw_number
dice = random.Random(int(sys.argv[2]))
print("ready", flush=True)
sys.stdin.readline()
for turn in range(int(sys.argv[1])):
    with transaction.atomic():
        number = draw_number("左承试", 2018)
        # What the number is for is written in the same transaction, as an act does.
        Series.objects.create(mark=number[:20], year=3000 + int(number.split("〕")[1].rstrip("号")))
        if dice.random() < 0.2:
            time.sleep(0.05)
    print(number, flush=True)
"""
ROWS = "SELECT mark, year, last FROM documents_series"


@pytest.fixture(scope="module")
def place(django_db_setup, django_db_blocker, tmp_path_factory):
    """The environment of a process with a database of its own, copied before a test opens a transaction."""
    with django_db_blocker.unblock(), own_database(tmp_path_factory.mktemp("own")) as environment:
        yield environment


def hunted(place, processes, each, kills, seed):
    """Let processes draw, all begun at one moment, and kill some at work.

    Return the numbers whose act was kept, the last of the series, and what each process had said when it ended.
    """
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "DJANGO_ALLOW"))}
    env = {**kept, **place, "DJANGO_SETTINGS_MODULE": "config.settings"}
    piped = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    # Whoever is to be killed would go on for ever.
    turns = [each * 100 if n < kills else each for n in range(processes)]
    working = [
        subprocess.Popen(
            [sys.executable, "-c", WORK, str(many), str(seed + n)], env=env, cwd=settings.BASE_DIR, **piped
        )
        for n, many in enumerate(turns)
    ]  # fmt: skip
    dice = random.Random(seed)
    for one in working:
        assert one.stdout.readline() == "ready\n"
    for one in working:
        one.stdin.write("go\n")
        one.stdin.flush()
    said = []
    for victim in working[:kills]:
        said.append(victim.stdout.readline().split())  # it is at work, and has more to do
        time.sleep(dice.random() * 0.02)
        victim.send_signal(signal.SIGKILL)
    said += [
        one.stdout.read().split() for one in working
    ]  # where lines were read before: not communicate()
    ended = [one.wait() for one in working]
    for one in working:
        one.stdout.close()
        one.stdin.close()
    assert ended == [-signal.SIGKILL] * kills + [0] * (processes - kills), "killed at work, or done"
    rows = asked(place["DATABASE_URL"])
    numbers = sorted(year - 3000 for mark, year, _last in rows if re.search(r"〔", mark))
    (last,) = [last for mark, _year, last in rows if mark == "左承试"]
    return numbers, last, said


def asked(address):
    """The series, as they stand in the database behind an address."""
    if address.startswith("sqlite:///"):
        with sqlite3.connect(address.removeprefix("sqlite:///")) as found:
            return found.execute(ROWS).fetchall()
    import psycopg

    server = connection.get_connection_params()
    name = address.rpartition("/")[2]
    with psycopg.connect(host=server["host"], user=server["user"], dbname=name) as found:
        return found.execute(ROWS).fetchall()


def proven(place, processes, each, kills):
    seed = drawn("numbers")
    print(f"seed {seed}")
    kept, last, said = hunted(place, processes, each, kills, seed)
    assert kept == list(range(1, last + 1))
    assert len(kept) >= (processes - kills) * each
    told = [int(re.search(r"〕(\d+)号", number)[1]) for one in said for number in one]
    assert len(set(told)) == len(told), "two were told the same number"
    assert set(told) <= set(kept), "what was told is kept, though its process was killed"


def test_two_processes_and_a_kill_leave_no_hole_and_no_double(place):
    proven(place, processes=2, each=15, kills=1)


@pytest.mark.hunt
def test_two_hundred_numbers_by_eight_processes_with_kills(place):
    proven(place, processes=8, each=40, kills=3)
