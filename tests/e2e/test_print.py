"""A case and a notice on paper: no navigation, black on white, addresses, page numbers, the days of every limit."""

import re
import shutil
import subprocess

import pytest
from django.urls import reverse

from approvals.stages import Stage
from tests.walk import walk

pytestmark = pytest.mark.browser

A4 = {"format": "A4", "prefer_css_page_size": True}
MOST = 6  # sheets of a case or a notice

# What is dark where it should be white, or coloured where it should be black.
INK = """() => [...document.querySelectorAll('body, .banner *, main *')].flatMap(e => {
  if (!e.getClientRects().length) { return []; }
  const style = getComputedStyle(e), own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
  const drawn = e.closest('.mark, .month, .stage, .qr, .light, .due-date');
  const found = [];
  if (!drawn && own && style.color !== 'rgb(0, 0, 0)') {
    found.push(style.color + ' ' + e.textContent.trim().slice(0, 20)); }
  if (!drawn && !['rgba(0, 0, 0, 0)', 'rgb(255, 255, 255)'].includes(style.backgroundColor)) {
    found.push(style.backgroundColor + ' behind ' + e.tagName + '.' + e.className); }
  return found;
})"""
GONE = ("header", ".mainnav", ".foot", ".skip", ".steps", "form", ".btn")


@pytest.fixture
def noticed(site, people, at):
    """A case whose notice is running."""
    case = walk(people, at("2018-05-07 09:00"), to=Stage.NOTICED)
    site.stand(case.now)
    return case


def pdf_of(person, path, name, tmp_path):
    """Print an address; return the text of its sheets."""
    person.goes(path)
    person.page.emulate_media(media="print")
    shown = [place for place in GONE if person.page.locator(f"{place} >> visible=true").count()]
    assert not shown, f"{name} prints {shown}"
    assert person.page.evaluate(INK) == []
    file = tmp_path / f"{name}.pdf"
    person.page.pdf(path=file, **A4)
    person.page.emulate_media(media="screen")
    if person.shots:
        shutil.copy(file, person.shots / file.name)
    text = subprocess.run(
        ["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True
    ).stdout
    sheets = text.rstrip("\f").split("\f")
    assert len(sheets) <= MOST
    for number, sheet in enumerate(sheets, 1):
        assert re.search(rf"\b{number} ?/ ?{len(sheets)}\s*$", sheet), sheet[-200:]
    return re.sub(r"\s+", "", text)


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="skipped: poppler-utils is missing")
def test_case_and_notice_print(site, noticed, tmp_path):
    window = site.person("window")
    path = reverse("desk:case", args=[noticed.filing.public_id])
    said = pdf_of(window, path, "case", tmp_path)
    for words in (
        noticed.filing.project_name,
        "公示中",
        "部门意见",
        "法定审批",
        "项目信息",
        "经过",
    ):
        assert words in said
    assert "起始日，不计" in said, "the days of the running limit are printed"

    public = site.person()
    notice = f"/notices/{noticed.notice.public_id}/"
    said = pdf_of(public, notice, "notice", tmp_path)
    for words in ("承诺事项和标准", "内容摘要", "起始日，不计"):
        assert words in said
    assert f"{site.url}/notices/" in said, "the address of the notice is printed"
    assert not site.faults()
