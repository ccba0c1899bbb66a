"""The register by project, by town and for a printer: fixed numbers of queries, two clicks from the front."""

import pytest
from django.test.utils import override_settings
from django.urls import reverse

from accounts.models import County
from approvals.models import Filing
from public_notice.models import Notice
from public_notice.queries.places import ACROSS, LEAST, MOST, Town, drawn, sketch_of
from public_notice.queries.register import Asked, matching
from public_notice.stages import NoticeStage

pytestmark = pytest.mark.django_db
LIST = "public_notice:list"


@pytest.fixture
def more(noticed):
    """`more(n)` puts n later notices of the same filing beside the one; all but the last have ended."""

    def made(n):
        first = Notice.objects.get(pk=noticed.notice.pk)
        same = {f.attname: getattr(first, f.attname) for f in Notice._meta.concrete_fields}
        for i in range(n):
            Notice.objects.filter(stage="running").update(stage="withdrawn")
            Notice.objects.create(**same | {"id": None, "public_id": f"{i:012x}"})
        return Notice.objects.order_by("-pk").first()

    return made


def test_a_project_stands_by_its_newest_notice_and_says_how_many_there_were(
    more, noticed, client, driven
):
    newest = more(3)
    assert list(matching(Asked(view="projects"), noticed.now)) == [newest]
    with driven("2018-06-01 09:00"):
        page = client.get(reverse(LIST), {"view": "projects"}).content.decode()
        file = client.get(reverse("public_notice:export"), {"view": "projects", "form": "csv"})
    assert "共公示4次" in page
    assert len(b"".join(file).decode().strip().splitlines()) == 2


@pytest.mark.parametrize(
    "stage", [stage.value for stage in NoticeStage if stage != NoticeStage.RUNNING]
)
def test_each_way_to_end_is_a_filter(noticed, stage):
    assert not matching(Asked(state=stage), noticed.now).exists()
    Notice.objects.filter(pk=noticed.notice.pk).update(stage=stage)
    assert matching(Asked(state=stage), noticed.now).count() == 1
    assert matching(Asked(state="ended"), noticed.now).count() == 1


def test_the_towns_are_counted_as_the_register_is_narrowed(more, noticed, client, driven):
    more(2)
    with driven("2018-06-01 09:00"):
        page = client.get(reverse(LIST), {"view": "map"}).content.decode()
        none = client.get(reverse(LIST), {"view": "map", "year": "2017"}).content.decode()
    assert f"{noticed.filing.site.name} 3" in page
    assert f'href="?town={noticed.filing.site.code}"' in page
    assert "不画乡镇界线，也不猜位置" in page
    assert "<circle" in page
    assert "没有符合条件的公示" in none


def test_a_point_is_as_large_as_its_number_and_none_lies_on_another():
    towns = [Town(str(n), f"镇{n}", n * n + 1, 0) for n in range(11)] + [Town("", "", 5, 0)]
    points, width, height = drawn(towns)
    assert len(points) == 11
    assert max(p.radius for p in points) == MOST
    assert min(p.radius for p in points) >= LEAST
    assert len({(p.x, p.y) for p in points}) == 11
    assert all(0 < p.x < width and 0 < p.below < height for p in points)
    assert len({p.x for p in points}) == ACROSS
    assert drawn([]) == ([], 170, 0)


def test_the_printed_one_has_all_on_one_sheet(more, client, driven):
    more(30)
    with driven("2018-06-01 09:00"):
        page = client.get(reverse(LIST), {"view": "print"}).content.decode()
    assert page.count('<th scope="row"') == 31
    assert 'rel="next"' not in page
    assert "打印版" in page


@pytest.mark.parametrize(("view", "most"), [("projects", 2), ("map", 3), ("print", 1)])
def test_however_many_there_are_the_queries_are_as_many(
    more, client, driven, django_assert_max_num_queries, view, most
):
    more(25)
    with override_settings(FACETS_KEPT=60), driven("2018-06-01 09:00"):
        client.get(reverse(LIST))
        with django_assert_max_num_queries(most):
            client.get(reverse(LIST), {"view": view})


def test_every_view_is_one_click_from_the_front(noticed, client, driven):
    with driven("2018-06-01 09:00"):
        front = client.get("/").content.decode()
        register = client.get(reverse(LIST)).content.decode()
    for view in ("projects", "map"):
        assert f'href="/notices/?view={view}"' in front
    for view in ("projects", "map", "print"):
        assert f'href="?view={view}"' in register


# — the sketch of the county ————————————————————————————————————————————————————————


@pytest.fixture
def placed(noticed):
    """The filing says where its site is."""
    place = {"longitude": "113.371234", "latitude": "37.078766", "datum": "wgs84"}
    Filing.objects.filter(pk=noticed.filing.pk).update(**place)
    return noticed


def saying(**words):
    """The county's settings with some words of their own."""
    here = County.objects.get()
    for name, said in words.items():
        here.profile[name] = {**here.profile[name], **said}
    here.save()


def test_a_place_is_told_to_a_kilometre_and_listed_beside_the_sketch(placed, client, driven):
    sketch, [place] = sketch_of(Asked(), placed.now)
    assert (place.longitude, place.latitude) == (113.37, 37.08)
    assert [mark.numbers for mark in sketch["marks"]] == [[1]]
    with driven("2018-06-01 09:00"):
        page = client.get(reverse(LIST), {"view": "map"}).content.decode()
    assert 'class="place"' in page
    assert "没有审图号" in page
    assert reverse("public_notice:notice", args=[placed.notice.public_id]) in page
    assert "113.371" not in page


def test_no_place_is_told_where_the_county_tells_none_or_the_gate_covered_it(placed):
    notice = Notice.objects.get(pk=placed.notice.pk)
    said = notice.content | {"project": notice.content["project"] | {"location": "麻田镇***"}}
    Notice.objects.filter(pk=notice.pk).update(content=said)
    assert sketch_of(Asked(), placed.now)[1] == []
    Notice.objects.filter(pk=notice.pk).update(content=notice.content)
    saying(publication={"map_points": False})
    assert sketch_of(Asked(), placed.now)[1] == []
    saying(publication={"map_points": True})
    assert len(sketch_of(Asked(), placed.now)[1]) == 1
    Notice.objects.filter(pk=notice.pk).update(stage=NoticeStage.WITHDRAWN)
    assert sketch_of(Asked(), placed.now)[1] == []


def test_a_real_county_shows_no_outline_without_a_review_number(placed):
    saying(contact={"demonstration": False})
    sketch, places = sketch_of(Asked(), placed.now)
    assert sketch["path"] == ""
    assert len(places) == 1
