"""证据包: whoever it concerns gets one; a stranger reckons the default anew from it, and a forged one does not hold."""

import json
import subprocess
import sys
import zipfile
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command

from approvals.stages import Stage
from core import clock
from core.ledger.checkpoints import newest
from core.ledger.models import Entry
from core.steps.reasons import NotNow
from desk.models import EvidencePack
from desk.queries.evidence import packs_of
from desk.services import evidence
from desk.services.evidence_writing import write_pack
from desk.stages import PackCopy, PackState
from prereview.models import Opinion
from tests.core.ledgers import key_file
from tests.desk import forgeries
from tests.desk.packs import (
    BROKEN,
    HOLDS,
    NOT_SHOWN,
    PROGRAM,
    UNREADABLE,
    ask,
    bytes_of,
    checked,
    closed,
    make,
    opened,
    relisted,
    set_papers,
)
from tests.walk import walk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.CHECKPOINT_KEY, settings.LEDGER_NAME = key_file(tmp_path), "chengnuo.example/ledger"


@pytest.fixture
def drawn(people, at):
    """A meeting before the National Day holiday: one came and said nothing, one before a red line, one stayed away."""
    w = walk(people, at("2018-09-19 09:00"), to=Stage.PREREVIEWING)
    w.until(at("2018-09-26 09:00"))
    w.call_meeting()
    w.hold(w.meeting, silent=["QXJ", "ZRJ"], absent=["XFD"])
    w.until(at("2018-10-16 09:00"))
    set_papers(w)
    w.default = Opinion.objects.exclude(proof={}).get(slot__department__code="QXJ")
    return w


def whom_it_concerns(w, people, at):
    """Each side its own copy, and nobody else."""
    for stranger in (people.other_enterprise, people.department("ZJJ"), people.administrator):
        with pytest.raises(PermissionDenied):
            ask(w, stranger, default=w.default)
    # A department has packs of its own defaults, not of the whole case.
    with pytest.raises(PermissionDenied):
        ask(w, people.department("QXJ"))
    draft = walk(people, at("2018-10-12 09:00"), to=Stage.DRAFT)
    with pytest.raises(NotNow), clock.driven(w.now):
        evidence.ask_evidence(draft.filing, by=people.enterprise, at=w.now)
    other = walk(people, w.now, to=Stage.SUBMITTED).filing
    with pytest.raises(ValidationError), clock.driven(w.now):
        evidence.ask_evidence(other, default=w.default, by=people.window, at=w.now)

    copies = {
        PackCopy.ENTERPRISE: ask(w, people.enterprise),
        PackCopy.DEPARTMENT: ask(w, people.department("QXJ"), default=w.default),
        PackCopy.OFFICE: ask(w, people.supervisor),
        PackCopy.COURT: ask(w, people.window, purpose="示例法院（2018）示例1号"),
    }
    for copy, pack in copies.items():
        assert pack.copy == copy
        assert pack in packs_of(pack.asked_by)
    assert (
        set(packs_of(people.department("ZJJ"))) == set(packs_of(people.other_enterprise)) == set()
    )
    assert copies[PackCopy.COURT] not in packs_of(people.enterprise)


def twice_it_is_made_once(w, people):
    """The same side asks again: the same pack, while it is made and when nothing has happened since."""
    first = ask(w, people.supervisor)
    assert ask(w, people.window) == first
    assert make(w, EvidencePack.objects.get(copy=PackCopy.ENTERPRISE)).state == PackState.DONE
    for _each in range(3):
        evidence.make_packs(w.now)
    assert evidence.make_packs(w.now) == 0
    first.refresh_from_db()
    assert (first.state, first.size) == (PackState.DONE, len(bytes_of(first)))
    assert ask(w, people.window) == first
    said = [json.loads(entry.payload) for entry in Entry.objects.filter(act="issue_evidence")]
    assert {one["copy"] for one in said} == set(PackCopy.values)
    assert first.sha256 in {one["sha256"] for one in said}
    return first


def test_it_is_asked_for_made_once_and_refused_where_a_paper_was_changed(drawn, people, at):
    w = drawn
    whom_it_concerns(w, people, at)
    first = twice_it_is_made_once(w, people)
    # Once something has happened in the case a new one is made; it waits until all papers are there.
    w.conclude()
    pack = ask(w, people.window)
    assert pack != first
    assert make(w, pack).state == PackState.WAITING
    set_papers(w)
    with open(w.default.paper.file.path, "ab") as file:  # noqa: PTH123 - somebody with the disk
        file.write(b"x")
    with pytest.raises(CommandError, match="没有完成"), clock.driven(w.now):
        call_command("make_evidence", stdout=StringIO())
    pack.refresh_from_db()
    assert (pack.state, pack.file.name) == (PackState.FAILED, "")
    assert "摘要不符" in pack.said


def a_stranger_runs_it(content, folder):
    """Unpacked, by the program that is in it, with nothing but Python."""
    members = opened(content)
    for name, inside in members.items():
        path = folder / "unpacked" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(inside)
    (folder / "kept.zip").write_bytes(content)
    (folder / "checkpoint").write_text(newest().text)
    program = folder / "unpacked" / "verify" / "chengnuo-verify.py"
    assert program.read_bytes() == PROGRAM.read_bytes()
    command = [sys.executable, "-I", "-S", str(program), "kept.zip", "--checkpoint", "checkpoint"]
    ran = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env={"PATH": ""}
    )
    assert ran.returncode == HOLDS, ran.stdout + ran.stderr
    assert "2018-10-08" in ran.stdout
    assert "逐日表每一天相符" in ran.stdout


