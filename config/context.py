"""What every page knows: the county, whether it is a demonstration, who acts, and the way around."""

from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import County
from accounts.stages import Role
from core import clock
from core.ledger.seen import shown

STAFF = (Role.WINDOW, Role.CONVENOR, Role.SUPERVISOR, Role.ADMINISTRATOR)
DEPARTMENT = (Role.CLERK, Role.HEAD)


def _entries(acting: Any) -> list[tuple[str, str]]:
    if acting is None:
        return [
            ("public_notice:front", _("首页")),
            ("public_notice:list", _("承诺公示")),
            ("approvals:trial", _("试算")),
            ("desk:progress", _("办件进度查询")),
        ]
    entries = [("desk:home", _("工作台")), ("approvals:list", _("申报件"))]
    if acting.role in (*STAFF, *DEPARTMENT):
        entries.append(("prereview:list", _("勘察与会议")))
        entries.append(("inspection:checks", _("监管检查")))
    if acting.role in DEPARTMENT:
        entries.append(("prereview:stand_ins", _("办理人员")))
    if acting.role in (Role.SUPERVISOR, Role.CONVENOR, Role.ADMINISTRATOR):
        entries.append(("desk:supervision", _("效能监督")))
    if acting.role in (Role.SUPERVISOR, Role.ADMINISTRATOR):
        entries.append(("desk:calendars", _("日历")))
        entries.append(("desk:what_if", _("规则推演")))
    if acting.role in STAFF:
        entries.append(("desk:catalogues", _("事项清单")))
    if acting.role == Role.ADMINISTRATOR:
        entries.append(("desk:county", _("县规则与目录")))
        entries.append(("desk:outbox", _("外发消息")))
    return [*entries, ("public_notice:list", _("承诺公示"))]


def _county() -> County | None:
    """Return the county that heads every page, as this process has read it within the last minute."""
    rows = County.objects.select_related("window")
    if not settings.FACETS_KEPT:
        return rows.first()
    found: County | None = caches["rooms"].get_or_set("head", rows.first, settings.FACETS_KEPT)
    return found


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the context of the frame around every page."""
    acting = getattr(request, "acting", None)
    county = _county()
    nav = [
        {"label": label, "url": url, "current": request.path == url}
        for label, url in ((label, reverse(name)) for name, label in _entries(acting))
    ]
    return {
        "here": {
            "county": str(county) if county else "",
            "window_name": str(county.window) if county else "",
            "demo": settings.DEMO,
            "address": settings.SITE_URL + request.path,
            "as_of": clock.now() if clock.shift() else None,
            "only_read": shown(),
        },
        "acting": acting,
        "memberships": getattr(request, "memberships", []),
        "switch_url": reverse("accounts:acting"),
        "register_url": reverse("desk:register"),
        "nav": nav,
    }
