"""The rule time machine: a case whose every instant is known, laid against other rules; each difference by hand.

The meeting is on Wednesday, 18 April 2018. The weather bureau (QXJ) sat there and was silent until the 25th; the
fire brigade (XFD) stayed away; natural resources (ZRJ), behind a red line, said nothing at all. The next days are
worked: 19, 20, 23–27 and Saturday, 28 April; off are 29 April to 1 May; worked again 2–4 and 7–9 May.
"""

import hashlib
import io

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from approvals.stages import Stage
from core import clock
from desk.queries.what_if import asked_by, files_in, untouched, what_if
from desk.queries.what_if.words import Words, csv_of
from desk.rules.pack import PackError
from desk.rules.what_if import Asked, catalogue_from, rulebook_from
from prereview import services as sessions
from prereview.models import Opinion, Slot
from prereview.stages import Position, SlotState
from tests.conftest import SHIPPED, instant
from tests.standing import standing
from tests.walk import walk

pytestmark = pytest.mark.django_db
NOW = instant("2018-06-01 10:00")


def _held(people):
    w = walk(people, instant("2018-04-11 09:00"), to=Stage.PREREVIEWING)
    w.until(instant("2018-04-16 09:00"))
    w.call_meeting()
    assert w.meeting.opens_at == instant("2018-04-18 09:00")
    w.hold(w.meeting, absent=["XFD"], silent=["QXJ", "ZRJ"])
    w.until(instant("2018-04-25 10:00"))
    w.do(
        sessions.give_late_opinion, w.slot("QXJ", "C03"), position=Position.AGREE, reason="", clause="",
        by=people.department("QXJ"),
    )  # fmt: skip
    w.until(instant("2018-04-26 09:00"))
    w.conclude()
    w.to(Stage.START_NOTIFIED)
    w.until(NOW)
    return w


walked, held = standing(_held)


def report(*changes):
    return what_if(asked_by(list(changes), NOW), NOW)


def figure(found, name):
    return next(((f.before, f.after) for f in found.figures if f.name == name), (0, 0))


def moved(found, what):
    return next(m for m in found.moves if m.what == what)


def change(found, **named):
    """The one change of a slot (by department) or of a case (by what)."""
    hits = [
        c
        for c in found.changes
        if (c.slot and c.slot.department == named.get("department"))
        or (c.about == "case" and c.what == named.get("what"))
    ]
    assert len(hits) == 1, hits
    return hits[0]


def load(found, department):
    return next(one for one in found.loads if one.department == department)


# — the reckoning holds ——————————————————————————————————————————————————————————————————


def test_under_its_own_rules_a_case_comes_out_as_it_is_recorded(held):
    found = report()

    assert (found.cases, found.slots) == (1, 12)
    assert found.mismatches == found.changes == ()
    assert (
        figure(found, Position.DEEMED_TIMEOUT) == figure(found, Position.DEEMED_ABSENCE) == (1, 1)
    )
    assert figure(found, Position.NO_OPINION) == (1, 1)


@pytest.mark.parametrize("column", ["effective_at", "position"])
def test_a_record_that_is_not_what_the_rules_give_is_told(held, column):
    silent = Opinion.objects.get(slot=held.slot("QXJ", "C03"))
    other = {"effective_at": NOW, "position": Position.DEEMED_ABSENCE}
    Opinion.objects.filter(pk=silent.pk).update(**{column: other[column]})

    assert [m.case.pk for m in report().mismatches] == [held.pk]


def test_one_more_day_in_a_recorded_limit_is_told(held):
    slot = held.slot("ZRJ", "R04")
    Slot.objects.filter(pk=slot.pk).update(due_at=instant("2018-04-25"))

    assert [m.what for m in report().mismatches] == ["P5b"]


# — other numbers, by hand ———————————————————————————————————————————————————————————————


