"""主动公开: what the county says it publishes, what it owes, and guides that follow the catalogue by themselves."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from accounts.services import system_actor
from core import clock
from core.deadlines.queries import calendar_at
from core.deadlines.services import sweep
from core.ledger.services import county_book
from desk.models import Raised
from desk.queries.work import waiting_for
from desk.rules.pack import read_pack
from desk.services.county import load_pack
from desk.services.reminders import remind
from public_notice import services
from public_notice.models import OpenMatter, Publication
from public_notice.queries.openness import arisen, by_kind, shown, standing_matters
from public_notice.rules.openness import due_on, standing
from public_notice.rules.written import wrong
from public_notice.stages import Timeliness
from tests.conftest import SHIPPED
from tests.conftest import instant as at
from tests.stories.telling import refused, sound, told

pytestmark = pytest.mark.django_db
MONDAY = at("2018-06-04 09:00")
WORDS = {
    "kind": "service", "name": "示例", "content": "示例内容", "form": "本网站", "event": "by_hand", "rule": "15",
    "address": "/guides/", "basis": "示例依据", "certainty": "I",
}  # fmt: skip


def matter(code="E3"):
    return standing_matters().get(code=code)


def note(people, on=date(2018, 6, 4), by=None, code="E3", now=MONDAY):
    by = by or people.department("ZJJ")
    with clock.driven(now):
        return services.note_publication(
            matter=matter(code), title="示例变更", arose_on=on, by=by, at=now
        )


def write(people, by=None, **words):
    said = {
        "code": "S9", "publisher": people.department("ZJJ").organisation, "reason": "示例", **WORDS, **words,
    }  # fmt: skip
    return services.write_matter(by=by or people.administrator, at=MONDAY, **said)


@pytest.mark.parametrize(
    ("arose", "days", "due"),
    [
        (date(2018, 6, 4), 20, date(2018, 7, 3)),  # 端午节 on 18 June is not counted
        (date(2018, 6, 4), 7, date(2018, 6, 13)),
        (date(2018, 6, 16), 7, date(2018, 6, 27)),  # a Saturday before the holiday
    ],
)
def test_twenty_and_seven_working_days(county, arose, days, due):
    assert due_on(arose, days, "working_day", calendar_at(MONDAY)) == due


@pytest.mark.parametrize(
    ("due", "published", "today", "wanted"),
    [
        (None, None, 4, Timeliness.UNDATED),
        (4, None, 4, Timeliness.RUNNING),  # the last day is in time
        (4, None, 5, Timeliness.OVERDUE),
        (4, 4, 9, Timeliness.IN_TIME),
        (4, 5, 9, Timeliness.LATE),  # and stays late
    ],
)
def test_its_own_days_decide(due, published, today, wanted):
    def day(number):
        return number and date(2018, 6, number)

    assert standing(day(due), day(published), day(today)) == wanted


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"kind": "secret"}, "kind"),
        ({"basis": ""}, "basis"),
        ({"content": "联系电话13800138000"}, "content"),
        ({"address": "javascript:alert(1)"}, "address"),
        ({"address": "//elsewhere.example/"}, "address"),
        ({"rule": ""}, "rule"),
        ({"rule": "P35"}, "rule"),
        ({"kind": "withheld"}, "event"),
        ({"certainty": "Z"}, "certainty"),
    ],
)
def test_what_may_not_be_written(words, field):
    empty = {"name_en": "", "content_en": "", "form_en": ""}

    assert set(wrong({**empty, **WORDS, **words})) == {field}
    assert wrong({**empty, **WORDS}) == {}


def test_a_matter_is_written_by_the_administrator_in_versions_that_stay(people):
    for stranger in (people.window, people.supervisor, people.department("ZJJ"), people.enterprise):
        with refused(error=PermissionDenied):
            write(people, by=stranger)
    with refused(error=ValidationError):
        write(people, rule="P999")
    with refused(error=ValidationError):
        write(people, reason=" ")
    first = write(people)
    second = write(people, name="改过的")
    assert (first.version, second.version, matter("S9").name) == (1, 2, "改过的")
    with refused("不是现行的版本"):
        services.strike_matter(first, reason="示例", by=people.administrator, at=MONDAY)
    services.strike_matter(second, reason="示例", by=people.administrator, at=MONDAY)
    assert not standing_matters().filter(code="S9").exists()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE public_notice_openmatter SET name = 'x'")
    acts = county_book().entries.filter(act="write_open_matter", payload__contains="S9")
    assert acts.count() == 3
    assert sound()


def test_what_the_county_wrote_by_hand_the_pack_does_not_take_back(people):
    write(people, code="E3", name="县改过的")
    before = OpenMatter.objects.count()

    report = load_pack(read_pack(SHIPPED), by=system_actor(), at=MONDAY)

    assert report.written == 0
    assert OpenMatter.objects.count() == before
    assert matter("E3").name == "县改过的"


def test_it_is_noted_by_its_publisher_and_not_of_the_future(people):
    for stranger in (people.department("SLJ"), people.enterprise, people.window):
        with refused(error=PermissionDenied):
            note(people, by=stranger)
    with refused(error=ValidationError):
        note(people, on=date(2018, 6, 5))
    with refused(error=ValidationError):
        note(people, on=date(1990, 1, 1))
    with refused("按办理记录生成"):
        note(people, by=people.administrator, code="E1")


def test_overdue_it_climbs_the_ladder_until_it_is_published_and_late_it_stays(people):
    row = note(people)
    clerk = people.department("ZJJ")
    assert any("示例变更" in one.title for one in waiting_for(clerk, MONDAY))
    assert not any("示例变更" in one.title for one in waiting_for(people.supervisor, MONDAY))
    assert not any("示例变更" in one.title for one in waiting_for(people.department("SLJ"), MONDAY))
    late = at("2018-07-06 09:00")
    with clock.driven(late):
        sweep(late)
        sweep(late)
        remind(late)
    assert len(told(people.supervisor, "逾期未公开：示例变更")) == 1
    assert Raised.objects.filter(limit=f"public_notice.publication:{row.pk}").exists()
    assert any("示例变更" in one.title for one in waiting_for(people.supervisor, late))
    with clock.driven(late):
        with refused(error=PermissionDenied):
            services.publish_information(row, address="x", by=people.department("SLJ"), at=late)
        with refused(error=ValidationError):
            services.publish_information(row, address=" ", by=clerk, at=late)
        services.publish_information(row, address="示例查阅点", by=clerk, at=late)
        with refused("已经公开"):
            services.publish_information(row, address="示例查阅点", by=clerk, at=late)
    [one] = [a for a in arisen(late) if a.title == "示例变更"]
    assert (one.standing, one.due) == (Timeliness.LATE, date(2018, 7, 3))
    assert not any("示例变更" in one.title for one in waiting_for(clerk, late))
    assert sound()


def test_public_pages_say_it_and_take_a_fixed_number_of_statements(
    people, client, django_assert_max_num_queries
):
    with clock.driven(MONDAY), django_assert_max_num_queries(8):
        page = client.get(reverse("public_notice:openness")).content.decode()
    assert all(group["rows"] for group in by_kind(MONDAY))
    for words in ("决策公开", "结果公开", "20个工作日内", "7个工作日内", 'href="/guides/"'):
        assert words in page
    with clock.driven(MONDAY):
        negative = client.get(reverse("public_notice:openness_negative")).content.decode()
    assert "《中华人民共和国政府信息公开条例》第十四条、第三十七条" in negative


def test_the_check_is_for_those_who_publish(people, client):
    def page(by):
        client.force_login(by.user)
        with clock.driven(MONDAY):
            return client.get(reverse("public_notice:openness_check"))

    note(people)
    assert page(people.enterprise).status_code == 403
    seen = page(people.department("ZJJ"))
    assert "示例变更" in seen.content.decode()
    row = Publication.objects.get()
    client.force_login(people.department("SLJ").user)
    with clock.driven(MONDAY):
        path = reverse("public_notice:publish_information", args=[row.pk])
        assert client.post(path, {"address": "示例"}).status_code == 403
    client.force_login(people.department("ZJJ").user)
    with clock.driven(MONDAY):
        assert client.post(path, {"address": "示例"}).status_code == 302
    row.refresh_from_db()
    assert (row.address, row.ended_at) == ("示例", MONDAY)


@pytest.mark.parametrize("odd", ["javascript:alert(1)", "//evil.example/", "data:text/html,x"])
def test_an_address_that_nobody_may_write_is_not_led_to_either(people, odd):
    row = standing_matters().exclude(address="").first() or standing_matters().first()
    row.address = odd
    assert shown([row], at("2018-06-04 10:00"))[0].address == ""
