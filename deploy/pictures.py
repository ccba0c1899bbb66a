"""Take the pictures of README and docs/tour.md from a demonstration of its own: `make pictures`.

The demonstration is made in a folder that is thrown away, as of one fixed instant, and served on a free port; the
clock stands at that instant for every picture. Only codes drawn by lot (addresses, QR) differ from run to run.
"""

import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
INTO = ROOT / "docs" / "pictures"
AS_OF = datetime(2026, 11, 25, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
HEAVIEST = 250_000  # bytes; the repository keeps every version of every picture
WIDE, PHONE = 1440, 360
PAPER = "paper"


@dataclass(frozen=True)
class Picture:
    """One picture: whose page, where (an address, or a name of PLACES), how wide and high, what to do before."""

    name: str
    who: str
    where: str
    height: int = 900
    width: int = WIDE
    english: bool = False
    press: str = ""  # what is opened before, by its selector
    top: str = ""  # what is scrolled to the top


# The cases of counties/zuoquan/demo/open-cases that the pictures show, by the name of their project.
CASES = {
    "noticed": "清漳河畔露营服务区项目",
    "asked": "道地药材饮片生产项目",
    "received": "古村康养民宿集群项目",
    "correcting": "废旧保温材料再生利用项目",
    "draft": "防水卷材二期项目",
    "building": "农产品市场屋顶光伏二期项目",
    "accepting": "冷链分拣中心项目",
}
PICTURES = (
    Picture("front", "", "/", 1180),
    Picture(
        "trial",
        "",
        "/try/?procedure_type=filing&in_development_zone=no&site_features=heritage",
        900,
    ),
    Picture("register", "", "/notices/", 900),
    Picture("notice", "", "notice", 1100),
    Picture("objection", "", "object", 1100),
    Picture("desk", "convenor", "/desk/", 1000),
    Picture("desk-enterprise", "enterprise-01", "/desk/", 800),
    Picture("desk-window", "window", "/desk/", 1000),
    Picture("desk-department", "zjj", "/desk/", 800),
    Picture("desk-supervisor", "supervisor", "/desk/", 800),
    Picture("questionnaire", "enterprise-01", "questionnaire:draft", 1000),
    Picture("case", "window", "case:received", 1180),
    Picture("days", "window", "case:received", 800, press=".due summary >> nth=1"),
    Picture("meeting", "convenor", "session", 1000),
    Picture("matrix", "convenor", "matrix:asked", 1240),
    Picture("building", "window", "case:building", 1180, top="#works"),
    Picture("acceptance", "zjj", "acceptance:accepting", 1400),
    Picture("supervision", "supervisor", "/supervision/", 1100),
    Picture("front-en", "", "/", 1000, english=True),
    Picture("case-en", "window", "case:received", 1000, english=True),
    Picture("phone-notice", "", "notice", 740, PHONE),
    Picture("phone-desk", "enterprise-01", "/desk/", 740, PHONE),
    Picture("phone-case", "enterprise-01", "case:correcting", 740, PHONE),
    Picture("phone-matrix", "convenor", "matrix:asked", 740, PHONE),
)


# — the demonstration ————————————————————————————————————————————————————————————————————


def prepare(folder: Path, port: int) -> None:
    """Make the demonstration in a folder, as of the fixed instant."""
    folder.mkdir(parents=True, exist_ok=True)
    if (ROOT / "var" / "fonts").is_dir() and not (folder / "fonts").exists():
        (folder / "fonts").symlink_to((ROOT / "var" / "fonts").resolve())
    os.environ |= {
        "CHENGNUO_VAR": str(folder),
        "CHENGNUO_SECRET_KEY": "only-for-pictures-0123456789-abcdefghijklmnopqrstuvwxyz",
        "CHENGNUO_DEMO": "1",
        "CHENGNUO_TICK_SECONDS": "86400",
        "CHENGNUO_SITE_URL": f"http://localhost:{port}",
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        # The browser's driver leaves an event loop in this thread, at which Django would refuse the database.
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
    }
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from core import clock
    from deploy.prepare import main as bring_up

    with clock.driven(AS_OF):
        bring_up(static=True)


def stand() -> None:
    """Let the clock of the served demonstration stand at the fixed instant."""
    from django.utils import timezone

    from core import clock

    clock.keep_shift(AS_OF - timezone.now())


@contextmanager
def served(port: int) -> Iterator[str]:
    """Serve the demonstration until the block ends."""
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        "deploy/gunicorn.py",
        "config.wsgi:application",
    ]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)  # noqa: S603 - our own server
    url = f"http://localhost:{port}"
    try:
        for _n in range(120):
            with socket.socket() as door:
                if door.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.5)
        urlopen(f"{url}/").close()  # noqa: S310 - our own address
        yield url
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


