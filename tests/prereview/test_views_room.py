"""The room's pages: the screen, a representative's own page, what is read, what is printed; what they cost."""

import pytest
from django.core.cache import caches
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, User
from accounts.stages import Role
from core import clock
from core.documents.services import keep
from core.ledger.services import county_book
from prereview import services
from prereview.models import ActionPoint, Mandate, Recusal
from prereview.queries.standing import standing_of, standings
from prereview.stages import CameBy, Duty, Grade, Position, SlotState
from prereview.views.live import ticket
from tests.api.programs import Program
from tests.approvals.browse import text
from tests.conftest import instant
from tests.prereview.meeting import Meeting
from tests.prereview.page import Page
from tests.standing import standing
from tests.stories.telling import refused
from tests.walk import pdf

pytestmark = pytest.mark.django_db

walked, room = standing(
    lambda people: Meeting(people, instant("2018-03-05 09:00"), filings=2).call().open()
)
OTHERS = ("supervisor", "administrator", "window", "convenor")


def code_on(page):
    return page.content.decode().split('class="code-sign">')[1].split("<")[0].strip()


def test_the_screen_shows_the_code_to_who_runs_the_room_and_to_nobody_else(room, people):
    name = room.session.public_id
    seen = Page(people.window, room).get("screen", name)
    assert code_on(seen).replace(" ", "") == room.code()
    assert "二楼会议室" in text(seen)
    for watcher in (people.supervisor, people.administrator):
        page = Page(watcher, room).get("screen", name)
        assert page.status_code == 200
        assert "code-sign" not in page.content.decode()
    clerk = room.departments().popitem()[1]
    for name_of_page in ("screen", "board", "print_sign_in", "print_agenda", "print_cards"):
        assert Page(clerk, room).get(name_of_page, name).status_code == 403
        assert Page(people.enterprise, room).get(name_of_page, name).status_code == 404
    assert Page(people.enterprise, room).get("now", name).status_code == 404


def test_a_representative_comes_in_agrees_to_what_is_listed_and_says_the_rest(room, people):
    (code, clerk), *_rest = room.departments().items()
    name, me = room.session.public_id, Page(clerk, room)
    assert "还没有签到" in me.says("me", name)
    assert "左权县承诺通" in me.says(
        "me", name
    )  # the frame keeps the county, and a demonstration its mark
    scanned = me.get("by_code", name, code=room.code())
    assert f'value="{room.code()}"' in scanned.content.decode()
    wrong = me.post("by_code", name, code="22222222", representative="")
    assert wrong.status_code == 422
    assert "动态码不对" in text(wrong)
    assert me.post("by_code", name, code=room.code(), representative="").status_code == 302
    assert me.get("by_code", name).status_code == 302
    assert room.summons(code).came_by == CameBy.CODE
    mine = room.slots(department__code=code)
    first, rest = mine[0], mine[1:]
    said = {"position": "conditions", "conditions": "退让道路五米", "room": "1"}
    kept = me.post("draft", first.pk, **said)
    assert f"/me/#slot-{first.pk}" in kept.url
    assert "草稿，尚未提出" in me.says("me", name)
    gone = me.post("opinion", first.pk, **said)
    assert gone.url.startswith(reverse("prereview:me", args=[name]))
    listed = [slot.pk for slot in mine]  # the first was settled since the page was drawn
    assert me.post("me", name, slots=listed).status_code == 302
    found = {s.pk: s.opinion.position for s in room.slots(department__code=code)}
    assert found == {first.pk: Position.CONDITIONS} | {s.pk: Position.AGREE for s in rest}
    assert me.post("me", name, slots=listed).status_code == 409
    assert me.post("me", name).status_code == 422
    assert "退让道路五米" in text(Page(people.window, room).get("board", name))
    assert "退让道路五米" in text(Page(room.departments().popitem()[1], room).get("now", name))


def test_nobody_agrees_for_another_department(room, people):
    (_code, clerk), (other, _clerk), *_rest = room.departments().items()
    foreign = [slot.pk for slot in room.slots(department__code=other)]
    answer = Page(clerk, room).post("me", room.session.public_id, slots=foreign)

    assert answer.status_code == 422
    assert {slot.state for slot in room.slots(department__code=other)} == {"awaited"}
    for stranger in (people.window, people.supervisor):
        assert Page(stranger, room).get("me", room.session.public_id).status_code == 403


