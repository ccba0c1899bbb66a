"""更正、作废: which words may be corrected, and what a void number takes with it."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.urls import reverse

from approvals.models import Filing
from approvals.services import record_approval
from approvals.services.papers.on_request import granted, refusable
from approvals.stages import Approval, ItemClass, Stage, StartGate
from core.documents.models import Paper
from core.ledger.checkpoints import make_checkpoint
from core.steps.correcting import correct_paper, correctable, void_paper, why_not_corrected
from core.steps.making_out import make_out
from core.steps.papers import render_one
from prereview.models import AgendaItem
from prereview.services.opinion_papers import spoken, surveyed
from tests.approvals.browse import Browser, text
from tests.conftest import instant
from tests.core.ledgers import key_file
from tests.core.test_verifier import HOLDS, NOT_FOUND, verifier
from tests.standing import standing
from tests.stories.test_papers_on_request import made
from tests.walk import acts, walk

pytestmark = pytest.mark.django_db
walked, noticed = standing(
    lambda people: walk(people, instant("2018-09-10 09:00"), to=Stage.NOTICED)
)


@pytest.fixture
def way(noticed, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return noticed


def test_a_void_correction_takes_what_it_corrects_with_it_and_the_thing_may_have_its_paper_anew(
    way,
):
    people = way.people
    old = made(way, people.window, "DOC09")
    newer = correct_paper(
        old,
        changes={"project.name": "示例项目"},
        reason="漏字",
        by=people.convenor,
        at=way.minutes(),
    )
    void_paper(newer, reason="发错部门", by=people.supervisor, at=way.minutes())
    kept = Paper.objects.filter(pk__in=(old.pk, newer.pk))
    assert {one.void_reason for one in kept} == {"发错部门"}
    assert acts(way.filing.book)[-2:] == ["void_paper", "void_paper"]
    anew = make_out(
        way.filing, kind="DOC09", subject=old.subject, by=people.window, at=way.minutes()
    )
    assert anew.pk not in (old.pk, newer.pk)


def test_a_stranger_with_an_export_reads_which_number_is_void(way, settings, tmp_path):
    """Each file stays what was issued; whether its number still stands is said behind it, of one book as of all."""
    settings.CHECKPOINT_KEY, settings.LEDGER_NAME = key_file(tmp_path), "chengnuo.example/ledger"
    people = way.people
    old = made(way, people.window, "DOC09")
    words = {"changes": {"project.name": "示例项目"}, "reason": "漏字"}
    newer = correct_paper(old, **words, by=people.convenor, at=way.minutes())
    files = [printed(way, one, tmp_path) for one in (old, newer)]
    void_paper(newer, reason="发错部门", by=people.supervisor, at=way.minutes())
    again = {"kind": "DOC09", "subject": old.subject, "by": people.window}
    anew = make_out(way.filing, **again, at=way.minutes())
    files.append(printed(way, anew, tmp_path))

    assert told(way, files, tmp_path / "early")[0] == NOT_FOUND  # no checkpoint attests it yet
    make_checkpoint(way.minutes())
    for name, more in (("whole", {}), ("book", {"book": way.filing.book.code})):
        code, pdfs, sentences = told(way, files, tmp_path / name, **more)
        assert (code, [(one["paper"], one["ended"]) for one in pdfs]) == (
            HOLDS,
            [(old.number, "void_paper"), (newer.number, "void_paper"), (anew.number, None)],
        )
        assert ["作废" in one for one in sentences[::2]] == [True, True, False]
        assert ["void" in one for one in sentences[1::2]] == [True, True, False]


def printed(way, paper, folder):
    """The file of a paper, as somebody has it in hand."""
    render_one(paper.pk, way.minutes())
    place = folder / f"{paper.pk}.pdf"
    place.write_bytes(Paper.objects.get(pk=paper.pk).file.read())
    return place


def told(way, files, place, **more):
    """What the program of strangers says of files, by an export of the ledger or of one book."""
    call_command("export_ledger", place, **more)
    asked = [str(place), *(word for file in files for word in ("--pdf", str(file)))]
    code, found, *_sentences = verifier.check(verifier.asked(asked))
    return code, found["pdfs"], found["lines"]


def test_whoever_issued_an_older_version_does_not_void_the_newest_alone(way):
    people = way.people
    old = made(way, people.window, "DOC09")
    for words, who in (("示例项目", people.convenor), ("示例项目一", people.supervisor)):
        changes = {"project.name": words}
        old = correct_paper(old, changes=changes, reason="漏字", by=who, at=way.minutes())
    address = reverse("approvals:paper_void", args=[old.code])
    for issuer in (people.convenor, people.supervisor):
        with pytest.raises(PermissionDenied):
            void_paper(old, reason="发错部门", by=issuer, at=way.minutes())
        visit = Browser(issuer, way.now)  # nor is it offered to them, on the list or its own page
        assert address not in text(visit.get("papers", way.filing.public_id))
        assert "您制发的" in text(visit.get("paper_void", old.code))
    assert not Paper.objects.exclude(voided_at=None).exists()


def test_what_is_reckoned_decided_signed_or_promised_is_no_slip_of_the_pen(way):
    last = {"name", "location", "place", "contact", "phone", "supervision_phone", "address", "text"}
    last |= {"title", "how", "email"}  # of a notice
    for paper in Paper.objects.filter(book=way.filing.book):
        for place in correctable(paper):
            assert place.rpartition(".")[2] in last
            assert not {"limits", "conclusion", "officers", "said", "clauses", "item"} & set(
                place.replace("[", ".").split(".")
            )
    for kind in (
        Paper(template="default_bulletin", content={"title": "一", "summary": "二"}),
        Paper(template="objection_reply", content={"reason": "一"}),
        Paper(
            template="public_notice", content={"ends_text": "一", "clauses": [{"standard": "二"}]}
        ),
        letter := Paper(template="disclosure_letter", content={"text": "一"}),
    ):
        assert correctable(kind) == {}
    assert why_not_corrected(letter)
    record = {"text": "情况", "statement": "陈述", "officers": [{"name": "甲"}], "place": "某村"}
    assert correctable(Paper(template="check_record", content=record)) == {"place": "某村"}


def test_other_line_ends_are_no_correction(way):
    paper = way.filing.checklist_paper
    paper.content["issuer"]["address"] = "一层\r\n窗口"
    Paper.objects.filter(pk=paper.pk).update(content=paper.content)
    for same in ("一层\n窗口", "一层\r\n窗口"):
        with pytest.raises(ValidationError, match="没有改动"):
            correct_paper(
                paper, changes={"issuer.address": same}, reason="改",
                by=way.people.supervisor, at=way.minutes(),
            )  # fmt: skip


def test_only_what_somebody_decides_now_is_refused_and_nothing_of_a_service_is_a_licence(way):
    filing = way.filing
    gates = {item.start_gate for item in refusable(filing)}
    assert gates
    assert gates <= {StartGate.PRIOR, StartGate.PAPER}
    assert all(item.item_class != ItemClass.SERVICE for item in refusable(filing))
    assert all(item.item_class != ItemClass.SERVICE for item in granted(filing))
    one = next(iter(refusable(filing)))
    Filing.objects.filter(pk=filing.pk).update(suspended_at=way.now)
    with pytest.raises(ValidationError):  # the case is read anew, whatever was read before
        make_out(
            filing, kind="DOC28", subject=str(one.pk), by=way.people.head(one.department.code),
            at=way.minutes(), reason="不符",
        )  # fmt: skip
    assert type(one).objects.get(pk=one.pk).approval == Approval.OWED


def test_what_rests_on_the_commitment_does_not_say_that_it_was_examined(way):
    item = next(one for one in refusable(way.filing) if one.start_gate == StartGate.PAPER)
    head, at = way.people.head(item.department.code), way.minutes()
    record_approval(item, number="示例〔2018〕6号", issued_on=at.date(), by=head, at=at)
    paper = make_out(way.filing, kind="DOC27", subject=str(item.pk), by=head, at=way.minutes())
    assert "依据已公示的承诺作出" in paper.content["reason"]
    assert "审查" not in paper.content["reason"]


def test_no_form_of_an_opinion_while_its_item_is_open(way):
    assert len(spoken(way.filing)) > 0
    AgendaItem.objects.filter(filing=way.filing).update(closed_at=None)
    assert len(spoken(way.filing)) == len(surveyed(way.filing)) == 0
