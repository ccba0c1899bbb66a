"""Every address of the site, found by walking the resolver, and addresses of things that exist."""

import re
from dataclasses import dataclass

from django.urls import URLPattern, get_resolver

from inspection.models import AcceptanceVerdict, Repair
from prereview.models import AgendaItem, Invitation, Session


@dataclass(frozen=True)
class Door:
    """One address: its full name, its route as declared, whether it is open without a login."""

    name: str
    route: str
    open: bool

    @property
    def plain(self):
        """Whether the address has no variable part."""
        return "<" not in self.route and "^" not in self.route


# The doors for programs ask for a token, each by itself: tests/api looks at them.
PROGRAMS = "api/v1/"


def _walk(patterns, route="", space=""):
    for entry in patterns:
        here = route + str(entry.pattern)
        if isinstance(entry, URLPattern):
            name = f"{space}:{entry.name}" if space else str(entry.name)
            if not here.startswith(PROGRAMS):
                yield Door(name, here, not getattr(entry.callback, "login_required", True))
        else:
            inner = ":".join(part for part in (space, entry.namespace) if part)
            yield from _walk(entry.url_patterns, here, inner)


DOORS = tuple(dict.fromkeys(_walk(get_resolver().url_patterns)))
OURS = ("accounts", "approvals", "prereview", "inspection", "public_notice", "desk")


def of_cases():
    """Our own addresses that need a login and name a thing: a case, a session, an opinion, a file."""
    return [d for d in DOORS if not d.open and not d.plain and d.name.split(":")[0] in OURS]


def address(door, filing):
    """The address of a door with the things of a filing put in; None where it has no such thing yet."""
    path = f"/{door.route}"
    session = Session.objects.filter(agenda__filing=filing).order_by("-pk").first()
    verdicts = AcceptanceVerdict.objects.filter(acceptance__filing=filing)
    things = {
        "sessions/<slug:public_id>": session and session.public_id,
        "cases/<slug:public_id>": filing.public_id,
        "summons/<int:pk>": _pk(Invitation.objects.filter(session=session)),
        "agenda/<int:pk>": _pk(AgendaItem.objects.filter(filing=filing)),
        "opinions/<int:pk>": _pk(filing.slots.all()),
        "attachments/<int:pk>": _pk(filing.book.attachments.all()),
        "items/<slug:code>": getattr(filing.items.first(), "code", None),
        "changes/<int:pk>": _pk(filing.changes.all()),
        "verdicts/<int:pk>": _pk(verdicts),
        "amend/<int:pk>": _pk(verdicts),
        "checks/<int:pk>": _pk(filing.checks.all()),
        "findings/<int:pk>": _pk(filing.findings.all()),
        "notices/<slug:public_id>": getattr(filing.notices.last(), "public_id", None),
        "measures/<int:pk>": _pk(filing.measures.all()),
        "repairs/<int:repair>": _pk(Repair.objects.filter(measure__filing=filing)),
        "objections/<int:pk>": _pk(filing.notices.none()),
        "account/tokens/<int:pk>": None,  # a person's own, of no case
    }
    for part, value in things.items():
        if part in path:
            if value is None:
                return None
            path = path.replace(part, re.sub(r"<[^>]+>", str(value), part))
    assert "<" not in path, f"{door.route}: say in tests/house/doors.py what stands there"
    return path


def _pk(found):
    first = found.order_by("-pk").first()
    return first and first.pk


def dummy(door):
    """An address that matches a door and names nothing that exists."""
    return "/" + re.sub(r"<(\w+):\w+>", lambda m: "1" if m[1] == "int" else "nothing", door.route)
