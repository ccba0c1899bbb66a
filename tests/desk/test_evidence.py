"""证据包: whoever it concerns gets one; a stranger reckons the default anew from it, and a forged one does not hold."""

import json
import subprocess
import sys

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from approvals.stages import Stage
from core import clock
from core.ledger.checkpoints import newest
from core.ledger.models import Entry
from core.steps.reasons import NotNow
from desk.models import EvidencePack
from desk.queries.evidence import packs_of
from desk.services import evidence
from desk.stages import PackCopy, PackState
from prereview.models import Opinion
from tests.core.ledgers import key_file
from tests.desk.packs import (
    BROKEN,
    HOLDS,
    NOT_SHOWN,
    PROGRAM,
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
    """A meeting of 28 September, over the National Day holiday: the weather bureau came and said nothing."""
    w = walk(people, at("2018-09-19 09:00"), to=Stage.PREREVIEWING)
    w.until(at("2018-09-26 09:00"))
    w.call_meeting()
    w.hold(w.meeting, silent=["QXJ"])
    w.until(at("2018-10-12 09:00"))
    set_papers(w)
    w.default = Opinion.objects.exclude(proof={}).get()
    return w


def test_whom_it_concerns_and_nobody_else(drawn, people, at):
    w = drawn
    for stranger in (people.other_enterprise, people.department("ZJJ"), people.administrator):
        with pytest.raises(PermissionDenied):
            ask(w, stranger, default=w.default)
    # A department has packs of its own defaults, not of the whole case.
    with pytest.raises(PermissionDenied):
        ask(w, people.department("QXJ"))
    draft = walk(people, at("2018-10-12 09:00"), to=Stage.DRAFT)
    with pytest.raises(NotNow), clock.driven(w.now):
        evidence.ask_evidence(draft.filing, by=people.enterprise, at=w.now)
    with pytest.raises(ValidationError), clock.driven(w.now):
        other = walk(people, w.now, to=Stage.SUBMITTED).filing
        evidence.ask_evidence(other, default=w.default, by=people.window, at=w.now)

    copies = {
        PackCopy.ENTERPRISE: ask(w, people.enterprise), PackCopy.DEPARTMENT: ask(w, people.department("QXJ"), default=w.default),
        PackCopy.OFFICE: ask(w, people.supervisor), PackCopy.COURT: ask(w, people.window, purpose="示例法院（2018）示例1号"),
    }  # fmt: skip
    for copy, pack in copies.items():
        assert pack.copy == copy
        assert pack in packs_of(pack.asked_by)
    assert set(packs_of(people.department("ZJJ"))) == set(packs_of(people.other_enterprise)) == set()
    assert copies[PackCopy.COURT] not in packs_of(people.enterprise)


def test_asked_twice_it_is_made_once_and_written_down(drawn, people):
    w = drawn
    first = ask(w, people.enterprise)
    assert ask(w, people.enterprise) == first
    made = make(w, first)
    assert (made.state, made.size) == (PackState.DONE, len(bytes_of(made)))
    assert ask(w, people.enterprise) == first
    said = json.loads(Entry.objects.get(act="issue_evidence").payload)
    assert (said["sha256"], said["copy"]) == (made.sha256, "enterprise")
    assert evidence.make_packs(w.now) == 0
    # Once something has happened in the case, a new one is made.
    w.do_later = None
    set_again = Entry.objects.filter(book=w.filing.book).count()
    w.conclude()
    assert Entry.objects.filter(book=w.filing.book).count() > set_again
    assert ask(w, people.enterprise) != first


def test_it_waits_for_its_papers_and_fails_where_one_was_changed(drawn, people):
    w = drawn
    w.conclude()
    pack = ask(w, people.window)
    assert make(w, pack).state == PackState.WAITING
    set_papers(w)
    path = w.default.paper.file.path
    with open(path, "ab") as file:  # noqa: PTH123 - somebody with the disk
        file.write(b"x")
    failed = make(w, pack)
    assert failed.state == PackState.FAILED
    assert "摘要不符" in failed.said


def test_a_stranger_reckons_it_anew_with_nothing_but_python(drawn, people, tmp_path):
    w = drawn
    pack = make(w, ask(w, people.window, default=w.default))
    members = opened(bytes_of(pack))
    for name, content in members.items():
        path = tmp_path / "unpacked" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (tmp_path / "kept.zip").write_bytes(bytes_of(pack))
    (tmp_path / "checkpoint").write_text(newest().text)

    program = tmp_path / "unpacked" / "verify" / "chengnuo-verify.py"
    assert program.read_bytes() == PROGRAM.read_bytes()
    command = [sys.executable, "-I", "-S", str(program), "kept.zip", "--checkpoint", "checkpoint"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, env={"PATH": ""})  # noqa: S603
    assert ran.returncode == HOLDS, ran.stdout + ran.stderr
    assert "2018-10-08" in ran.stdout
    assert "逐日表每一天相符" in ran.stdout
    manifest = json.loads(members["manifest.json"])
    assert [part["heading"] for part in manifest["contents"]] == ["真实性", "完整性", "可用性", "安全性"]
    listed = {name for part in manifest["contents"] for name in part["members"]}
    assert listed == set(members) - {"manifest.json"}


def test_every_copy_holds_and_says_what_it_leaves_out(drawn, people, tmp_path):
    w = drawn
    for by, more in ((people.enterprise, {}), (people.department("QXJ"), {"default": w.default}), (people.supervisor, {})):
        code, found, _said = checked(bytes_of(make(w, ask(w, by, **more))), tmp_path)
        assert code in (HOLDS, NOT_SHOWN), [one for one in found if one["holds"] is not True]
        assert all(one["holds"] is not False for one in found)
    copy = EvidencePack.objects.get(copy=PackCopy.ENTERPRISE)
    members = opened(bytes_of(copy))
    book = members[f"ledger/filing-{w.filing.book.code.partition(':')[2]}.jsonl"].decode().split("\n")
    hidden = [json.loads(line) for line in book if '"withheld":true' in line]
    assert {line["act"] for line in hidden} == {"decide_eligible", "slot_candidate"}
    assert all(line["payload"] is None for line in hidden)
    out = json.loads(members["left-out.json"])
    assert all(line["reason_zh"] and line["reason_en"] for line in out)


def test_the_same_content_is_the_same_bytes(drawn, people, tmp_path):
    w = drawn
    pack = make(w, ask(w, people.window))
    with (tmp_path / "again").open("w+b") as whole:
        evidence.write_pack(EvidencePack.objects.get(pk=pack.pk), whole)
        whole.seek(0)
        assert whole.read() == bytes_of(pack)


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
}  # fmt: skip


def test_a_forged_pack_does_not_hold_though_its_list_was_made_anew(drawn, people, tmp_path):
    w = drawn
    content = bytes_of(make(w, ask(w, people.window, default=w.default)))
    members = opened(content)
    for name, forge in FORGED.items():
        forged = forge(members)
        assert checked(closed(forged), tmp_path)[0] == BROKEN, name  # the list does not fit
        assert checked(closed(relisted(forged)), tmp_path)[0] == BROKEN, name
    assert checked(closed({**members, "extra": b""}), tmp_path)[0] == BROKEN
    less = {name: content for name, content in members.items() if name != "left-out.json"}
    assert checked(closed(less), tmp_path)[0] == BROKEN
