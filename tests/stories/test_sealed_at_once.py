"""签章: two people decide on the same scan at the same moment; a number is voided while its scan is confirmed."""

import hashlib
import json

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Membership
from approvals.stages import Stage
from core.documents.models import Paper
from core.ledger.models import Entry
from core.ledger.queries import verify_all
from core.steps.checking import signed_how
from core.steps.correcting import void_paper
from core.steps.models import Seal
from core.steps.sealing import confirm_scan, hand_in_scan, refuse_scan
from desk.queries.work.rows import Seen
from desk.queries.work.seals import scans_to_compare
from tests.core.threads import alone, at_once, shared_database
from tests.files import pdf_of
from tests.stories.test_papers_on_request import made
from tests.walk import walk


def printed(paper, content):
    """The paper with a file, without the press."""
    paper.file_sha256 = hashlib.sha256(content).hexdigest()
    paper.file.save(f"papers/{paper.code}.pdf", ContentFile(content))
    return paper


def scan(number):
    """A file that can be a scan, others than those of other numbers."""
    content = pdf_of(1).replace(b"(Page", b"(S%03d" % number)
    return SimpleUploadedFile("扫描件.pdf", content, content_type="application/pdf")


def sealed_by_hand(w, paper, number, by):
    """A scan of it waits for the second person of the office."""
    printed(paper, pdf_of(1).replace(b"(Page", b"(P%03d" % number))
    w.do(hand_in_scan, paper, upload=scan(number), by=by)
    return paper


@pytest.mark.slow
def test_one_decision_on_a_scan_and_none_on_a_void_paper(
    transactional_db, people, at, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path / "files"

    def set_up():
        w = walk(people, at("2018-09-10 09:00"), to=Stage.NOTICED)
        second = Membership.objects.create(
            user=people.supervisor.user, organisation=people.convenor.organisation,
            role="convenor", valid_from=people.convenor.valid_from,
        )  # fmt: skip
        notice = sealed_by_hand(w, w.filing.checklist_paper, 1, people.window)
        form = made(w, people.window, "DOC09")
        sealed_by_hand(w, form, 2, people.department(form.issuer_code))
        alike = [
            printed(made(w, people.window, "DOC09"), pdf_of(1) + b"%d" % one) for one in (1, 2)
        ]
        return w, second, notice, form, alike

    with shared_database(tmp_path):
        w, second, notice, form, alike = alone(set_up)
        now = w.minutes()
        decided = at_once(
            lambda: confirm_scan(notice, number=notice.number, by=people.convenor, at=now),
            lambda: refuse_scan(notice, reason="没有印章", by=second, at=now),
            lambda: confirm_scan(notice, number=notice.number, by=people.convenor, at=now),
        )
        confirmed, voided = at_once(
            lambda: confirm_scan(
                form, number=form.number, by=people.head(form.issuer_code), at=now
            ),
            lambda: void_paper(form, reason="发错部门", by=people.supervisor, at=now),
        )
        used = at_once(
            *(
                lambda paper=paper: hand_in_scan(
                    paper, upload=scan(3), by=people.department(paper.issuer_code), at=now
                )
                for paper in alike
            )
        )

        def seen():
            acts = Entry.objects.filter(act__in=("confirm_scan", "refuse_scan", "void_paper"))
            said = [(e.act, json.loads(e.payload)["paper"]) for e in acts.order_by("sequence")]
            states = dict(Seal.objects.values_list("paper__number", "state"))
            office = people.head(form.issuer_code)
            listed = [str(row.title) for row in scans_to_compare(Seen(office, now, None))]
            waiting = [title for title in listed if form.number in title]
            return (
                said,
                states,
                waiting,
                signed_how(Paper.objects.get(pk=notice.pk)),
                verify_all()[2],
            )

        said, states, waiting, signed, faults = alone(seen)

    assert sorted(type(one).__name__ for one in decided) == ["NotNow", "NotNow", "Seal"]
    of_notice = [act for act, paper in said if paper == notice.number]
    assert of_notice in (["confirm_scan"], ["refuse_scan"])
    assert bool(signed) == (of_notice == ["confirm_scan"])
    # The number is void either way; its scan was confirmed before that, or waits and is on nobody's list.
    assert type(voided) is Paper
    first = ["confirm_scan"] if type(confirmed) is Seal else []
    assert [act for act, paper in said if paper == form.number] == [*first, "void_paper"]
    assert states[form.number] == ("verified" if first else "waiting")
    # One scan is of one paper: the other is told so, whoever came first.
    assert sorted(type(one).__name__ for one in used) == ["Seal", "ValidationError"], used
    assert "已经用于另一份文书" in str(next(one for one in used if type(one) is ValidationError))
    assert [states.get(paper.number) for paper in alike].count("waiting") == 1
    assert waiting == []
    assert faults == []