def test_five_days_instead_of_three(held):
    found = report("P5b=5")

    # The weather bureau's late opinion of the 25th comes before the new end, the 25th at 24:00: no default.
    weather = change(found, department="QXJ")
    assert (weather.before.position, weather.after.position) == ("deemed_timeout", "agree")
    assert weather.before.effective_at == instant("2018-04-24")
    assert weather.after.effective_at == instant("2018-04-25 10:00")
    assert weather.rules == ("P5b",)
    # Natural resources stays silent: to the supervisor on the 25th at 24:00, no opinion given on the 27th at 24:00.
    land = change(found, department="ZRJ")
    assert land.before.effective_at == instant("2018-04-26")
    assert land.after.effective_at == instant("2018-04-28")
    # Who stayed away has no limit that could be longer.
    assert not [c for c in found.changes if c.slot and c.slot.department == "XFD"]
    # The conclusion of the 26th waits for the last opinion, the notice and the start with it.
    complete = change(found, what="complete")
    assert (complete.before, complete.after) == (instant("2018-04-26"), instant("2018-04-28"))
    # Published on Saturday the 28th: 2, 3, 4, 7 and 8 May.
    notice = change(found, what="notice")
    assert (notice.before, notice.after) == (instant("2018-05-05"), instant("2018-05-09"))
    assert change(found, what="start").after == instant("2018-05-09")
    assert [moved(found, what).median for what in ("complete", "notice", "start")] == [2, 2, 2]
    assert figure(found, Position.DEEMED_TIMEOUT) == (1, 0)
    assert figure(found, "late_opinions") == (1, 0)
    assert (load(found, "QXJ").before.defaults, load(found, "QXJ").after.defaults) == (1, 0)
    assert found.touched == 1
    assert found.mismatches == ()


@pytest.mark.parametrize(
    ("changes", "department", "state", "position", "effective"),
    [
        # 18 April and nothing more: the others spoke within the hour; the supervisor has the 19th and the 20th.
        (["P5b=0"], "ZRJ", SlotState.SETTLED, "no_opinion", "2018-04-21"),
        (["P15=1"], "ZRJ", SlotState.SETTLED, "no_opinion", "2018-04-25"),
        (["P15=4"], "ZRJ", SlotState.SETTLED, "no_opinion", "2018-04-28"),
        # Two working days lay between the summons and the meeting; where three are wanted, nobody is absent by it.
        (["P5a=3"], "XFD", SlotState.HELD, "", None),
        (["P5b=4"], "QXJ", SlotState.SETTLED, "deemed_timeout", "2018-04-25"),
    ],
)  # fmt: skip
def test_other_numbers(held, changes, department, state, position, effective):
    after = change(report(*changes), department=department).after

    assert (after.state, after.position) == (state, position)
    assert after.effective_at == (effective and instant(effective))


def test_a_default_that_confirms_itself_later_holds_the_conclusion_back(held):
    found = report("P12=5")

    # 24, 25, 26, 27 and 28 April: the morning of the 28th.
    assert change(found, what="complete").moved == 2
    assert change(found, what="start").moved == 2
    assert change(found, what="start").rules == ("P12",)
    assert not [c for c in found.changes if c.slot]


def test_a_held_default_has_no_end_and_so_the_case_has_no_start(held):
    found = report("P5a=3")

    assert change(found, what="start").after is None
    assert (moved(found, "start").lost, figure(found, "gates")) == (1, (1, 0))
    assert figure(found, SlotState.HELD) == (0, 1)


def test_a_longer_notice_moves_the_start_and_no_opinion(held):
    found = report("P7a=7")

    assert change(found, what="notice").moved == 2
    assert change(found, what="start").after == instant("2018-05-09")
    assert change(found, what="start").rules == ("P7a",)
    assert {c.about for c in found.changes} == {"case"}


def test_the_sweeps_grace_changes_nothing(held):
    assert report("P24=600").changes == ()


def test_a_signature_after_both_limits_is_too_late(held):
    """The letter was offered and signed on the 26th; without a day for it the reminder's limit still takes it in."""
    found = report("P19=1", "P20=1", "P6=1")

    assert found.changes == ()


# — another catalogue ————————————————————————————————————————————————————————————————————


