"""The pages of a site: who finds them, what they say, and that they ask the database a fixed number of questions."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from core.documents.previews.child import SIDE, drawn_anew
from prereview.models import SiteFinding, SitePhoto
from tests.api.programs import Program
from tests.approvals.browse import text
from tests.conftest import instant
from tests.prereview.onsite import Device, digest, jpeg, running, upload
from tests.prereview.page import Page
from tests.standing import standing

pytestmark = pytest.mark.django_db
walked, w = standing(lambda people: running(people, instant("2018-03-05 09:00")))


def test_a_stop_is_for_who_was_summoned_and_the_staff(w, people):
    for by, status in (
        (people.department("ZJJ"), 200), (people.convenor, 200), (people.supervisor, 200), (people.window, 200),
        (people.department("WLJ"), 404), (people.enterprise, 404),
    ):  # fmt: skip
        assert Page(by, w).get("site", w.stop.pk).status_code == status, by
    only = Page(people.department("ZJJ"), w).get("site_stops", w.survey.public_id)
    assert only.url == reverse("prereview:site", args=[w.stop.pk])


def test_the_position_is_asked_for_on_this_page_alone(w, people):
    page = Page(people.department("ZJJ"), w)

    assert page.get("site", w.stop.pk)["Permissions-Policy"].startswith("geolocation=(self), ")
    assert "camera=()" in page.get("site", w.stop.pk)["Permissions-Policy"]
    assert "geolocation=()" in page.get("session", w.survey.public_id)["Permissions-Policy"]
    worker = page.client.get(reverse("prereview:site_worker"))
    assert worker["Content-Type"].startswith("text/javascript")
    assert "worker-src 'self'" in page.get("site", w.stop.pk)["Content-Security-Policy"]


def test_the_pages_ask_a_fixed_number_of_questions(w, people):
    asked = []
    for _time in range(2):
        for by in (people.department("ZJJ"), people.convenor):
            page = Page(by, w)
            page.get("site", w.stop.pk)
            with CaptureQueriesContext(
                connection,
            ) as seen:
                page.get("site", w.stop.pk)
            asked.append(len(seen))
        for code in ("ZJJ", "ZRJ", "XFD"):
            device = Device(w, people.department(code))
            for topic in ("site", "terrain", "other"):
                device.finds(topic)
                device.shoots(jpeg(), topic)
    assert asked[:2] == asked[2:]


def test_plain_forms_do_every_act(w, people):
    page = Page(people.department("ZJJ"), w)
    for name, card in (("勘察示例甲", "示例001"), ("勘察示例乙", "示例002")):
        with clock.driven(w.now):
            address = reverse("prereview:site_presence", args=[w.stop.pk])
            assert page.client.post(address, {"name": name, "card": card}).status_code == 302
    wrong = page.post("site_finding", w.stop.pk, topic="site", result="problem")
    assert wrong.status_code == 422
    assert "请写明情况" in text(wrong)
    assert page.post("site_finding", w.stop.pk, topic="site", result="fine").status_code == 302
    taken = page.post("site_photo", w.stop.pk, topic="site", upload=upload(jpeg()))
    assert taken.status_code == 302
    covers = " ".join(str(one.uid) for one in [SiteFinding.objects.get(), SitePhoto.objects.get()])
    assert page.post("site_sign", w.stop.pk, covers="nothing").status_code == 422
    assert page.post("site_sign", w.stop.pk, covers=covers).status_code == 302
    assert "签字" in page.says("site", w.stop.pk)
    file = reverse("approvals:attachment", args=[SitePhoto.objects.get().file_id])
    for by, status in (
        (people.department("ZRJ"), 200),
        (people.convenor, 200),
        (people.enterprise, 404),
    ):
        assert Page(by, w).client.get(file).status_code == status
    assert (
        page.post("site_settle", w.stop.pk, topic="site", result="fine", reasons="x").status_code
        == 403
    )


def test_a_photograph_is_shown_without_what_the_camera_wrote_into_it(w, people, tmp_path):
    kept = Device(w, people.department("ZJJ")).shoots(jpeg())
    place = tmp_path / "original.jpg"
    place.write_bytes(kept.file.file.read())
    out = io.BytesIO()
    drawn_anew(str(place), SIDE).save(out, "JPEG")
    shown = out.getvalue()

    assert b"Exif" in place.read_bytes()
    assert b"Exif" not in shown
    assert shown.startswith(b"\xff\xd8\xff")


def test_a_program_does_the_same_once(w, people, client):
    device = Device(w, people.department("ZJJ"))
    with clock.driven(w.now):
        program = Program(client, people.department("ZJJ"), days=30)
        other = Program(client, people.department("ZRJ"), days=30)
        seen = program.get(f"agenda/{w.stop.pk}/site/").json()
        assert [one["topic"] for one in seen["points"]][:2] == ["site", "boundary"]
        assert {one["wanted"] for one in seen["departments"]} <= {1, 2}
        body = {
            "uid": str(device.mark().uid),
            "topic": "site",
            "result": "fine",
            "person": device.by.pk,
        }
        address = f"agenda/{w.stop.pk}/site-finding/"
        answers = [program.post(address, body) for _twice in range(2)]
        stolen = other.post(address, {**body, "uid": str(device.mark().uid)})
        changed = program.post(address, {**body, "result": "problem", "text": "x"})
        taken = jpeg()
        said = {
            "uid": str(device.mark().uid),
            "topic": "site",
            "sha256": digest(b"another"),
            "upload": upload(taken),
        }
        damaged = program.post(f"agenda/{w.stop.pk}/site-photo/", said, files=True)

    assert [one.status_code for one in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["counted"] is True
    assert (stolen.status_code, changed.status_code, damaged.status_code) == (403, 422, 422)
    assert "另一个人" in stolen.json()["detail"]
    assert "摘要不一致" in damaged.json()["detail"]
    assert SiteFinding.objects.count() == 1
    assert not SitePhoto.objects.exists()
