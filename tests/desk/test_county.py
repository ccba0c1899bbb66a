"""The shipped county in the database: loaded whole, loaded once, in editions that never change."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from accounts.models import Organisation
from accounts.services import system_actor
from approvals.models import CatalogueEdition, CatalogueItem, Question, Region
from approvals.queries import catalogue_at, preview
from core.deadlines.models import CalendarDay, CalendarEdition, RulebookEdition
from core.deadlines.queries import calendar_at, rulebook_at, value_of
from core.documents.models import PaperKind
from core.ledger.models import Entry
from core.ledger.queries import verify
from core.ledger.services import county_book
from desk.rules.pack import PackError, read_pack
from desk.services.county import load_pack

SHIPPED = Path(__file__).parents[2] / "counties" / "zuoquan"

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    copy = tmp_path / "county"
    shutil.copytree(SHIPPED, copy, ignore=shutil.ignore_patterns("replay-*"))
    return copy


def swap(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="")


def rows():
    labels = ("accounts", "approvals", "deadlines", "documents", "ledger")
    return {
        m: m.objects.count() for label in labels for m in apps.get_app_config(label).get_models()
    }


def test_everything_of_the_pack_is_there(county, at):
    pack = read_pack(SHIPPED)
    assert (county.code, county.window.code, county.supervision.code) == ("140722", "SPJ", "XZF")
    assert county.profile["service"]["first_channel"] == "platform_acknowledged"
    assert CalendarEdition.objects.count() == 12
    assert CalendarDay.objects.count() == sum(len(edition.marks) for edition in pack.calendars)
    edition = CatalogueEdition.objects.get()
    assert edition.in_force_from == date(2017, 1, 1)
    assert edition.items.count() == 28
    assert sum(item.materials.count() for item in edition.items.all()) == len(pack.materials)
    assert {q.fact: q.row for q in Question.objects.all()} == {r["fact"]: r for r in pack.questions}
    road = CatalogueItem.objects.get(code="G02")
    assert {d.code for d in road.co_departments.all()} == {"CGJ", "GAJ"}
    assert PaperKind.objects.get(code="DOC01").mark == "左承告"
    assert Region.objects.get(code="140722202").seen_to == date(2020, 6, 30)
    assert preview({}, catalogue_at(at("2018-06-15"))).asked


def test_numbers_and_calendars_can_be_reckoned_with(county, at):
    then = at("2018-06-15 10:00")
    rulebook = rulebook_at(then)
    assert value_of(rulebook, "P5b").number == 3
    assert (value_of(rulebook, "8a").number, value_of(rulebook, "8a").unit) == (60, "day")
    assert value_of(rulebook, "P23a").value == "08:30-12:00;14:30-18:00"
    assert not calendar_at(then).is_working(date(2018, 6, 18))  # 端午
    assert calendar_at(then).is_working(date(2018, 9, 29))  # 国庆调休


def test_departments_carry_the_names_of_their_time(county):
    land = Organisation.objects.get(code="ZRJ")
    assert land.name_on(date(2018, 12, 31)) == "国土资源局"
    assert land.name_on(date(2019, 1, 1)) == "自然资源局"
    assert Organisation.objects.get(code="SLJ").name_on(date(2018, 6, 1)) == "水利局"
    assert Organisation.objects.get(code="SPJ").duties == ["window", "lead", "reviewer"]


def test_a_second_load_changes_nothing(county, at):
    before, head = rows(), county_book().head
    report = load_pack(read_pack(SHIPPED), by=system_actor(), at=at("2018-03-01"))
    assert report.written == 0
    assert rows() == before
    assert county_book().head == head


def test_every_edition_stands_in_the_county_book(county):
    book = county_book()
    acts = list(Entry.objects.filter(book=book).values_list("act", flat=True))
    assert acts.count("load_calendar") == 12
    assert acts.count("load_rulebook") == acts.count("load_catalogue") == 1
    assert RulebookEdition.objects.get().digest in Entry.objects.get(act="load_rulebook").payload
    assert verify(book) is None


def test_a_changed_number_makes_a_new_edition_from_a_day_on(county, folder, at):
    swap(folder / "rulebook.csv", "Opinion after the meeting,3", "Opinion after the meeting,5")
    pack = read_pack(folder)
    load_pack(pack, by=system_actor(), at=at("2018-06-01"), from_day=date(2018, 7, 1))
    assert RulebookEdition.objects.count() == 2
    assert CatalogueEdition.objects.count() == 1
    assert value_of(rulebook_at(at("2018-06-30 23:59")), "P5b").number == 3
    assert value_of(rulebook_at(at("2018-07-01 00:00")), "P5b").number == 5
    with pytest.raises(PackError):  # going back is a new edition too, but never behind the last one
        load_pack(
            read_pack(SHIPPED), by=system_actor(), at=at("2018-06-02"), from_day=date(2018, 6, 2)
        )
    load_pack(read_pack(SHIPPED), by=system_actor(), at=at("2018-08-01"))
    assert value_of(rulebook_at(at("2018-08-01")), "P5b").number == 3
    assert RulebookEdition.objects.count() == 3


def test_a_pack_without_the_column_leaves_who_is_led_from_above_to_the_administrator(
    county, folder, at
):
    file = folder / "departments.csv"
    lines = [line.rpartition(",")[0] for line in file.read_text(encoding="utf-8").splitlines()]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    since = date(2019, 3, 1)
    Organisation.objects.filter(code="XFD").update(led_from_above_since=since)

    load_pack(read_pack(folder), by=system_actor(), at=at("2026-06-01 09:00"))
    assert Organisation.objects.get(code="XFD").led_from_above_since == since

    load_pack(read_pack(SHIPPED), by=system_actor(), at=at("2026-06-01 09:00"))
    assert Organisation.objects.get(code="XFD").led_from_above_since is None


def test_a_known_calendar_is_never_changed(county, folder, at):
    swap(folder / "calendar" / "2018.json", "端午节", "端阳节")
    before = rows()
    with pytest.raises(PackError, match="已经载入"):
        load_pack(read_pack(folder), by=system_actor(), at=at("2018-06-01"))
    assert rows() == before


def test_another_county_is_refused(county, folder, at):
    swap(folder / "county.yaml", 'code: "140722"', 'code: "1407"')
    with pytest.raises(PackError, match="另一个县"):
        load_pack(read_pack(folder), by=system_actor(), at=at("2018-06-01"))


def test_only_system_and_administrator_load(people, at):
    pack = read_pack(SHIPPED)
    assert load_pack(pack, by=people.administrator, at=at("2018-06-01")).written == 0
    with pytest.raises(PermissionDenied):
        load_pack(pack, by=people.window, at=at("2018-06-01"))


def test_the_command_names_every_fault_and_loads_nothing(county, folder, capsys):
    swap(folder / "departments.csv", "lead;reviewer;supervisor", "boss")
    swap(folder / "materials.csv", "original,1,no", "original,none,no")
    before = rows()
    with pytest.raises(CommandError, match="2处错误") as refused:
        call_command("load_county", folder)
    assert refused.value.returncode == 1
    said = capsys.readouterr().err.splitlines()
    assert [line.split(" ")[0] for line in said] == [
        "departments.csv:3:roles",
        "materials.csv:2:copies",
    ]
    assert rows() == before


def test_the_command_says_what_it_did(county, folder, capsys):
    call_command("load_county", str(folder))
    assert "没有改动" in capsys.readouterr().out
    swap(folder / "rulebook.csv", "Opinion after the meeting,3", "Opinion after the meeting,5")
    call_command("load_county", str(folder), "--from", "2030-01-01")
    assert "规则版次：新增或更新1" in capsys.readouterr().out
    assert RulebookEdition.objects.get(number=2).in_force_from == date(2030, 1, 1)
