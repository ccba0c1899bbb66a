"""A clerk draws the address of a calendar on a telephone, a program reads it, and the clerk withdraws it."""

import urllib.error
import urllib.request

import pytest
from django.urls import reverse

from tests.e2e.audit import audit

pytestmark = pytest.mark.browser


def read(address):
    """What a program finds at an address: the status and the first line."""
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:
            return answer.status, answer.readline().strip()
    except urllib.error.HTTPError as refusal:
        return refusal.code, b""


def test_drawn_read_and_withdrawn(site):
    clerk = site.person("zjj", width=360)
    clerk.goes(reverse("prereview:list"))
    clerk.follow("日历订阅")
    clerk.sees("没有有效的订阅地址", "不含项目和企业")
    clerk.press("生成订阅地址")
    clerk.sees("只显示这一次")
    address = clerk.page.locator("code").inner_text()
    clerk.shoot("feed-360")
    assert clerk.page.evaluate("document.documentElement.scrollWidth") <= 360
    wrong = audit(clerk.page)
    clerk.page.set_viewport_size({"width": 1440, "height": 900})
    clerk.shoot("feed-1440")
    assert read(address) == (200, b"BEGIN:VCALENDAR")
    clerk.follow("停用")
    clerk.sees("什么也读不到")
    clerk.press("停用")
    clerk.sees("订阅地址已停用", "没有有效的订阅地址")
    wrong += audit(clerk.page)
    assert read(address)[0] == 404
    assert wrong == []
    # The driver tells of nothing but our own pages; the program's 404 is not among them.
    assert site.faults() == []
