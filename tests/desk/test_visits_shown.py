"""The demonstration shows what is entered on a site, and the record of the visit has it."""

import csv
import shutil

import pytest

from core import clock
from core.documents.models import Paper
from core.steps.papers import render_one
from desk.services.replay.make import play_open_cases
from prereview.models import SiteFinding, SitePhoto, SitePresence, SiteSignature
from tests.conftest import SHIPPED, instant

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
AS_OF = instant("2026-11-23 10:20")
CASE = "16"


def one_case(folder):
    shutil.copytree(SHIPPED / "demo" / "open-cases", folder)
    for name in ("projects.csv", "events.csv", "conduct.csv"):
        with (folder / name).open(encoding="utf-8", newline="") as lines:
            head, *rows = csv.reader(lines)
        with (folder / name).open("w", encoding="utf-8", newline="") as lines:
            csv.writer(lines).writerows([head, *(row for row in rows if row[0] == CASE)])
    with (folder / "conduct.csv").open("a", encoding="utf-8") as lines:
        lines.write(
            f"{CASE},meeting,QXJ,C03,silent,,\n"
        )  # a table without a row is a fault of its pack
    (folder / "meetings.csv").write_text("opens,place\n3 09:00,政务大厅二楼会议室\n", "utf-8")
    return folder


def test_a_case_of_the_demonstration_was_seen_on_its_site(county, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    with clock.driven(AS_OF):
        play_open_cases(one_case(tmp_path / "cases"), as_of=AS_OF, tell=lambda _said: None)

    (photo,) = SitePhoto.objects.all()
    departments = SiteSignature.objects.values_list("department", flat=True).distinct().count()
    assert departments >= 2
    assert SitePresence.objects.count() == 2 * departments
    assert SiteFinding.objects.filter(result="supplement").count() == 1
    assert "示例" in SitePresence.objects.first().card
    paper = Paper.objects.get(kind="DOC10")
    assert [one["digest_front"] for one in paper.content["photos"]] == [photo.sha256[:32]]
    assert {"persons", "points", "signatures"} <= set(paper.content)
    assert render_one(paper.pk, AS_OF)
