"""A set of drawings over a thin line: it comes in pieces, breaks off, and goes on where it broke."""

import pytest
from django.urls import reverse

from approvals import services
from approvals.stages import Stage
from core.documents.models import Incoming
from tests.files import PDF
from tests.walk import walk

pytestmark = pytest.mark.browser
PIECE = 4 << 20
DRAWING = PDF + b"%" + b"0" * (2 * PIECE) + b"\n%%EOF\n"


@pytest.fixture
def listed(site, people, at, settings, tmp_path):
    settings.INCOMING_DIR = tmp_path / "incoming"
    way = walk(people, at("2018-03-05 09:00"), to=Stage.LISTED)
    way.do(services.acknowledge_checklist, way.filing, by=people.enterprise)
    site.stand(way.now)
    return way


def dropped(page, paper, place):
    """Drag the file from the machine onto its paper: over it, the paper says so; let go there, it is chosen."""
    hold = page.evaluate_handle("() => new DataTransfer()")
    page.evaluate(
        """async ([hold, name, size, head, tail]) => {
        const middle = new Uint8Array(size - head.length - tail.length).fill(48);
        hold.items.add(new File([head, middle, tail], name, {type: "application/pdf"}));
    }""",
        [hold, place.name, place.stat().st_size, (PDF + b"%").decode(), "\n%%EOF\n"],
    )
    page.dispatch_event(paper, "dragover", {"dataTransfer": hold})
    assert "dropping" in page.locator(paper).get_attribute("class")
    page.dispatch_event(paper, "drop", {"dataTransfer": hold})
    assert "dropping" not in page.locator(paper).get_attribute("class")


def test_a_large_file_goes_on_after_a_break(site, listed, tmp_path):
    place = tmp_path / "图纸.pdf"
    place.write_bytes(DRAWING)
    paper = listed.filing.materials.intake()[0]
    enterprise = site.person("enterprise-01")
    page = enterprise.page
    sent = []
    page.on("request", lambda request: sent.append(request.url))

    def breaks(route):
        """The line is cut at the second piece."""
        if sum("/receive/" in url for url in sent) == 2:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/receive/", breaks)
    enterprise.goes(reverse("approvals:materials", args=[listed.filing.public_id]))
    dropped(page, f"#m{paper.pk}", place)
    enterprise.shoot("large-file")
    upload = page.locator(f"#m{paper.pk}").get_by_role("button", name="上传")
    enterprise.leaves_by(upload)
    enterprise.sees("已上传", "图纸.pdf")
    enterprise.shoot("large-file-there")

    kept = listed.filing.materials.get(pk=paper.pk).attachment
    assert (kept.size, kept.file.read()) == (len(DRAWING), DRAWING)
    assert sum("/receive/" in url for url in sent) == 4, "three pieces, one of them twice"
    assert not Incoming.objects.exists()


def test_begun_before_it_goes_on_from_there(site, listed, tmp_path):
    place = tmp_path / "图纸.pdf"
    place.write_bytes(DRAWING)
    paper = listed.filing.materials.intake()[0]
    enterprise = site.person("enterprise-01")
    page = enterprise.page
    lost = {"after": 1, "seen": 0}

    def is_lost(route):
        """After the first piece nothing comes through any more."""
        lost["seen"] += 1
        if lost["seen"] > lost["after"]:
            route.abort("connectionreset")
        else:
            route.continue_()

    materials = reverse("approvals:materials", args=[listed.filing.public_id])
    page.route("**/receive/", is_lost)
    page.route("**/api/v1/incoming/*/", lambda route: route.abort("connectionreset"))
    page.clock.install()
    enterprise.goes(materials)
    page.locator(f"#file-{paper.pk}").set_input_files(place)
    upload = page.locator(f"#m{paper.pk}").get_by_role("button", name="上传")
    upload.click()
    for _wait in range(4):
        page.wait_for_timeout(300)
        page.clock.fast_forward(10_000)
    page.get_by_text("断线了").wait_for()
    enterprise.shoot("large-file-broken")
    assert Incoming.objects.get().received == PIECE

    page.unroute("**/receive/")
    page.unroute("**/api/v1/incoming/*/")
    enterprise.goes(materials)
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    page.locator(f"#file-{paper.pk}").set_input_files(place)
    enterprise.leaves_by(upload)
    enterprise.sees("已上传")

    assert sum("/receive/" in url for url in sent) == 2, "the two pieces that were lacking"
    assert listed.filing.materials.get(pk=paper.pk).attachment.file.read() == DRAWING