def test_a_stranger_reckons_every_default_anew_and_a_forged_pack_does_not_hold(
    drawn, people, tmp_path
):
    w = drawn
    one = make(w, ask(w, people.window, default=w.default))
    a_stranger_runs_it(bytes_of(one), tmp_path)
    mine = make(w, ask(w, people.department("QXJ"), default=w.default))
    whole = [make(w, ask(w, by)) for by in (people.supervisor, people.enterprise)]
    for pack in (mine, *whole):
        code, found, _said = checked(bytes_of(pack), tmp_path)
        assert code in (HOLDS, NOT_SHOWN), found
        assert all(one["holds"] is not False for one in found)
    assert checked(bytes_of(whole[0]), tmp_path)[0] == HOLDS
    the_enterprise_reads_no_words_of_the_house(w, opened(bytes_of(whole[1])))
    the_list_has_four_headings(opened(bytes_of(whole[0])))
    with (tmp_path / "again").open("w+b") as file:
        write_pack(EvidencePack.objects.get(pk=whole[0].pk), file)
        file.seek(0)
        assert file.read() == bytes_of(whole[0])
    forged(opened(bytes_of(one)), tmp_path)
    told(opened(bytes_of(whole[0])), tmp_path)


def the_list_has_four_headings(members):
    manifest = json.loads(members["manifest.json"])
    assert [part["heading"] for part in manifest["contents"]] == [
        "真实性",
        "完整性",
        "可用性",
        "安全性",
    ]
    listed = {name for part in manifest["contents"] for name in part["members"]}
    assert listed == set(members) - {"manifest.json"}
    positions = {json.loads(members[f"defaults/00{n}.json"])["position"] for n in (1, 2, 3)}
    assert positions == {"deemed_timeout", "deemed_absence", "no_opinion"}


def the_enterprise_reads_no_words_of_the_house(w, members):
    book = (
        members[f"ledger/filing-{w.filing.book.code.partition(':')[2]}.jsonl"].decode().split("\n")
    )
    hidden = [json.loads(line) for line in book if '"withheld":true' in line]
    told = Entry.objects.filter(
        book=w.filing.book, sequence__in=[one["sequence"] for one in hidden]
    )
    assert {one.act for one in told} == {"decide_eligible", "slot_candidate"}
    given = {"type", "book", "sequence", "previous", "digest", "withheld"}
    assert all(set(line) == given for line in hidden)
    out = json.loads(members["left-out.json"])
    assert all(line["reason_zh"] and line["reason_en"] for line in out)


def _proof(change):
    def forged(members):
        said = json.loads(members["defaults/001.json"])
        change(said)
        return {**members, "defaults/001.json": json.dumps(said).encode()}

    return forged


def _calendar(members):
    name = next(name for name in members if name.startswith("editions/calendar"))
    said = json.loads(members[name])
    said["days"] = [day for day in said["days"] if day[0] != "2018-10-05"]
    return {**members, name: json.dumps(said).encode()}


def _ledger(members):
    name = next(name for name in members if name.startswith("ledger/filing"))
    lines = members[name].split(b"\n")
    return {**members, name: b"\n".join(line for line in lines if b'"deemed_timeout"' not in line)}


FORGED = {
    "due a day sooner": _proof(lambda s: s["proof"].update(due_at="2018-10-08T00:00:00+08:00")),
    "never served": _proof(lambda s: s["proof"].update(checked_in_at=None, attempts=[])),
    "not marked": _proof(lambda s: s["proof"]["mark"].update(basis="")),
    "called absence": _proof(lambda s: s.update(position="deemed_absence")),
    "of another department": _proof(lambda s: s.update(department="ZJJ")),
    "a day of the holiday worked": _calendar,
    "the outcome cut out of the ledger": _ledger,
    "a paper changed": lambda m: {**m, next(n for n in m if n.startswith("papers/")): b"%PDF other"},
    **forgeries.BOOKS,
    **forgeries.PAPERS,
}  # fmt: skip


def forged(members, folder):
    """Nothing that is changed holds, though the list be made anew; without that the list does not fit."""
    assert checked(closed(_calendar(members)), folder)[0] == BROKEN
    for name, forge in FORGED.items():
        forged = forge(members)
        assert checked(closed(relisted(forged)), folder)[0] == BROKEN, name
    assert checked(closed({**members, "extra": b""}), folder)[0] == BROKEN
    less = {name: content for name, content in members.items() if name != "left-out.json"}
    assert checked(closed(less), folder)[0] == BROKEN
    unreadable(members, folder)


def unreadable(members, folder):
    """What no county has put together so is not read at all, and never ends the program by a fault of its own."""
    for packing in (zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA):
        assert checked(closed(members, packing), folder)[0] == UNREADABLE
    locked = bytearray(closed(members))
    for mark, flags in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        locked[locked.find(mark) + flags] |= 1
    assert checked(bytes(locked), folder)[0] == UNREADABLE
    for name in ("limits.json", "defaults/001.json"):
        deep = {**members, name: b"[" * 200_000}
        if name in members:
            assert checked(closed(relisted(deep)), folder)[0] == UNREADABLE, name
    assert checked(closed({**members, "manifest.json": b"[" * 200_000}), folder)[0] == UNREADABLE


def told(members, folder):
    """What the county's ledger might say otherwise, proven as it proves: the program draws the right end from it."""
    for name, forge in forgeries.WHOLE.items():
        assert checked(closed(relisted(forge(members))), folder)[0] == BROKEN, name
    alone = relisted(forgeries.unproven(members))
    assert checked(closed(alone), folder, "--checkpoint", folder / "checkpoint")[0] == NOT_SHOWN
    for name, (change, ending) in forgeries.TOLD.items():
        other = relisted(forgeries.attested(members, change))
        assert checked(closed(other), folder)[0] == ending, name
