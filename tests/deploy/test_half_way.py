"""A database that stopped half-way through steps that are gone is refused before anything is migrated."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from config.half_way import GONE, refuse_twin_scans
from core.documents.models import Attachment, Paper
from core.ledger.services import county_book
from core.steps.models import Seal

pytestmark = pytest.mark.django_db


def record(*steps):
    recorder = MigrationRecorder(connection)
    for app, name in steps:
        recorder.record_applied(app, name)


def steps(leave_out=()):
    return [
        (app, name) for app, names in GONE.items() for name in names if (app, name) not in leave_out
    ]


def test_one_made_in_one_go_has_nothing_against_it():
    call_command("migrate", verbosity=0)


def test_one_that_had_every_step_has_nothing_against_it():
    record(*steps())
    call_command("migrate", verbosity=0)


@pytest.mark.parametrize(
    ("kept", "named"),
    [
        (steps([("prereview", "0008_dispatch")]), "prereview"),
        (steps([("ledger", "0004_counted_by")]), "ledger"),
        ([("accounts", "0002_access_token")], "approvals、deadlines"),
    ],
    ids=["the last step of one", "the ledger's", "only the first"],
)
def test_one_that_stopped_half_way_is_refused_with_a_sentence(kept, named):
    record(*kept)
    with pytest.raises(CommandError, match="停在较早版本的中途") as refused:
        call_command("migrate", verbosity=0)

    assert named in str(refused.value)
    assert "0019" in str(refused.value)


def test_two_papers_with_one_scan_are_named_before_the_index_is_made(people, at):
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX a_scan_is_of_one_paper")
    MigrationRecorder(connection).record_unapplied("steps", "0003_a_scan_is_of_one_paper")
    by, when = people.window, at("2018-06-15 09:00")
    book = county_book()
    scan = Attachment.objects.create(
        book=book, name="扫描件.pdf", size=1, sha256="a" * 64, uploaded_by=by, uploaded_at=when
    )
    for number in ("示例〔2018〕1号", "示例〔2018〕2号"):
        paper = Paper.objects.create(
            book=book, kind="DOC01", title="示例", template="receipt", number=number, content={},
            issued_by=by, issued_at=when,
        )  # fmt: skip
        Seal.objects.create(
            paper=paper, method="scan", state="waiting", sha256="a" * 64, pages=1, scan=scan, made_by=by,
            made_at=when,
        )  # fmt: skip
    with pytest.raises(CommandError, match="同一份扫描件") as refused:
        call_command("migrate", verbosity=0)
    assert "示例〔2018〕1号、示例〔2018〕2号" in str(refused.value)
    Seal.objects.filter(paper__number="示例〔2018〕2号").update(state="refused", decided_at=when)
    refuse_twin_scans("default")
