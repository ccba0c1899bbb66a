"""A database that cannot be brought up to date as it stands is refused with a sentence, before it is migrated.

What is one migration beside its steps (`0001_squashed_…`) is none of this: a database that stopped there goes on by the
steps, and a new one is made in one go.
"""

from typing import Any

from django.core.management import CommandError
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

# The steps of each app that are one migration now (docs/decisions/0019), in their order.
GONE = {
    "accounts": ("0002_access_token",),
    "approvals": (
        "0002_after_the_start", "0003_english_summary", "0004_stoppages", "0005_marks_and_excuses",
    ),
    "deadlines": ("0002_stoppages", "0003_the_countys_own_days"),
    "inspection": ("0002_what_was_mended", "0003_the_draw", "0004_measures_in_full", "0005_stoppages"),
    "ledger": ("0004_counted_by",),
    "notify": ("0002_subject_in_english", "0003_ways_out"),
    "prereview": (
        "0002_stoppages", "0003_default_on_record", "0004_contest_and_withdrawal", "0005_service",
        "0006_marks_and_excuses", "0007_other_words", "0008_dispatch",
    ),
    "public_notice": ("0002_stoppages", "0003_bulletin"),
}  # fmt: skip


OPEN_SCANS = (
    "SELECT s.sha256, p.number FROM steps_seal s JOIN documents_paper p ON p.id = s.paper_id"
    " WHERE s.method = 'scan' AND s.state <> 'refused' ORDER BY s.id"
)


def refuse_half_way(using: str, **_more: Any) -> None:
    """Raise CommandError naming the apps whose tables are of an earlier version; a receiver of `pre_migrate`."""
    if behind := _behind(using):
        said = _(
            "数据库停在较早版本的中途（%(apps)s），不能直接升级：演示数据请删除 var/ 后重新运行；"
            "要保留的，请先用合并迁移之前的最后一版完成升级（docs/decisions/0019）。"
        )
        raise CommandError(said % {"apps": "、".join(behind)})


def refuse_twin_scans(using: str, **_more: Any) -> None:
    """Raise CommandError naming the papers that share one scan, which the coming version keeps apart (0064).

    Which of the two the scan is of only people can say, with the version that is still installed. A receiver of
    `pre_migrate`.
    """
    if twins := _twins(using):
        said = _(
            "同一份扫描件登记在两份文书上：%(papers)s。请先用现在安装的版本在“签章”页退回登记错的那一份，再升级"
            "（docs/decisions/0064）。"
        )
        raise CommandError(said % {"papers": "；".join(twins)})


def _twins(alias: str) -> list[str]:
    recorder = MigrationRecorder(connections[alias])
    steps = {name for app, name in recorder.applied_migrations() if app == "steps"}
    if "0002_seals" not in steps or "0003_a_scan_is_of_one_paper" in steps:
        return []
    shared: dict[str, list[str]] = {}
    with connections[alias].cursor() as cursor:
        cursor.execute(OPEN_SCANS)
        for digest, number in cursor.fetchall():
            shared.setdefault(digest, []).append(number)
    return ["、".join(numbers) for numbers in shared.values() if len(numbers) > 1]


def _behind(alias: str) -> list[str]:
    recorder = MigrationRecorder(connections[alias])
    applied = set(recorder.applied_migrations()) if recorder.has_table() else set()
    if not any((app, name) in applied for app, names in GONE.items() for name in names):
        return []  # made in one go, or new
    begun = {app for app, _name in applied}
    return sorted(a for a, names in GONE.items() if a in begun and (a, names[-1]) not in applied)