def test_an_item_behind_the_supervisor_instead_of_a_default(held):
    found = report("C03.opinion_default=escalate")

    # The supervisor had until the 25th at 24:00: what the bureau said that morning counts.
    weather = change(found, department="QXJ")
    assert (weather.after.position, weather.after.effective_at) == (
        "agree",
        instant("2018-04-25 10:00"),
    )
    assert weather.rules == ("catalogue",)
    assert figure(found, Position.DEEMED_TIMEOUT) == (1, 0)


def test_an_item_less_is_asked_of_nobody(held):
    found = report("C09=-")

    # The fire brigade was asked about it alone, in the meeting and at the survey.
    assert (load(found, "XFD").before.asked, load(found, "XFD").after.asked) == (2, 0)
    assert (load(found, "ZJJ").before.asked, load(found, "ZJJ").after.asked) == (6, 5)
    assert figure(found, Position.DEEMED_ABSENCE) == (1, 0)


def test_another_department_is_asked_and_nothing_is_known_of_it(held):
    found = report("C03.department_code=SLJ")

    assert (load(found, "QXJ").after.asked, load(found, "SLJ").after.asked) == (0, 2)
    assert figure(found, "added") == (0, 2)
    assert figure(found, Position.DEEMED_TIMEOUT) == (1, 0)


def test_a_stricter_gate_has_no_date_until_the_approval_is_there(held):
    found = report("C03.start_gate=prior_approval")

    assert change(found, what="start").after is None
    assert change(found, what="start").rules == ("catalogue",)


def test_a_whole_catalogue_that_says_the_same_changes_nothing(held):
    files = files_in(SHIPPED)
    same = catalogue_from({name: files[name] for name in ("catalogue.csv", "questions.csv")}, files)

    assert what_if(Asked(catalogue=same), NOW).changes == ()


def test_a_whole_catalogue_with_an_item_less(held):
    files = files_in(SHIPPED)
    text = files["catalogue.csv"].decode()
    less = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("C09,"))
    found = what_if(Asked(catalogue=catalogue_from({"catalogue.csv": less.encode()}, files)), NOW)

    assert (load(found, "XFD").before.asked, load(found, "XFD").after.asked) == (2, 0)


# — what is refused ——————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("changes", "place", "said"),
    [
        (["P2=9"], "P2", "突破了法定期限 5"),
        (["P5b=-1"], "P5b", "不得为负"),
        (["P12=0"], "P12", "不得为零"),
        (["P5b=x"], "P5b", "不是整数"),
        (["P99=3"], "P99", "没有编号为"),
        (["P7c=1"], "P7c", "不是数字"),
        (["13=9"], "13", "固定"),
        (["P5b"], "-", "应写作"),
        (["P5b=4", "P5b=5"], "P5b", "写了两次"),
        (["X99=-"], "X99", "没有编码为"),
        (["C05.colour=red"], "C05.colour", "这里只能改"),
        (["R04.opinion_default=yes"], "R04.opinion_default", "红线事项不得默认"),
        (["C05.opinion_default=perhaps"], "C05.opinion_default", "不在允许的取值"),
        (["C05.department_code=NO"], "C05.department_code", "没有编码为“NO”的部门"),
        (["C05.promised_days=x"], "C05.promised_days", "不是整数"),
    ],
)  # fmt: skip
def test_a_change_that_cannot_be_is_refused_by_its_place(county, changes, place, said):
    with pytest.raises(PackError) as refused:
        asked_by(changes, NOW)

    fault = refused.value.faults[-1]
    assert (fault.file, fault.column) == ("set", place)
    assert said in fault.message


def test_a_bad_rulebook_is_refused_with_line_and_column(county):
    good = (SHIPPED / "rulebook.csv").read_bytes()
    lines = good.decode().splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if line.startswith("P5b,"))
    lines[at] = lines[at].replace(",3,working_day", ",-3,working_day")

    assert rulebook_from(good)["P5b"].length == 3
    with pytest.raises(PackError) as refused:
        rulebook_from("".join(lines).encode())
    assert (refused.value.faults[0].line, refused.value.faults[0].column) == (at + 1, "value")
    with pytest.raises(PackError, match="缺少此列"):
        rulebook_from(b"id,value\nP5b,3\n")
    with pytest.raises(PackError, match="UTF-8"):
        rulebook_from("编号".encode("gb18030"))


