"""文书验真: a code as people type it, a file that is kept nowhere, and nothing of what a private paper says."""

import hashlib
import tempfile

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from approvals.services.checking import GUESSING
from approvals.stages import Stage
from core import clock
from core.documents.digests import reckon
from core.documents.models import Paper
from core.ledger.checkpoints import make_checkpoint
from core.ledger.services import record
from core.steps.checking import code_of
from tests.approvals.browse import Browser, text
from tests.conftest import instant
from tests.core.ledgers import key_file
from tests.files import pdf_of
from tests.standing import standing
from tests.walk import walk

pytestmark = pytest.mark.django_db
walked, served = standing(lambda people: walk(people, instant("2018-03-05 09:00"), to=Stage.LISTED))
FROZEN = pdf_of(2)


@pytest.fixture
def paper(served, settings, tmp_path):
    """The one-time notice of the case with a file of a few bytes in the place of the printed one."""
    settings.MEDIA_ROOT = tmp_path / "files"
    found = served.filing.checklist_paper
    found.file_sha256, found.rendered_at = hashlib.sha256(FROZEN).hexdigest(), served.now
    found.file.save("papers/a.pdf", ContentFile(FROZEN), save=True)
    with clock.driven(served.now):
        record(
            found.book, "render_paper", by=served.people.window, at=served.now, paper=found.number,
            sha256=found.file_sha256,
        )  # fmt: skip
    return found


@pytest.fixture
def nobody(served):
    return Browser(None, served.now)


def sent(nobody, content, *code):
    name = "check_paper" if code else "check"
    return text(nobody.post(name, *code, file=ContentFile(content, name="a.pdf")))


CODE = "0123456789abcdef"
TYPED = {
    CODE: CODE,
    f" {CODE.upper()} ": CODE,
    "0123-4567 89ab-cdef": CODE,
    f"https://chengnuo.example/papers/check/{CODE}/": CODE,
    "O123456789ABCDEF": CODE,
    "ol23456789abcdef": CODE,
    "０１２３４５６７８９ａｂｃｄｅｆ": CODE,
    "左承告〔2018〕12号": "像是文号",
    "123": "您填的是3位",
    f"{CODE}0": "您填的是17位",
    "0123456789abcdeg": "没有“g”",
    "x" * 5_000: "没有“x”",
    "///": "您填的是0位",
}


@pytest.mark.parametrize(("typed", "wanted"), TYPED.items())
def test_a_code_as_it_is_typed(typed, wanted):
    code, why = code_of(typed)
    assert code == wanted if wanted == CODE else wanted in why
    assert not (code and why)


def test_a_typed_code_leads_to_its_page_and_a_wrong_one_to_an_answer(nobody, paper):
    there = nobody.get("check", code=paper.code.upper())
    assert there.status_code == 302
    assert there["Location"].endswith(f"/papers/check/{paper.code}/")
    assert nobody.get("check").status_code == 200
    for wrong in (paper.code[:-1], paper.number, "zzz"):
        page = nobody.get("check", code=wrong)
        assert page.status_code == 404
        assert "请对照文书再看一遍" in text(page) or "像是文号" in text(page)


def test_it_says_number_digest_place_and_checkpoint_and_nothing_of_the_content(
    nobody, paper, served, settings, tmp_path
):
    settings.CHECKPOINT_KEY, settings.LEDGER_NAME = key_file(tmp_path), "chengnuo.example/ledger"
    Paper.objects.filter(pk=paper.pk).update(public=False)
    page = text(nobody.get("check_paper", paper.code))
    assert "还没有：每天生成一个" in page
    with clock.driven(served.now):
        made = make_checkpoint(served.now)
    page = text(nobody.get("check_paper", paper.code))
    for said in (
        paper.number,
        paper.file_sha256,
        f"第{made.number}号检查点",
        served.filing.book.code,
    ):
        assert said in page
    for kept in (served.filing.project_name, str(served.filing.enterprise)):
        assert kept not in page
    assert "不说明内容是否属实" in page


def test_a_file_is_told_with_and_without_its_code(nobody, paper):
    assert "一个字节都不差" in sent(nobody, FROZEN, paper.code)
    whole = sent(nobody, FROZEN)
    assert "一个字节都不差" in whole
    assert paper.number in whole
    assert "后面多出3字节" in sent(nobody, FROZEN + b"abc")
    assert "不是本系统制发的文件" in sent(nobody, pdf_of(3), paper.code)
    other = Paper.objects.exclude(pk=paper.pk).first()
    if other is not None:
        assert "不是这个校验码的那一份" in sent(nobody, FROZEN, other.code)
    assert "请选择文件" in text(nobody.post("check_paper", paper.code))


def test_a_large_file_runs_past_and_lies_nowhere(nobody, paper, settings, tmp_path, monkeypatch):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "temporary"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()

    def refused(*_args, **_more):
        raise AssertionError("a temporary file")

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", refused)
    large = FROZEN + b"x" * (3 << 20)
    assert f"后面多出{3 << 20}字节" in sent(nobody, large, paper.code)
    settings.UPLOAD_MAX_BYTES = 1 << 20
    assert "文件太大" in sent(nobody, large, paper.code)
    assert list(settings.FILE_UPLOAD_TEMP_DIR.iterdir()) == []


def test_a_browser_may_send_the_digests_alone(nobody, paper):
    found = reckon(FROZEN + b"abc")
    parts = " ".join(f"{size}:{digest}" for digest, size in found.beginnings.items())
    said = {"sha256": found.sha256, "size": found.size, "beginnings": parts}
    assert "后面多出3字节" in text(nobody.post("check_paper", paper.code, **said))
    for wrong in ({"sha256": "x"}, {"size": "-1"}, {"beginnings": "1:2"}, {"size": "9" * 40}):
        assert "摘要不完整" in text(nobody.post("check_paper", paper.code, **{**said, **wrong}))


def test_who_only_guesses_waits_and_a_form_of_another_site_is_refused(nobody, paper):
    for number in range(GUESSING.from_one):
        assert nobody.get("check", code=f"{number:016x}").status_code == 404
    slow = nobody.get("check", code="f" * 16)
    assert slow.status_code == 429
    assert int(slow["Retry-After"]) > 0
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(
        f"/papers/check/{paper.code}/", {"file": ContentFile(FROZEN, name="a.pdf")}
    )
    assert answer.status_code == 403


def test_programs_ask_the_same(client, paper, served):
    with clock.driven(served.now):
        said = client.get(
            "/api/v1/paper-check/", {"code": paper.code, "sha256": paper.file_sha256}
        ).json()
        assert (said["paper"]["number"], said["verdict"]) == (paper.number, "ours")
        assert (said["valid"], said["signed"]) == (True, [])
        assert said["place"]["book"] == served.filing.book.code
        other = client.get("/api/v1/paper-check/", {"sha256": "0" * 64}).json()
        assert (other["paper"], other["verdict"]) == (None, "unknown")
        assert client.get("/api/v1/paper-check/", {"sha256": "x"}).status_code == 422
