"""Which accounts a demonstration offers."""

from pathlib import Path

from django.conf import settings
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from accounts.stages import Role
from desk.rules.people import ENTERPRISE, FILE, PASSWORD, read_people

_GROUPS: dict[str, Promise] = {
    Role.ENTERPRISE: _("企业"),
    Role.WINDOW: _("政务服务窗口"),
    Role.CONVENOR: _("政务服务窗口"),
    Role.CLERK: _("部门"),
    Role.HEAD: _("部门"),
    Role.SUPERVISOR: _("监督与管理"),
    Role.ADMINISTRATOR: _("监督与管理"),
}
_FIRST_ENTERPRISES = (ENTERPRISE.format(1), ENTERPRISE.format(2))


def demo_accounts(*, everyone: bool = False) -> list[dict[str, str]]:
    """Return label, username, password, name and group of a demonstration's accounts, in order of group.

    Without `everyone` only the handful that the login page offers. Empty where real people work.
    """
    if not settings.DEMO:
        return []
    rows = read_people((Path(settings.COUNTY_PACK) / FILE).read_bytes())
    names = [row["username"] for row in rows if everyone or row["on_login_page"] == "yes"]
    enterprises = Q(user__username__in=_FIRST_ENTERPRISES)
    if everyone:
        enterprises = Q(user__username__startswith=ENTERPRISE.partition("{")[0])
    found = Membership.objects.filter(
        Q(user__username__in=names) | enterprises & Q(role=Role.ENTERPRISE)
    ).select_related("user", "organisation")
    order = list(_GROUPS)
    return [
        {
            "label": f"{m.organisation.label} · {m.get_role_display()}",
            "username": m.user.username,
            "password": PASSWORD,
            "name": m.user.name,
            "group": str(_GROUPS[m.role]),
        }
        for m in sorted(found, key=lambda m: (order.index(m.role), m.pk))
    ]