# — nothing is touched ———————————————————————————————————————————————————————————————————


def everything():
    """A digest of every row of every table."""
    made = hashlib.sha256()
    for model in sorted(apps.get_models(), key=lambda m: m._meta.db_table):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")
            for row in sorted(map(repr, cursor.fetchall())):
                made.update(f"{model._meta.db_table}{row}".encode())
    return made.hexdigest()


def test_no_row_is_touched(held):
    before = everything()
    report("P5b=5", "C09=-")
    assert everything() == before

    held.filing.slots.update(held_because="x")
    assert everything() != before


def test_the_database_itself_refuses_to_be_written(held):
    with pytest.raises(DatabaseError), transaction.atomic(), untouched():
        Slot.objects.update(held_because="x")

    assert not Slot.objects.filter(held_because="x").exists()
    with untouched():
        assert Slot.objects.exists()
    assert Slot.objects.update(held_because="x") > 0


def test_two_cases_take_as_many_queries_as_one(held, people, django_assert_max_num_queries):
    def queries():
        with django_assert_max_num_queries(60) as seen:
            Words(report("P5b=5")).lines()
        return len(seen)

    report()
    once = queries()
    walk(people, instant("2018-05-02 09:00"), to=Stage.COMMITTING, by=people.other_enterprise)
    assert report().cases == 2
    assert queries() == once


# — the command, the page, the interface —————————————————————————————————————————————————


