"""证据包: what is void, corrected or sealed is in the pack, and the program holds it against the ledger."""

import json
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from accounts.services import system_actor
from approvals.models import Filing
from approvals.stages import Stage
from core.documents.models import Paper
from core.documents.signing import digest
from core.ledger.services import lock, record
from core.steps.checking import seals_at, versions_at, with_seals
from core.steps.correcting import void_paper
from core.steps.sealing import confirm_scan, hand_in_scan
from desk.stages import PackState
from inspection.services.archive_content import members_of
from tests.core.ledgers import key_file
from tests.desk.packs import (
    BROKEN,
    ask,
    bytes_of,
    checked,
    closed,
    make,
    opened,
    relisted,
    set_papers,
)
from tests.files import pdf_of
from tests.stories.test_papers_on_request import made
from tests.walk import walk

pytestmark = pytest.mark.django_db


def sealed(people, at, settings, tmp_path):
    """The list of a case sealed on paper and its receipt void; the pack, opened."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.CHECKPOINT_KEY, settings.LEDGER_NAME = key_file(tmp_path), "chengnuo.example/ledger"
    w = walk(people, at("2018-09-10 09:00"), to=Stage.NOTICED)
    notice, content = w.filing.checklist_paper, pdf_of(1)
    with transaction.atomic():
        lock(notice.book_id)
        notice.file_sha256 = digest(content)
        notice.file.save(f"papers/{notice.code}.pdf", ContentFile(content))
        record(
            notice.book, "render_paper", by=system_actor(), at=w.now, paper=notice.number, sha256=digest(content)
        )  # fmt: skip
    other = made(w, people.window, "DOC09")
    set_papers(w)
    scan = SimpleUploadedFile(
        "扫描件.pdf", content.replace(b"(Page", b"(Seal"), content_type="application/pdf"
    )
    w.do(hand_in_scan, notice, upload=scan, by=people.window)
    w.do(confirm_scan, notice, number=notice.number, by=people.convenor)
    w.do(void_paper, other, reason="发错对象", by=people.supervisor)
    pack = make(w, ask(w, people.window))
    assert pack.state == PackState.DONE, pack.said
    return notice, other, bytes_of(pack)


def listed(members):
    return {m["name"]: m for m in json.loads(members["manifest.json"])["members"]}


def an_archive_says_the_same(notice, void):
    """The bundle of the closed case: the scan itself under 签章/, of which paper it is, and what is void."""
    filing = Filing.objects.get(book=notice.book)
    found = {one.name: one for one in members_of(filing, void.issued_at + timedelta(days=1))}
    (seal,) = (one for name, one in found.items() if name.startswith("签章/"))
    assert digest(b"".join(seal.portions())) == seal.sha256
    assert (seal.facts["of"], seal.facts["over"]) == (notice.number, notice.file_sha256)
    said = {one.facts["number"]: one.facts for one in found.values() if "number" in one.facts}
    assert said[void.number]["voided_at"].startswith("2018-")
    assert said[notice.number]["voided_at"] is None


def test_a_stranger_sees_what_is_void_and_what_is_sealed(people, at, settings, tmp_path):
    notice, void, content = sealed(people, at, settings, tmp_path)
    members = opened(content)
    said = listed(members)
    papers = {m["number"]: m for m in said.values() if "number" in m}
    assert papers[void.number]["voided_at"].startswith("2018-")
    assert (papers[notice.number]["voided_at"], papers[notice.number]["corrected_by"]) == (
        None,
        None,
    )
    (seal,) = (m for name, m in said.items() if name.startswith("seals/"))
    assert (seal["of"], seal["over"], seal["method"]) == (notice.number, notice.file_sha256, "scan")
    code, findings, _said = checked(content, tmp_path)
    words = json.dumps(findings, ensure_ascii=False)
    assert code != BROKEN
    assert "1件签章件都是台账所记核验过的" in words
    assert f"{void.number}；文号后来作废" in words
    an_archive_says_the_same(notice, void)
    for change in ("not void", "not sealed", "other paper", "corrected"):
        other = said_otherwise(content, change, notice, void)
        assert checked(other, tmp_path)[0] == BROKEN, change


def test_what_is_said_of_many_papers_is_asked_at_once(people, at, django_assert_max_num_queries):
    w = walk(people, at("2018-09-10 09:00"), to=Stage.NOTICED)
    papers = Paper.objects.filter(book=w.filing.book)
    assert papers.count() > 3
    with django_assert_max_num_queries(3):
        for paper in with_seals(papers):
            assert not any(versions_at(paper, w.now).values())
            assert seals_at(paper, w.now) == []


def said_otherwise(content, change, notice, void):
    """The pack with a list that says something else, and closed again by somebody who knows how."""
    members = opened(content)
    manifest = json.loads(members["manifest.json"])
    for member in manifest["members"]:
        number, seal = member.get("number"), member["name"].startswith("seals/")
        if number == void.number and change == "not void":
            member["voided_at"] = None
        if number == notice.number and change == "corrected":
            member["corrected_by"] = void.number
        if seal and change == "other paper":
            member["of"] = void.number
        if seal and change == "not sealed":
            members[member["name"]] += b"x"
    members["manifest.json"] = json.dumps(manifest).encode()
    return closed(relisted(members))
