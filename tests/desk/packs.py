"""Packs of evidence in tests: a case with a default, papers that are there, and the program that checks."""

import hashlib
import importlib.util
import io
import json
import zipfile

from django.core.files.base import ContentFile
from django.db import transaction

from accounts.services import system_actor
from core import clock
from core.documents.models import Paper
from core.ledger.services import lock, record
from desk.services import evidence
from tests.house.source import ROOT

PROGRAM = ROOT / "docs" / "verify" / "chengnuo-verify.py"
HOLDS, BROKEN, UNREADABLE, NOT_FOUND, NOT_SHOWN = range(5)


def _loaded():
    spec = importlib.util.spec_from_file_location("chengnuo_verify_pack", PROGRAM)
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


verifier = _loaded()


def set_papers(w):
    """Something short in the place of each PDF, written down as the renderer does."""
    for paper in Paper.objects.filter(file=""):
        content = f"%PDF {paper.number}".encode()
        with transaction.atomic():
            lock(paper.book_id)
            paper.file_sha256 = hashlib.sha256(content).hexdigest()
            paper.file.save(f"papers/{paper.code}.pdf", ContentFile(content), save=True)
            record(
                paper.book, "render_paper", by=system_actor(), at=w.now, paper=paper.number, sha256=paper.file_sha256
            )  # fmt: skip


def ask(w, by, **more):
    """Ask for a pack at the story's hour."""
    with clock.driven(w.now):
        return evidence.ask_evidence(w.filing, by=by, at=w.now, **more)


def make(w, pack):
    """What the ticker does; the pack as it is then."""
    with clock.driven(w.now):
        evidence.make_packs(w.now)
    pack.refresh_from_db()
    return pack


def bytes_of(pack):
    with pack.file.open("rb") as file:
        return file.read()


def opened(content):
    """The members of a pack by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


def closed(members, packing=zipfile.ZIP_STORED):
    """A pack of members, as somebody may put it together."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", packing) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return whole.getvalue()


def relisted(members):
    """The list made anew for members that were changed, as somebody does who knows how."""
    manifest = json.loads(members["manifest.json"])
    for member in manifest["members"]:
        member["sha256"] = hashlib.sha256(members[member["name"]]).hexdigest()
    return {**members, "manifest.json": json.dumps(manifest).encode()}


def checked(content, folder, *arguments):
    """Exit code, findings and both sentences of the program."""
    path = folder / "pack.zip"
    path.write_bytes(content)
    said = verifier.asked([str(path), *map(str, arguments)])
    code, found, chinese, english = verifier.check_pack(said)
    assert chinese.endswith("。")
    assert english.endswith(".")
    return code, found["findings"], chinese