def test_from_the_conclusion_to_the_paper_in_two_persons_hands(room, people):
    room.come().agree().close()
    item, window, desk = room.item(), Page(people.window, room), Page(people.convenor, room)
    due = room.now.date().isoformat()
    owner = people.convenor.organisation_id
    assert "列入行动清单" in desk.says("session", room.session.public_id)
    said = {"text": "交图", "owner": owner, "due_on": due}
    assert Page(people.supervisor, room).post("add_action", item.pk, **said).status_code == 403
    assert desk.post("add_action", item.pk, **said).status_code == 302
    assert "提出纪要稿，当场宣读" in desk.says("conclude", item.pk)
    proposed = desk.post("conclude", item.pk, conclusion="pass")
    assert proposed.url == reverse("prereview:reading", args=[item.pk])
    clerk = room.departments().popitem()[1]
    read = Page(clerk, room).says("reading", item.pk)
    assert all(
        words in read for words in ("确认以前不生效", "<dt>未到会</dt>")
    )  # as the paper has it
    assert "正在宣读纪要" in text(window.get("board", room.session.public_id))
    assert Page(clerk, room).post("reading", item.pk).status_code == 403
    assert desk.post("reading", item.pk).status_code == 403
    assert window.post("return_minutes", item.pk, reason="漏记").status_code == 302
    assert desk.post("conclude", item.pk, conclusion="pass").status_code == 302
    confirmed = window.post("reading", item.pk)
    assert confirmed.status_code == 302
    assert "会议纪要" in window.says("reading", item.pk)
    desk.post("session_close", room.session.public_id)
    assert "确认到会名单" in window.says("session", room.session.public_id)
    assert window.post("confirm_roll", room.session.public_id).status_code == 302
    action = ActionPoint.objects.get()
    assert "交图" in desk.says("actions")
    assert desk.post("finish_action", action.pk, note="已交").status_code == 302
    assert "已交" in desk.says("actions")


def test_what_lies_on_the_table_is_printed(room, people):
    desk, name = Page(people.convenor, room), room.session.public_id
    for sheet, words in (
        ("sign_in", "记录人签名"),
        ("agenda", "提出意见的部门"),
        ("cards", "桌签"),
    ):
        page = desk.get(f"print_{sheet}", name)
        assert page.status_code == 200
        assert words in page.content.decode()


def queries(client, address, **asked_for):
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address, asked_for)
    return len(asked), answer


def test_a_pulse_costs_one_query_and_nothing_is_drawn(room, people):
    feel = ticket(
        room.fresh, room.session.agenda.select_related("filing"), coded=False, at=room.now
    )
    address = reverse("prereview:pulse", args=[feel["token"]])
    known = Page(people.window, room).client
    with clock.driven(room.now):
        for client in (Client(), known):
            cost, still = queries(client, address, seen=feel["seen"])
            assert (cost, still.status_code, "HX-Trigger" in still) == (1, 204, False)
    room.come()
    with clock.driven(room.now):
        cost, moved = queries(Client(), address, seen=feel["seen"])
        assert (cost, moved.status_code, moved["HX-Trigger"]) == (1, 204, "room-moved")
        assert Client().get(address[:-2] + "x/").status_code == 403
        assert Client().post(address).status_code == 405


def test_the_room_costs_the_same_however_many_filings_it_hears(room, people):
    _code, clerk = next(iter(room.departments().items()))
    few = Meeting(people, instant("2018-05-07 09:00")).call().open()
    cost = {}
    for meeting in (room, few):
        meeting.come()
        name = meeting.session.public_id
        with meeting.shown():
            for who, address in (
                (people.window, "board"),
                (clerk, "me"),
                (clerk, "now"),
                (people.window, "screen"),
            ):
                asked = reverse(f"prereview:{address}", args=[name])
                cost.setdefault(address, []).append(queries(Page(who, meeting).client, asked)[0])
    assert {address: a for address, (a, _b) in cost.items()} == {
        address: b for address, (_a, b) in cost.items()
    }
    assert cost["board"][0] <= 16


def barred(room, clerk, filing):
    Recusal.objects.create(
        filing=filing, user=clerk.user, person=clerk, department=clerk.organisation,
        reason="同学", declared_by=clerk, declared_at=room.now,
    )  # fmt: skip


def test_who_stays_out_of_one_filing_agrees_to_all_of_the_other(room, people):
    (code, clerk), *_rest = room.departments().items()
    room.come(code)
    mine, out = room.slots(department__code=code), room.ways[0].filing
    barred(room, clerk, out)
    assert "您已对本件回避" in Page(clerk, room).says("me", room.session.public_id)
    assert room.do(services.agree_to_all, mine, by=clerk) == sum(
        s.filing_id != out.pk for s in mine
    )
    left = [slot for slot in room.slots(department__code=code) if slot.state == SlotState.AWAITED]
    assert {slot.filing_id for slot in left} == {out.pk}
    with refused("回避", error=PermissionDenied):
        room.do(services.agree_to_all, left, by=clerk)
    answer = Page(clerk, room).post("me", room.session.public_id, slots=[slot.pk for slot in left])
    assert (answer.status_code, "您已对本件回避" in text(answer)) == (403, True)


