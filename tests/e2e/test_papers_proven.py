"""A paper is sealed and corrected, and whoever holds it finds out alone: by its code, by its file, by a pack."""

import subprocess
import sys
from io import BytesIO

import pytest
from django.urls import reverse

from approvals.stages import Stage
from core import clock
from core.documents.models import Paper
from core.ledger.checkpoints import make_checkpoint
from core.steps.papers import render_one
from desk.services import evidence
from tests import seals
from tests.core.ledgers import key_file
from tests.desk.packs import BROKEN, NOT_SHOWN, PROGRAM, UNREADABLE, set_papers
from tests.e2e.audit import audit
from tests.walk import walk

pytestmark = pytest.mark.browser


@pytest.fixture
def listed(site, people, at, settings, tmp_path):
    """A case with its one-time notice, printed; a county with a certificate and a key for its checkpoints."""
    settings.CHECKPOINT_KEY, settings.LEDGER_NAME = key_file(tmp_path), "chengnuo.example/ledger"
    seals.put(tmp_path / "keys", settings)
    w = walk(people, at("2018-06-04 09:00"), to=Stage.LISTED)
    site.stand(w.now)
    render_one(w.filing.checklist_paper_id, w.now)
    set_papers(w)
    w.paper = Paper.objects.get(pk=w.filing.checklist_paper_id)
    return w


def signs(window, paper):
    """The window signs the notice with the county's certificate."""
    window.goes(reverse("approvals:paper_seal", args=[paper.code]))
    window.follow("用单位证书签名")
    window.press("签名")
    window.sees("已签名并核验")


def corrects(supervisor, case, paper):
    """Somebody else corrects a slip of the pen in it, from the list of the papers of the case."""
    supervisor.goes(reverse("approvals:papers", args=[case.public_id]))
    row = supervisor.page.locator("main tr", has_text=paper.number).first
    supervisor.leaves_by(row.get_by_role("link", name="更正", exact=True))
    supervisor.page.locator("main [name='p:project.name']").fill("示例项目二期")
    supervisor.fill(reason="漏写“二期”")
    supervisor.press("出具更正的文书")
    return Paper.objects.get(corrects=paper)


def compares(public, paper, content, *said):
    """A stranger opens the address of the QR code and holds a file against it."""
    public.goes(paper.content["verify_url"])
    public.hand_over(
        "file", {"name": "手里的.pdf", "mimeType": "application/pdf", "buffer": content}
    )
    public.press("比对")
    public.sees(*said)


def asks_for_pack(window, case, tmp_path):
    """The window asks for the pack of the case; the ticker makes it, and the window takes it along."""
    window.goes(reverse("desk:evidence", args=[case.public_id]))
    window.page.locator("main form button[type=submit]").click()
    window.sees("已申请的证据包")
    make_checkpoint(clock.now())
    assert evidence.make_packs(clock.now()) == 1
    window.goes(reverse("desk:evidence", args=[case.public_id]))
    with window.page.expect_download() as coming:
        window.page.get_by_role("link", name="下载证据包").click()
    coming.value.save_as(tmp_path / "pack.zip")
    return tmp_path / "pack.zip"


def test_whoever_holds_a_paper_finds_out_how_it_stands(site, listed, tmp_path):
    paper, case = listed.paper, listed.filing
    window, public = site.person("window"), site.person()
    signs(window, paper)
    with paper.file.open() as file:
        content = file.read()
    compares(public, paper, content, "现在的状态：有效", seals.COUNTY, "是本系统制发的文书")
    newer = corrects(site.person("supervisor"), case, paper)
    set_papers(listed)
    compares(
        public, paper, content, f"已更正，见{newer.number}", "文件是真的，但文书已不是现行有效的"
    )
    public.shoot("paper-corrected")
    wrong = audit(public.page)
    compares(public, paper, content + b"\n%%EOF\n", "不要据此办事")
    public.goes(newer.content["verify_url"])
    public.sees("有效", f"所更正的文书 {paper.number}")

    pack = asks_for_pack(window, case, tmp_path)
    window.shoot("pack")
    done = subprocess.run(
        [sys.executable, str(PROGRAM), str(pack)], capture_output=True, text=True, check=False
    )
    assert done.returncode == NOT_SHOWN, done.stdout  # no default of the case proves its calendar
    assert "没有与证据包相矛盾的" in done.stdout
    assert f"{paper.number}；后来由新的版本更正" in done.stdout
    assert "1件签章件都是台账所记核验过的" in done.stdout
    torn = BytesIO(pack.read_bytes().replace(newer.number.encode(), paper.number.encode()))
    (tmp_path / "torn.zip").write_bytes(torn.getvalue())
    forged = subprocess.run(
        [sys.executable, str(PROGRAM), str(tmp_path / "torn.zip")], capture_output=True, check=False
    )
    assert forged.returncode in (BROKEN, UNREADABLE)
    assert not wrong, "\n".join(wrong)
    assert not [*window.faults, *public.faults]  # a PDF in a window of its own has no icon
