"""Run the split and its join as often as asked, and say what it cost.

`DEPARTMENTS=12 python -m viewflow_round.process`, in the folder above, with the environment of requirements/bench.in;
nothing of this project is imported here, and nothing of this here by it. The first line it reads is the database it
may use, as JSON; it makes its tables and says `ready`, then answers each line with one of JSON: seconds by the clock
and of the processor, and statements. Claiming a task, and asking whose it is, are left out: a task is done by whoever
calls it.
"""

import json
import sys
import time

import django
from django.conf import settings


def prepare(database: dict[str, object]) -> None:
    """Set Django up with nothing but the engine, and make its tables."""
    settings.configure(
        DATABASES={"default": database}, DEFAULT_AUTO_FIELD="django.db.models.BigAutoField", USE_TZ=True,
        INSTALLED_APPS=[
            "django.contrib.auth", "django.contrib.contenttypes", "viewflow", "viewflow.workflow", "viewflow_round",
        ],
    )  # fmt: skip
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def run() -> None:
    """Start a process, which makes a task for each department; do each of them; the last one joins."""
    from viewflow.workflow.models import Task
    from viewflow.workflow.status import PROCESS, STATUS

    from viewflow_round.flows import DEPARTMENTS, Round

    process = Round.start.run()
    tasks = list(Task.objects.filter(process=process, status=STATUS.NEW).select_related("process"))
    assert len(tasks) == DEPARTMENTS
    for task in tasks:
        task.flow_task.run(task)
    process.refresh_from_db()
    assert process.status == PROCESS.DONE, process.status


def timed() -> dict[str, float]:
    """Run one round by the clock, and one to count its statements."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    began, worked = time.perf_counter(), time.process_time()
    run()
    found = {"seconds": time.perf_counter() - began, "processor": time.process_time() - worked}
    with CaptureQueriesContext(connection) as asked:
        run()
    frame = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return found | {"statements": sum(not one["sql"].startswith(frame) for one in asked)}


if __name__ == "__main__":
    prepare(json.loads(sys.stdin.readline()))
    print("ready", flush=True)
    for _line in sys.stdin:
        print(json.dumps(timed()), flush=True)