def told(*arguments):
    out = io.StringIO()
    with clock.driven(NOW):
        call_command("what_if", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_says_what_changes_and_why(held, tmp_path):
    said = told("--set", "P5b=5", "--csv", str(tmp_path / "all.csv"))

    assert "P5b 会后书面意见：3个工作日 → 5个工作日" in said
    assert "视同无异议（超时）\t1 → 0" in said
    assert "记录不符：0处" in said
    assert "最早可开工：提前0件，推后1件，中位数2个工作日" in said
    rows = (tmp_path / "all.csv").read_text("utf-8-sig").splitlines()
    assert rows[0].startswith("申报件,项目,")
    assert any("视同无异议（超时），2018年4月23日（周一） 24:00" in row for row in rows)


def test_the_command_takes_whole_files(held, tmp_path):
    text = (SHIPPED / "rulebook.csv").read_text()
    changed = text.replace("Opinion after the meeting,3,", "Opinion after the meeting,5,")
    assert changed != text
    (tmp_path / "rulebook.csv").write_text(changed)
    (tmp_path / "catalogue.csv").write_bytes((SHIPPED / "catalogue.csv").read_bytes())

    said = told("--rulebook", str(tmp_path / "rulebook.csv"), "--catalogue", str(tmp_path))
    assert "视同无异议（超时）\t1 → 0" in said


def test_the_command_refuses_in_a_sentence(held, tmp_path):
    (tmp_path / "rulebook.csv").write_text("id\n")
    for arguments, what in (
        (["--set", "P2=9"], "set:1:P2 县级规定 9 突破了法定期限"),
        (["--rulebook", str(tmp_path / "rulebook.csv")], "rulebook.csv:1:value 缺少此列"),
        (["--rulebook", str(tmp_path / "none.csv")], "读不了"),
        (["--catalogue", str(tmp_path)], "catalogue.csv:1:- 缺少此文件"),
        ([], "请写明要改什么"),
    ):
        with pytest.raises(CommandError, match=what):
            told(*arguments)


@pytest.fixture
def page(client, people):
    def ask(who="supervisor", data=None, **said):
        client.force_login(getattr(people, who).user)
        with clock.driven(NOW):
            address = reverse("desk:what_if")
            return client.post(address, data) if data is not None else client.get(address, said)

    return ask


def test_the_page_is_for_those_who_watch_over_the_rules(county, page):
    answers = {
        who: page(who).status_code
        for who in ("supervisor", "administrator", "convenor", "window", "enterprise")
    }

    assert answers == {
        "supervisor": 200, "administrator": 200, "convenor": 403, "window": 403, "enterprise": 403,
    }  # fmt: skip


def test_the_page_shows_the_numbers_in_force_and_marks_what_is_changed(held, page):
    before = page().content.decode()
    after = page(data={"P5b": "5", "P7a": "5"}).content.decode()

    assert 'name="P5b" value="3"' in before
    assert '<span class="tag">改</span>' not in before
    assert after.count('<span class="tag">改</span>') == 1
    assert "3个工作日 → 5个工作日" in after
    assert "按原来的规则复算，与记录完全一致" in after
    assert "?P5b=5" in after
    assert "1件申报件会不一样" in page(P5b="5").content.decode()


def test_the_page_hands_out_the_same_rows_as_a_file(held, page):
    answer = page(P5b="5", csv="1")

    assert answer["Content-Type"].startswith("text/csv")
    assert answer.content.decode() == csv_of(Words(report("P5b=5")).lines())


def test_the_page_takes_files_and_names_what_is_wrong_with_them(held, page):
    def upload(name, data):
        return SimpleUploadedFile(name, data, content_type="text/csv")

    text = (SHIPPED / "rulebook.csv").read_text()
    five = text.replace("Opinion after the meeting,3,", "Opinion after the meeting,5,").encode()
    answer = page(data={"rulebook": upload("rulebook.csv", five)})
    assert answer.status_code == 200
    assert "1件申报件会不一样" in answer.content.decode()
    for data, what in (
        ({"rulebook": upload("rulebook.csv", b"id\nP1\n")}, "rulebook.csv:1:value 缺少此列"),
        ({"catalogue": upload("catalogue.csv", b"\xff")}, "不是 UTF-8 编码"),
        ({"catalogue": upload("catalogue.csv", b"x" * (1 << 20) + b"x")}, "文件过大"),
        ({"P2": "9"}, "突破了法定期限 5"),
        ({"cells": "R04.opinion_default=yes"}, "第1行 R04.opinion_default：红线事项不得默认"),
        ({"P5b": "3"}, "还没有改任何一条"),
        ({"P5b": "-1"}, "大于或等于0"),
    ):
        answer = page(data=data)
        assert answer.status_code == 422, what
        assert what in answer.content.decode().replace("大于或等于 0", "大于或等于0")


def test_a_program_gets_the_same(held, client, people):
    client.force_login(people.supervisor.user)
    with clock.driven(NOW):
        answer = client.get("/api/v1/what-if/", {"set": ["P5b=5", "P12=2"]})
        refused = client.get("/api/v1/what-if/", {"set": "P2=9"})
        nothing = client.get("/api/v1/what-if/")
    said = answer.json()

    assert (answer.status_code, said["cases"], said["touched"], said["mismatches"]) == (
        200,
        1,
        1,
        0,
    )
    assert {"name": "deemed_timeout", "before": 1, "after": 0} in said["figures"]
    assert [m["later"] for m in said["moves"]] == [1, 1, 1]
    weather = next(
        c for c in said["changes"] if c["department"] == "气象局" and c["about"] == "slot"
    )
    assert weather["rules"] == ["P5b 会后书面意见：3个工作日 → 5个工作日"]
    assert (refused.status_code, nothing.status_code) == (422, 422)
    assert "P2：县级规定 9 突破了法定期限" in refused.json()["errors"]["set"][0]


def test_in_english_nothing_is_left_in_chinese_of_the_words(held, client, people):
    client.force_login(people.supervisor.user)
    with clock.driven(NOW):
        said = client.get(
            "/api/v1/what-if/", {"set": "P5b=5"}, headers={"Accept-Language": "en"}
        ).json()
    weather = next(c for c in said["changes"] if c["about"] == "slot" and "C03" in c["what"])

    assert weather["rules"] == ["P5b Opinion after the meeting：3 working days → 5 working days"]
    assert weather["after"].startswith("Agree")
    assert timezone.localdate(NOW).isoformat() in said["at"]
