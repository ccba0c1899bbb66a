"""Several papers at one go: the same rows and entries as one by one, every paper or none, and who may."""

import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from approvals import services
from approvals.models import Material
from approvals.stages import MaterialState, Stage
from core.documents.models import Attachment
from core.ledger.queries import verify
from core.steps.reasons import NotNow
from tests.conftest import instant
from tests.doors.visit import Visit, text
from tests.standing import standing
from tests.stories.telling import refused
from tests.walk import pdf, walk

pytestmark = pytest.mark.django_db
NO_PDF = SimpleUploadedFile("图纸.pdf", b"MZ\x90\x00", content_type="application/pdf")


def _listed(people):
    first = walk(people, instant("2018-03-05 09:00"), to=Stage.LISTED)
    first.do(services.acknowledge_checklist, first.filing, by=people.enterprise)
    second = walk(people, first.now, to=Stage.LISTED, project_code="2018-140722-13-03-000002")
    second.do(services.acknowledge_checklist, second.filing, by=people.enterprise)
    return first, second


walked, two = standing(_listed)


def told(w, act):
    """What the book says of an act, without what differs from case to case: the paper's number in the database."""
    found = [
        json.loads(p)
        for p in w.filing.book.entries.filter(act=act).values_list("payload", flat=True)
    ]
    return [{**said, "material": str(said["material"]).split(":")[0]} for said in found]


def rows(w):
    names = ("name", "state", "reason", "attachment__sha256", "attachment__size", "checked_at")
    return [
        (*row[:-1], row[-1] is not None)
        for row in w.filing.materials.order_by("pk").values_list(*names)
    ]


def test_at_one_go_it_is_written_as_one_by_one(two, people):
    one, other = two
    other.now = one.now
    papers = list(one.filing.intake_open())
    for material in papers:
        one.do(services.upload_material, material, upload=pdf(), by=people.enterprise)
    uploads = [(material, pdf()) for material in other.filing.intake_open()]
    done = other.do(services.upload_materials, other.filing, uploads=uploads, by=people.enterprise)

    assert [str(m) for m in done] == [str(m) for m in papers]
    assert rows(other) == rows(one)
    assert told(other, "upload_material") == told(one, "upload_material")
    for w in two:
        w.do(services.hand_in, w.filing, by=people.enterprise)
    for material in one.filing.materials.filter(state=MaterialState.RECEIVED):
        one.do(services.check_material, material, fine=True, by=people.window)
    found = other.do(services.check_all_fine, other.filing, by=people.window)
    assert len(found) == len(papers)
    assert rows(other) == rows(one)
    assert told(other, "check_material") == told(one, "check_material")
    assert verify(other.filing.book) is None


def test_one_that_cannot_be_taken_and_none_is(two, people):
    w, _other = two
    first, second, *_rest = w.filing.intake_open()
    with refused(error=ValidationError):
        w.do(
            services.upload_materials, w.filing, by=people.enterprise,
            uploads=[(first, pdf()), (second, NO_PDF)],
        )  # fmt: skip

    assert not Attachment.objects.filter(book=w.filing.book).exists()
    assert set(w.filing.materials.intake().values_list("state", flat=True)) == {
        MaterialState.WANTED
    }


def test_the_page_says_it_beside_the_paper_that_was_wrong(two, people):
    w, _other = two
    first, second, *_rest = w.filing.intake_open()
    answer = Visit(people.enterprise, w).case(
        "materials/", {"act": "upload", f"file-{first.pk}": pdf(), f"file-{second.pk}": NO_PDF}
    )

    assert answer.status_code == 422
    refusal = answer.context["view"].refusal
    assert (refusal["pk"], refusal["name"]) == (second.pk, str(second))
    assert refusal["reasons"][0] in text(answer)
    assert Material.objects.get(pk=first.pk).attachment is None


def test_whose_it_is_and_when(two, people):
    w, other = two
    papers = [(m, pdf()) for m in w.filing.intake_open()]
    for by in (people.window, people.other_enterprise, people.department("ZJJ")):
        with refused(error=PermissionDenied):
            w.do(services.upload_materials, w.filing, uploads=papers, by=by)
    with refused("受理前核收"):
        w.do(services.check_all_fine, w.filing, by=people.window)
    foreign = other.filing.intake_open()[0]
    with refused(error=KeyError):
        w.do(services.upload_materials, w.filing, uploads=[(foreign, pdf())], by=people.enterprise)
    w.do(services.upload_materials, w.filing, uploads=papers, by=people.enterprise)
    w.do(services.hand_in, w.filing, by=people.enterprise)
    for by in (people.enterprise, people.department("ZJJ"), people.supervisor):
        with refused(error=PermissionDenied):
            w.do(services.check_all_fine, w.filing, by=by)
    assert w.do(services.check_all_fine, w.filing, by=people.window)
    assert w.do(services.check_all_fine, w.filing, by=people.window) == []
    w.do(services.accept, w.filing, by=people.window)
    with refused("受理前核收"):
        w.do(services.check_all_fine, w.filing, by=people.window)
    with pytest.raises(NotNow, match="不需要提交"):
        w.do(services.upload_materials, w.filing, uploads=papers, by=people.enterprise)
