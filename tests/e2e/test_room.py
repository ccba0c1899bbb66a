"""Six browsers in one meeting of three filings: wall, two telephones, convenor, recorder, one without scripts."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from prereview import services
from prereview.services import Decision
from prereview.stages import CameBy, Conclusion, Position
from tests.conftest import instant
from tests.e2e.audit import audit
from tests.prereview.meeting import Meeting

pytestmark = pytest.mark.browser
BROWSERS = ("wall", "telephone", "another telephone", "convenor", "recorder", "without scripts")
SOON = 10_000  # milliseconds, for a busy machine; benchmarks/room.py measures how soon it is


def account(membership):
    return membership.user.username


def test_a_meeting_with_a_screen_and_a_telephone(site, people):
    room = Meeting(people, instant("2018-04-16 09:00"), filings=3).call().open()
    site.stand(room.now)
    name, (code, clerk), (other, _c), (third, reader) = (
        room.session.public_id,
        *list(room.departments().items())[:3],
    )
    wall = site.person(account(people.convenor), width=1920)
    wall.page.set_viewport_size({"width": 1920, "height": 1080})
    wall.goes(reverse("prereview:screen", args=[name]))
    wall.sees("示例项目1", "到会 0/", "动态码")
    phone = site.person(account(clerk), width=360)
    phone.goes(reverse("prereview:me", args=[name]))
    phone.sees("还没有签到", "会场现在")

    # in by the code on the wall; the wall shows it without being asked
    phone.page.get_by_label("会场动态码").fill(wall.page.locator(".code-sign").inner_text())
    phone.press("签到")
    phone.sees("会场动态码", "现在离开")
    assert room.summons(code).came_by == CameBy.CODE
    expect(wall.page.locator(".board-roll")).to_contain_text("在场", timeout=SOON)
    room.do(services.check_in, room.summons(other), by=people.convenor, representative="王示例")
    # a second telephone: a code that never was is refused with what to do, the one on the wall lets it in
    second = site.person(account(reader), width=360)
    second.goes(reverse("prereview:me", args=[name]))
    second.page.get_by_label("会场动态码").fill("23456789")
    second.press("签到")
    second.sees("动态码不对或已更换：请按大屏上现在的码重新输入")
    second.faults.clear()  # the browser notes a refusal that was asked for
    assert not room.summons(third).checked_in_at
    second.page.get_by_label("会场动态码").fill(wall.page.locator(".code-sign").inner_text())
    second.press("签到")
    # the convenor opens the item; everybody has it before them without asking
    desk = site.person(account(people.convenor))
    desk.goes(reverse("prereview:item_open", args=[room.item(1).pk]))
    desk.press("开始审议")
    expect(second.page.locator("#board")).to_contain_text("正在审议", timeout=SOON)
    expect(wall.page.locator(".board-sub")).to_contain_text("正在审议", timeout=SOON)
    expect(phone.page.locator("#board")).to_contain_text("正在审议", timeout=SOON)

    # one with a condition in its place, the others in one move
    mine = room.slots(department__code=code)
    card = phone.page.locator(f"#slot-{mine[0].pk}")
    card.locator("summary").click()
    card.get_by_label("附条件同意").check()
    card.locator("[name=conditions]").fill("退让道路红线五米")
    phone.leaves_by(card.get_by_role("button", name="提出意见"))
    expect(wall.page.locator(".board-words")).to_contain_text("退让道路红线五米", timeout=SOON)
    expect(second.page.locator("#board")).to_contain_text("退让道路红线五米", timeout=SOON)
    phone.shoot("room-me-360")
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360
    if len(mine) > 1:
        phone.press("同意所列事项")
        phone.sees(f"已同意{len(mine) - 1}项")
    given = {slot.opinion.position for slot in room.slots(department__code=code)}
    assert given <= {Position.CONDITIONS, Position.AGREE}
    wall.shoot("room-screen")
    wrong = audit(wall.page) + audit(phone.page)

    # what the convenor proposes is read by all and confirmed by the recorder
    room.come().agree().close()
    desk.goes(reverse("prereview:conclude", args=[room.item(1).pk]))
    desk.page.get_by_label("通过", exact=True).check()
    desk.press("提出纪要稿，当场宣读")
    desk.sees("由记录人", "退让道路红线五米")
    desk.shoot("room-reading")
    expect(wall.page.locator("#board")).to_contain_text("正在宣读纪要", timeout=SOON)
    wrong += audit(desk.page)
    record = site.person(account(people.window), width=360)
    record.goes(reverse("prereview:reading", args=[room.item(1).pk]))
    record.shoot("room-confirm-360")
    record.press("与宣读一致，确认纪要")
    record.sees("通过")
    assert room.item(1).minutes is not None
    # the two others after it; the wall goes along
    for nth, decision in (
        (2, Decision(Conclusion.AGAIN, "材料再议")),
        (3, Decision(Conclusion.PASS)),
    ):
        room.do(services.propose_minutes, room.item(nth), decision=decision, by=people.convenor)
        room.do(services.confirm_minutes, room.item(nth), by=people.window)
    for words in ("通过", "再次上会"):
        expect(wall.page.locator(".board-agenda")).to_contain_text(words, timeout=SOON)
    wall.shoot("room-screen-over")
    for sheet in ("sign_in", "agenda", "cards"):
        desk.goes(reverse(f"prereview:print_{sheet}", args=[name]))
        desk.shoot(f"room-{sheet}")
        wrong += audit(desk.page)

    # without scripts a page of the room is a page: it asks again by itself, and the acts are forms
    plain = site.person(account(room.departments()[other]), scripts=False)
    plain.goes(reverse("prereview:me", args=[name]))
    plain.sees("会场现在", "现在离开")
    plain.shoot("room-me-1280")
    plain.page.get_by_role("link", name="刷新会场情况").click()
    plain.sees("会场现在")
    # who leaves early is seen to have left by all
    second.goes(reverse("prereview:me", args=[name]))
    second.follow("现在离开")
    second.press("登记离开")
    second.goes(reverse("prereview:me", args=[name]))
    second.sees("已离开")
    second.shoot("room-left-360")
    assert len(site.everyone) == len(BROWSERS)
    assert second.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert room.summons(third).left_at
    assert not wrong, "\n".join(wrong)
    assert site.faults() == []
