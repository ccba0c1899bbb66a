"""A browser before a running county: real logins, real pages, and a clock that a test moves on for both sides.

The clock of a test stands in a context that the server's thread never sees; what both read is the shift of a
demonstration, kept in a file. So these tests run a demonstration county.
"""

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core import clock
from core.deadlines.services import sweep
from tests.conftest import instant
from tests.e2e.person import Person

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # All windows are of one site: one process draws them.
    "--process-per-site",
    "--renderer-process-limit=1",
    "--disable-site-isolation-trials",
    "--in-process-gpu",
    "--disable-breakpad",
)
# Without a window to draw, as Debian has it apart, a page costs a third of the processor; it is the same engine.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")
PATIENCE = 45_000  # milliseconds until a click that finds nothing fails
SOON = 15_000  # milliseconds in which a page becomes what is expected of it, beside another browser


def pytest_collection_modifyitems(items):
    """The whole story takes longest: it begins first, and the others pass beside it."""
    items.sort(key=lambda item: "test_story.py::test_from_filing" not in item.nodeid)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory):
    """A database in a file, as a county has it: each request with a connection of its own, waiting for the lock.

    One in memory is a single connection that all threads share, at which two requests at once break off.
    """
    database = configured.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "county.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def kept_styles():
    """Styles and scripts may be kept by the browser for a while, as a county's server tells it."""
    serve = StaticFilesHandler.serve

    def served(handler, request):
        answer = serve(handler, request)
        answer["Cache-Control"] = "max-age=3600"
        return answer

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(StaticFilesHandler, "serve", served)
        yield


@pytest.fixture(scope="session")
def browser():
    """Chromium of the system, once for all tests; without one they are skipped."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("skipped: chromium is not installed; `make test` installs it where it may")
    # The browser's driver leaves an event loop in this thread, at which Django would refuse to touch the database.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=SOON)

    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=found, args=list(QUIET))
        yield started
        started.close()


@dataclass
class Site:
    """The served county: its address, its clock, and the people before it."""

    url: str
    browser: object
    shots: Path | None

    def __post_init__(self):
        self.everyone, self.by_form, self.by_keys = [], False, False

    def stand(self, at):
        """Let the clock of the server and of this test stand at an aware instant; it runs on from there."""
        clock.keep_shift(at - timezone.now())

    def until(self, text):
        """Go on to 2018-05-11 09:00, and let the system act on what has passed by then."""
        self.stand(instant(text))
        sweep(clock.now())

    def person(self, username=None, *, width=1280, scripts=True):
        """A person with a browser of their own; with a username, at the desk of that person.

        The whole story (`by_form`) logs everybody in by the login page; elsewhere the session is opened beforehand and
        its cookie handed over, as the login page would. It is walked by the keyboard alone, too (`by_keys`).
        """
        context = self.browser.new_context(
            base_url=self.url,
            locale="zh-CN",
            viewport={"width": width, "height": 900},
            java_script_enabled=scripts,
            accept_downloads=True,
        )
        context.set_default_timeout(PATIENCE)
        one = Person(context, username or "public", self.shots, keys=self.by_keys)
        self.everyone.append(one)
        if username and self.by_form:
            one.log_in(username)
        elif username:
            context.add_cookies([self._entered(username)])
            one.goes("/desk/")
        return one

    def _entered(self, username):
        """The cookie of a session of this person."""
        client = Client()
        user = User.objects.get(username=username)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        kept = client.cookies[configured.SESSION_COOKIE_NAME]
        return {"name": kept.key, "value": kept.value, "url": self.url}

    def faults(self):
        """What any browser complained of: script errors, refusals by the content policy, failed requests."""
        return [fault for one in self.everyone for fault in one.faults]

    def leave(self):
        """Close every browser window."""
        for one in self.everyone:
            one.context.close()


@pytest.fixture
def site(browser, live_server, settings, tmp_path):
    """A demonstration county served to browsers, in working hours of May 2018."""
    settings.DEMO = True
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.SITE_URL = live_server.url
    cache.clear()
    kept = os.environ.get("E2E_SHOTS", "")
    here = Site(re.sub(r"/$", "", live_server.url), browser, Path(kept) if kept else None)
    here.stand(instant("2018-05-07 09:00"))
    yield here
    here.leave()
