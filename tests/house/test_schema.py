"""The schema: no model without its migration, no migration that leans on what will change."""

import ast

import pytest
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

from tests.house.source import PACKAGES, ROOT, imports

MIGRATIONS = sorted(
    str(path.relative_to(ROOT))
    for package in PACKAGES
    for path in (ROOT / package).rglob("migrations/[0-9]*.py")
)
# From the ground up, as the import contracts say; what stands on one line are siblings.
ORDER = (
    ("accounts",),
    ("ledger", "documents", "notify"),
    ("deadlines",),
    ("steps",),
    ("approvals",),
    ("prereview", "inspection"),
    ("public_notice",),
    ("desk",),
)
RANK = {label: rank for rank, labels in enumerate(ORDER) for label in labels}
# An attachment and a paper name their book as a word, not by import, and it is the ground they lie on.
SIBLINGS = {("documents", "ledger")}


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("place", MIGRATIONS)
def test_a_migration_imports_no_services(place):
    named = set(imports(ast.parse((ROOT / place).read_text(encoding="utf-8"))))
    parts = {part for name in named for part in name.split(".")}

    assert not parts & {"services", "queries", "views", "forms"}


def test_migrations_depend_the_way_the_imports_do():
    graph = MigrationLoader(None).disk_migrations
    wrong = {
        (label, other)
        for (label, _name), migration in graph.items()
        if label in RANK
        for other, _other_name in migration.dependencies
        if other in RANK and other != label and RANK[other] >= RANK[label]
    }

    assert wrong <= SIBLINGS


@pytest.mark.parametrize("label", [label for labels in ORDER for label in labels])
def test_the_migrations_of_an_app_are_one_line(label):
    """Beside the steps there may be one migration that makes all of it at once; it stands for exactly these steps."""
    of_app = {
        name: migration
        for (app, name), migration in MigrationLoader(None).disk_migrations.items()
        if app == label
    }
    at_once = [migration for migration in of_app.values() if migration.replaces]
    found = [migration for migration in of_app.values() if not migration.replaces]
    for short in at_once:
        assert {name for _app, name in short.replaces} == {step.name for step in found}
        assert {app for app, _name in short.replaces} == {label}
    assert len(at_once) <= 1
    inside = [other for migration in found for app, other in migration.dependencies if app == label]

    assert len(inside) == len(set(inside)) == max(len(found) - 1, 0)