def test_where_the_head_signs_the_page_says_that_nothing_is_given_yet(room, people):
    (code, clerk), *_rest = room.departments().items()
    room.come(code)
    room.do(
        services.set_rule, clerk.organisation, roster_binds=False, countersigns=True, by=people.head(code)
    )  # fmt: skip
    me, name = Page(clerk, room), room.session.public_id
    first, *rest = [slot.pk for slot in room.slots(department__code=code)]
    assert "会签以后才生效" in me.says("me", name)
    assert me.post("me", name, slots=[first]).status_code == 302
    page = me.says("me", name)
    assert "已提交负责人会签1项" in page
    assert "已同意" not in page
    assert f'id="agree-{first}"' not in page
    assert all(f'id="agree-{pk}"' in page for pk in rest)
    again = me.post("me", name, slots=[first])
    assert (again.status_code, "都已提交负责人会签" in text(again)) == (409, True)


def test_all_is_locked_in_one_order_before_anything_is_decided(room, people):
    (code, clerk), *_rest = room.departments().items()
    room.come(code)
    mine = sorted(room.slots(department__code=code), key=lambda slot: -slot.book_id)
    with CaptureQueriesContext(connection) as asked:
        room.do(services.agree_to_all, mine, by=clerk)
    books = [q["sql"] for q in asked if "ledger_book" in q["sql"]]
    assert all(str(book) in books[0] for book in {slot.book_id for slot in mine})
    assert "ORDER BY" in books[0]


def test_a_program_is_told_nothing_new_only_of_what_itself_has_seen(room, people):
    address = f"sessions/{room.session.public_id}/room/"
    with room.shown():
        programs = [Program(Client(), who) for who in (people.window, people.convenor)]
        seen = programs[0].get(address)
        known = {"If-None-Match": seen["ETag"]}
        again, english = programs[0].get(address, **known), {"Accept-Language": "en", **known}
        answers = [programs[1].get(address, **known), programs[0].get(address, **english)]
    assert (again.status_code, again["Cache-Control"], seen["Cache-Control"]) == (
        304, "private, no-store", "private, no-store",
    )  # fmt: skip
    assert [answer.status_code for answer in answers] == [200, 200]


def test_thirty_who_ask_at_once_are_one_question_and_nothing_is_missed(room, settings):
    feel = ticket(
        room.fresh, room.session.agenda.select_related("filing"), coded=False, at=room.now
    )
    address = reverse("prereview:pulse", args=[feel["token"]])
    settings.PULSE_KEPT = 60
    with clock.driven(room.now):
        costs = [queries(Client(), address, seen=feel["seen"])[0] for _watcher in range(3)]
        assert costs == [1, 0, 0]
        # who drew the room a moment ago knows more than the process: that is no news
        later = {"seen": f"{int(feel['seen'].split('.')[0]) + 1}.0"}
        assert "HX-Trigger" not in Client().get(address, later)
        for wrong in ("", "x", "1", "-1.0"):
            assert "HX-Trigger" in Client().get(address, {"seen": wrong})
    room.come()
    caches["rooms"].clear()
    with clock.driven(room.now):
        assert "HX-Trigger" in Client().get(address, {"seen": feel["seen"]})


def test_who_may_act_is_asked_the_same_for_one_filing_and_for_all_of_a_ruled_department(
    room, people
):
    """The second stands in for the clerk where the clerk stays out: on one filing by the roster, on the other not."""
    (code, clerk), *_rest = room.departments().items()
    boss, own = people.head(code), clerk.organisation
    room.do(services.set_rule, own, roster_binds=True, countersigns=True, by=boss)
    user = User.objects.create(username="second-of-all", name="周示例")
    second = Membership.objects.create(
        user=user, organisation=own, role=Role.CLERK, valid_from=timezone.localdate(room.now)
    )
    day = timezone.localdate(room.now)
    for person, grade, covers in ((clerk, Grade.A, None), (second, Grade.B, clerk)):
        Mandate.objects.create(
            department=own, person=person, grade=grade, covers=covers, may_opine=True, valid_from=day,
            valid_to=day, granted_by=boss, granted_at=room.now,
            scan=keep(pdf(), book=county_book(), by=boss, at=room.now),
        )  # fmt: skip
    barred(room, clerk, room.ways[0].filing)
    slots = room.slots(department__code=code)
    for who in (clerk, second, boss):
        with CaptureQueriesContext(connection) as many:
            found = standings(slots, who, room.now)
        with CaptureQueriesContext(connection) as few:
            standings([s for s in slots if s.filing_id == slots[0].filing_id], who, room.now)
        assert (len(found), len(many)) == (2, len(few))
        for slot in slots:
            assert found[slot.filing_id] == standing_of(slot, Duty.OPINE, who, room.now)
        assert len({bool(one.refusal) for one in found.values()}) == (1 if who is boss else 2)
