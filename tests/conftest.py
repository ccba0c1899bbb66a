"""The county as its pack says, the people in it, and a clock that a test drives.

The pack is loaded once for the session; what a test writes is rolled back. A test that needs real commits
(a live server, threads) asks for `transactional_db` or `live_server`: there the county is put back as it was loaded.
"""

import gc
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from inspect import signature
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.contrib.contenttypes.management import create_contenttypes
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache, caches
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.db.models.signals import post_migrate
from django.test import override_settings
from pytest_django.plugin import blocking_manager_key

from accounts.models import County, Membership
from accounts.services import system_actor
from core import clock
from core.ledger import append_only
from desk.rules.pack import read_pack
from desk.services.county import load_pack
from desk.services.people import enterprise_account, load_people
from tests.loaded import LOADED
from tests.planned import keep_planned
from tests.share import (
    DEALT,
    REAL,
    SHARED,
    TOUCHES_NONE,
    asks_what_touches_none,
    deal,
    note_left,
    place,
    touches_a_database,
)
from tests.trodden import TRODDEN

SHIPPED = Path(__file__).parents[1] / "counties" / "zuoquan"


def instant(text):
    """2018-06-15 09:30 in the county's zone; a day alone is its midnight."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


OPENED = instant("2017-01-03 09:00")
PERMISSIONS = "django.contrib.auth.management.create_permissions"
EMPTIED = []  # set by a test with real commits: its tables were emptied afterwards


def load_county():
    ContentType.objects.clear_cache()
    if LOADED.put_back():
        return
    TRODDEN.forget()
    # What a page of the administration would otherwise make while it is read.
    for app in apps.get_app_configs():
        create_contenttypes(app, verbosity=0)
    load_pack(read_pack(SHIPPED), by=system_actor(), at=OPENED)
    with override_settings(DEMO=True, COUNTY_PACK=SHIPPED):
        load_people(at=OPENED)
        enterprise_account(number=1, name="示例新材料有限公司", person="赵示例甲", at=OPENED)
        enterprise_account(number=2, name="示例食品有限公司", person="钱示例乙", at=OPENED)
    LOADED.keep()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """The files that take longest begin first, so that at the end both processes are done at about the same time.

    Tests that this database does not do in this run of `make test` are left out, and those it does alone say so.
    """
    dealt = deal(items) if SHARED else [None] * len(items)
    elsewhere = [item for item, to in zip(items, dealt, strict=True) if not _done_here(item, to)]
    if SHARED and (record := config.option.xmlpath):
        note_left(record, elsewhere)
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        left = {*elsewhere}
        items[:] = [item for item in items if item not in left]
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def _done_here(item, to):
    """Whether this database does a test that is dealt `to` one or to none; what touches none is done with the first."""
    if not touches_a_database(item):
        item.user_properties.append(TOUCHES_NONE)
        return asks_what_touches_none()
    if to is not None:
        item.user_properties.append(DEALT)
    return to in (None, place())


def pytest_collection_finish(session):
    """What was loaded stays until the end: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session):
    """Nor at the end, where pytest has everything looked through once more."""
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database with the shipped county in it."""
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            keep_planned()
        load_county()
        TRODDEN.watch()
        # Emptied tables are filled by `load_county`, not by what a migration makes.
        post_migrate.disconnect(create_contenttypes)
        post_migrate.disconnect(dispatch_uid=PERMISSIONS)


# Beside the ledger's own: tables that the database keeps from change.
APPEND_ONLY = [
    "approvals_draftedit",
    "approvals_fetched",
    "approvals_handover",
    "approvals_materialfile",
    "approvals_standing",
    "approvals_standingfile",
    "inspection_checkphoto",
    "inspection_checkstatement",
    "inspection_drawpledge",
    "inspection_earlystart",
    "inspection_nodechange",
    "inspection_nodestrike",
    "inspection_unusedpledge",
    "ledger_checkpoint",
    "ledger_checkpointkey",
    "ledger_span",
    "prereview_conflictsettlement",
    "prereview_dispatchattempt",
    "prereview_enteredopinion",
    "prereview_reassignment",
    "prereview_sitefinding",
    "prereview_sitephoto",
    "prereview_sitesignature",
    "prereview_summonsattempt",
    "public_notice_hit",
    "public_notice_posting",
    "public_notice_openmatter",
]


def _ledger_triggers(migration_function):
    for migration in ("0002_append_only", "0003_no_truncate"):
        module = import_module(f"core.ledger.migrations.{migration}")
        with connection.schema_editor() as editor:
            getattr(module, migration_function)(apps, editor)
    with connection.schema_editor() as editor:
        getattr(append_only, migration_function)(apps, editor, APPEND_ONLY)


def empty_the_tables():
    """Take back what was really committed; the county is loaded anew before the next test."""
    _ledger_triggers("allow")
    call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)
    EMPTIED.append(True)


@pytest.fixture
def transactional_db(transactional_db):
    """Real commits: the tables are emptied afterwards, for which the ledger's lock must be taken off."""
    if not County.objects.exists():
        _ledger_triggers("forbid")
        load_county()
    yield
    _ledger_triggers("allow")
    EMPTIED.append(True)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Load the county anew where a test with real commits came before, whatever the order of the files."""
    if EMPTIED and "transactional_db" not in item.fixturenames:
        with item.config.stash[blocking_manager_key].unblock():
            _ledger_triggers("forbid")
            load_county()
        EMPTIED.clear()
    # In a test with real commits every way is walked.
    TRODDEN.begin(
        patched="monkeypatch" in signature(item.function).parameters
        or not REAL.isdisjoint(item.fixturenames)
    )


@pytest.fixture(autouse=True)
def _no_demonstration(settings):
    settings.DEMO = False


@pytest.fixture(autouse=True)
def _nothing_counted():
    """How often somebody has called is not carried from one test into another, nor a room that was drawn."""
    cache.clear()
    caches["rooms"].clear()
    caches["open"].clear()


@pytest.fixture
def kept_connection():
    """The end of a request leaves the test's transaction alone, as Django's own client sees to."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def at():
    """`at("2018-06-15 09:30")` is that instant in the county's zone."""
    return instant


@pytest.fixture
def driven():
    """The clock stands where a test says, in a with-block: 2018-06-15 09:30."""

    @contextmanager
    def stand(text):
        with clock.driven(instant(text)) as nothing:
            yield nothing

    return stand


@pytest.fixture
def county(db):
    """The county of the shipped pack."""
    return County.objects.select_related("window", "supervision").get()


@dataclass(frozen=True)
class People:
    """Memberships by what they are for."""

    window: Membership
    convenor: Membership
    supervisor: Membership
    administrator: Membership
    enterprise: Membership
    other_enterprise: Membership

    def department(self, code):
        """The clerk of a department: people.department("SLJ")."""
        return _member(organisation__code=code, role="clerk")

    def head(self, code):
        """The head of a department: people.head("SLJ")."""
        return _member(organisation__code=code, role="head")


def _member(**facts):
    return Membership.objects.select_related("user", "organisation").get(**facts)


def everybody():
    """One person for each role; departments by code."""
    roles = ("window", "convenor", "supervisor", "administrator")
    return People(
        **{role: _member(role=role) for role in roles},
        enterprise=_member(user__username="enterprise-01"),
        other_enterprise=_member(user__username="enterprise-02"),
    )


@pytest.fixture
def people(county):
    """One person for each role; departments by code."""
    return everybody()