# — where the pages are ——————————————————————————————————————————————————————————————————


def places() -> dict[str, str]:
    """Return the addresses of pages that carry a code drawn by lot."""
    from django.urls import reverse

    from approvals.models import Filing
    from prereview.models import Session

    found = {}
    for key, project in CASES.items():
        filing = Filing.objects.get(project_name=project, demonstration=True)
        for page, view in (
            ("case", "desk:case"),
            ("matrix", "prereview:matrix"),
            ("questionnaire", "approvals:questionnaire"),
            ("acceptance", "inspection:acceptance"),
        ):
            found[f"{page}:{key}"] = reverse(view, args=[filing.public_id])
        for notice in filing.notices.all() if key == "noticed" else ():
            found["notice"] = reverse("public_notice:notice", args=[notice.public_id])
            found["object"] = reverse("public_notice:object", args=[notice.public_id])
    meeting = Session.objects.filter(kind="meeting").latest("opens_at")
    return found | {"session": reverse("prereview:session", args=[meeting.public_id])}


# — taking and keeping ———————————————————————————————————————————————————————————————————


def keep(name: str, data: bytes) -> None:
    """Write a picture with a palette of its own; a heavy one ends the run."""
    from PIL import Image

    drawn = Image.open(io.BytesIO(data)).convert("RGB")
    drawn = drawn.quantize(colors=160, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    file = INTO / f"{name}.png"
    drawn.save(file, optimize=True)
    size = file.stat().st_size
    print(f"    {file.relative_to(ROOT)}  {drawn.width} × {drawn.height}  {size // 1000} kB")
    if size > HEAVIEST:
        sys.exit(f"error: {file.name} has {size} bytes, at most {HEAVIEST} are kept")


def log_in(page: Any, who: str) -> None:
    """Log in by the login page."""
    from desk.rules.people import PASSWORD

    page.goto("/accounts/login/")
    form = page.locator("form.form")
    form.locator("[name=login]").fill(who)
    form.locator("[name=password]").fill(PASSWORD)
    form.locator("button[type=submit]").click()
    page.wait_for_url("**/desk/")


def take(browser: Any, url: str, where: dict[str, str]) -> None:
    """Take every picture, one window for each person, width and language."""
    windows: dict[tuple[str, int, bool], Any] = {}
    for picture in PICTURES:
        stand()
        key = (picture.who, picture.width, picture.english)
        if key not in windows:
            context = browser.new_context(base_url=url, locale="zh-CN", reduced_motion="reduce")
            windows[key] = context.new_page()
            if picture.who:
                log_in(windows[key], picture.who)
            if picture.english:
                windows[key].goto("/")
                windows[key].get_by_role("button", name="English").click()
        page = windows[key]
        page.set_viewport_size({"width": picture.width, "height": picture.height})
        page.goto(where.get(picture.where, picture.where))
        if picture.press:
            page.locator(picture.press).click()
            page.mouse.move(0, 0)
        if picture.top:
            page.locator(picture.top).evaluate("e => e.scrollIntoView({block: 'start'})")
        keep(picture.name, page.screenshot())


def take_paper() -> None:
    """Set the papers of the cases that are shown, and keep the first sheet of a notice as it is printed."""
    from approvals.models import Filing
    from core.documents.models import Paper
    from core.steps.papers import render_one

    shown = Filing.objects.filter(project_name__in=CASES.values()).values("book_id")
    for key in Paper.objects.filter(book__in=shown).values_list("pk", flat=True):
        render_one(key, AS_OF)
    notice = Paper.objects.filter(book__in=shown, template="public_notice").latest("pk")
    command = ["pdftoppm", "-r", "96", "-f", "1", "-l", "1", "-png", notice.file.path]
    drawn = subprocess.run(command, capture_output=True, check=True).stdout  # noqa: S603 - our own file
    keep(PAPER, drawn)


def main() -> None:
    """Make, serve, take, throw away."""
    names = ("chromium", "chromium-browser", "chromium-headless-shell")
    chromium = next(filter(None, map(shutil.which, names)), None)
    if chromium is None or shutil.which("pdftoppm") is None:
        sys.exit(
            "error: the pictures need chromium and poppler-utils; `make pictures` installs them where it may"
        )
    port = free_port()
    kept = os.environ.get("PICTURES_VAR", "")
    folder = Path(kept or tempfile.mkdtemp(prefix="pictures-")).resolve()
    try:
        prepare(folder, port)
        from playwright.sync_api import sync_playwright

        INTO.mkdir(parents=True, exist_ok=True)
        where = places()
        stand()
        take_paper()
        with served(port) as url, sync_playwright() as driver:
            browser = driver.chromium.launch(
                executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
            )
            take(browser, url, where)
            browser.close()
    finally:
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
