"""Every address of the site, found by walking the resolver, and addresses of things that exist."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from django.apps import apps
from django.urls import URLPattern, get_resolver
from rest_framework.permissions import AllowAny

from accounts.models import Organisation
from approvals.models import CatalogueEdition, Clause, CorrectionCase
from core.deadlines.models import CalendarEdition
from desk.models import CatalogueDraft
from desk.rules.pack.catalogue import name_of
from inspection.models import AcceptanceVerdict, Draw, Repair
from prereview.models import (
    ActionPoint,
    AgendaItem,
    Dispatch,
    Invitation,
    PartRequest,
    Question,
    SecondVisit,
    Session,
)
from public_notice.models import (
    BoxLetter,
    Bulletin,
    ConfidentialPart,
    Disclosure,
    Inquiry,
    Notice,
    Objection,
    Proposal,
    Publication,
)
from public_notice.queries.bulletins import published

R04 = name_of("catalogue.csv", {"code": "R04"})  # a row of a draft that is always there
OURS = ("accounts", "approvals", "prereview", "inspection", "public_notice", "desk", "api")
# The department whose people stand in the columns "clerk" and "head": it is asked about the plain project.
ASKED = "ZJJ"


@dataclass(frozen=True)
class Door:
    """One address: its full name, its route as declared, whether it is open without a login."""

    name: str
    route: str
    open: bool
    callback: Callable = field(compare=False, repr=False, default=None)

    @property
    def plain(self):
        """Whether the address has no variable part."""
        return "<" not in self.route and "^" not in self.route

    @property
    def ours(self):
        """Whether it is a page of our own, not of a library."""
        return self.name.split(":")[0] in OURS

    @property
    def interface(self):
        """Whether it is for programs."""
        return self.route.startswith("api/")

    @property
    def methods(self):
        """The methods that mean something here: an address for programs says which; of a page all are tried."""
        if not self.interface or not hasattr(self.callback, "cls"):
            return ("GET", "POST")
        return tuple(m for m in ("GET", "POST") if hasattr(self.callback.cls, m.lower()))

    @property
    def of_things(self):
        """Whether it names a thing of a case: it is tried for a case in each state."""
        return self.ours and not self.plain


def _open(callback):
    """Whether nobody need be logged in: a page by its mark, an address for programs by its own word."""
    if (endpoint := getattr(callback, "cls", None)) is None:
        return not getattr(callback, "login_required", True)
    public = callback.initkwargs.get("public", getattr(endpoint, "public", False))
    return public or AllowAny in endpoint.permission_classes


def _walk(patterns, route="", space=""):
    for entry in patterns:
        here = route + str(entry.pattern)
        if isinstance(entry, URLPattern):
            name = f"{space}:{entry.name}" if space else str(entry.name)
            yield Door(name, here, _open(entry.callback), entry.callback)
        else:
            inner = ":".join(part for part in (space, entry.namespace) if part)
            yield from _walk(entry.url_patterns, here, inner)


DOORS = tuple(dict.fromkeys(_walk(get_resolver().url_patterns)))


def of_cases():
    """Our own addresses that need a login and name a thing: a case, a session, an opinion, a file."""
    return [d for d in DOORS if not d.open and d.of_things]


def address(door, filing):
    """The address of a door with the things of a filing put in; None where it has no such thing yet."""
    path = f"/{door.route}"
    for part, find in THINGS.items():
        if re.search(rf"(^|/){part}(/|$)", path):
            value = find(filing)
            if value is None:
                return None
            path = path.replace(part, re.sub(r"<[^>]+>", str(value), part))
    assert "<" not in path, f"{door.route}: say in tests/house/doors.py what stands there"
    return path


def _session(filing):
    return Session.objects.filter(agenda__filing=filing).order_by("-pk").first()


def _verdicts(filing):
    return AcceptanceVerdict.objects.filter(acceptance__filing=filing)


def _asked(found, name="pk"):
    """The row of the department that is asked, else any."""
    return _last(found.filter(department__code=ASKED), name) or _last(found, name)


def _limit(filing):
    pk = _last(filing.limits.all())
    return pk and f"stagelimit-{pk}"


def _last(found, name="pk"):
    last = found.order_by("-pk").first()
    return last and getattr(last, name)


THINGS = {
    "account/tokens/<int:pk>": lambda _filing: None,  # a person's own, of no case
    "calendar-feed/<slug:secret>": lambda _filing: "nothing",  # a person's own, of no case
    "calendar-feeds/<int:pk>": lambda _filing: None,
    "outbox/<int:pk>": lambda _filing: None,  # letters, of no case
    "undelivered/<int:pk>": lambda _filing: None,
    "incoming/<slug:token>": lambda _filing: None,  # a person's own, of no case yet
    "evidence/<int:pk>": lambda _filing: None,  # is asked for first
    "evidence-packs/<int:pk>": lambda _filing: None,
    "past/<int:pk>": lambda _filing: None,  # files from before the system
    "past-batches/<int:pk>": lambda _filing: None,
    "away/<int:pk>": lambda _filing: None,  # days of a department, of no case
    "days-away/<int:pk>": lambda _filing: None,
    "questions/<int:pk>": lambda f: _last(Question.objects.filter(invitation__session=_session(f))),
    "session-questions/<int:pk>": lambda f: _last(
        Question.objects.filter(invitation__session=_session(f))
    ),
    "sessions/<slug:public_id>": lambda f: _last(
        Session.objects.filter(agenda__filing=f), "public_id"
    ),
    "cases/<slug:public_id>": lambda f: f.public_id,
    "agents/<int:pk>": lambda _filing: None,  # of all filings of an enterprise, of no case
    "fetched/<slug:code>": lambda f: _last(f.book.papers.all(), "code"),
    "people/<int:pk>": lambda f: _last(f.authorities.all()),
    "authorities/<int:pk>": lambda f: _last(f.authorities.all()),
    "paper/<int:pk>": lambda f: _last(f.paper_intakes.all()),
    "paper-intakes/<int:pk>": lambda f: _last(f.paper_intakes.all()),
    "later/<int:pk>": lambda f: _last(f.later_requests.all()),
    "later-requests/<int:pk>": lambda f: _last(f.later_requests.all()),
    "filings/<slug:public_id>": lambda f: f.public_id,
    "notices/<slug:public_id>": lambda f: _last(Notice.objects.filter(filing=f), "public_id"),
    "open/v1/<str:file>": lambda _filing: "notices.json",
    "confirm/<slug:word>": lambda _filing: "nothing",  # of an address, of no case
    "leave/<slug:key>": lambda _filing: "nothing",
    "sitemap-<int:piece>.xml": lambda _filing: 0,
    "checkpoints/<int:number>": lambda _filing: "1",
    "bulletins/<slug:period>": lambda _filing: _last(published(), "period"),
    "guides/<slug:code>": lambda _filing: "C03",
    "open-matters/<slug:code>": lambda _filing: "S1",
    "openness/matters/<slug:code>": lambda _filing: "S2",
    "publications/<int:pk>": lambda _filing: _last(Publication.objects.filter(matter__code="E3")),
    "bulletin-desk/<int:pk>": lambda _filing: _last(Bulletin.objects.all()),
    "confidential/<int:pk>": lambda _filing: _last(ConfidentialPart.objects.all()),
    "confidential-parts/<int:pk>": lambda _filing: _last(ConfidentialPart.objects.all()),
    "confidential-views/<int:pk>": lambda f: _last(f.lifting_views.all()),
    "lifting-views/<int:pk>": lambda f: _last(f.lifting_views.all()),
    "mailbox-desk/<int:pk>": lambda _filing: _last(BoxLetter.objects.all()),
    "mailbox/<int:pk>": lambda _filing: _last(BoxLetter.objects.all()),
    "disclosure-desk/<int:pk>": lambda _filing: _last(Disclosure.objects.all()),
    "disclosures/<int:pk>": lambda _filing: _last(Disclosure.objects.all()),
    "disclosure-views/<int:pk>": lambda _filing: _last(Inquiry.objects.all()),
    "disclosure-inquiries/<int:pk>": lambda _filing: _last(Inquiry.objects.all()),
    "years/<int:year>": lambda _filing: 2018,
    "mine/papers/<slug:code>": lambda _filing: (
        "nothing"
    ),  # is found by who has shown number and code
    "bulletin-drafts/<int:pk>": lambda _filing: _last(Bulletin.objects.all()),
    "edition/<slug:digest>": lambda _filing: _last(CalendarEdition.objects.all(), "digest"),
    "calendars/<slug:digest>": lambda _filing: _last(CalendarEdition.objects.all(), "digest"),
    "catalogue/<slug:digest>": lambda _filing: _last(CatalogueEdition.objects.all(), "digest"),
    "catalogue-editions/<slug:digest>": lambda _filing: _last(
        CatalogueEdition.objects.all(), "digest"
    ),
    "catalogue-drafts/<int:pk>": lambda _filing: _last(CatalogueDraft.objects.all()),
    "table/<slug:table>": lambda _filing: "catalogue",
    "item/<slug:code>": lambda _filing: "R04",
    "rows/<slug:table>": lambda _filing: "catalogue",
    "row/<slug:table>": lambda _filing: "catalogue",
    "strike/<slug:table>": lambda _filing: "catalogue",
    "catalogue/<slug:row>": lambda _filing: R04,
    "kept/<slug:limit>": _limit,
    "kept-limits/<slug:limit>": _limit,
    "summons/<int:pk>": lambda f: _asked(Invitation.objects.filter(session=_session(f))),
    "dispatches/<int:pk>": lambda f: _asked(Dispatch.objects.filter(filing=f)),
    "actions/<int:pk>": lambda f: _last(ActionPoint.objects.filter(agenda__filing=f)),
    "pulse/<str:token>": lambda _filing: "nothing",  # names books by their keys, and nobody
    "agenda/<int:pk>/site": lambda f: _last(
        AgendaItem.objects.filter(filing=f, session__kind="survey")
    ),
    "second-visits/<int:pk>": lambda f: _last(SecondVisit.objects.filter(agenda__filing=f)),
    "mandates/<int:pk>": lambda _filing: None,  # a department's own, of no case
    "aways/<int:pk>": lambda _filing: None,
    "department-rules/<int:pk>": lambda _filing: _last(Organisation.objects.filter(code=ASKED)),
    "recusals/<int:pk>": lambda f: _asked(f.recusals.all()),
    "parts/<int:pk>": lambda f: _last(PartRequest.objects.filter(slot__filing=f)),
    "agenda/<int:pk>": lambda f: _last(AgendaItem.objects.filter(filing=f)),
    "opinions/<int:pk>": lambda f: _asked(f.slots.all()),
    "attachments/<int:pk>": lambda f: _last(f.book.attachments.all()),
    "preview/<int:page>": lambda _filing: 1,
    "materials/<int:pk>": lambda f: _last(f.materials.all()),
    "gaps/<int:pk>": lambda f: _last(f.gaps.all()),
    "items/<slug:code>": lambda f: _asked(f.items.all(), "code"),
    "items/<int:pk>": lambda f: _asked(f.items.all()),
    "changes/<int:pk>": lambda f: _last(f.changes.all()),
    "correction-cases/<int:pk>": lambda f: _last(CorrectionCase.objects.filter(filing=f)),
    "limits/<slug:limit>": lambda f: (pk := _last(f.limits.all())) and f"stagelimit-{pk}",
    "limits/<int:pk>": lambda f: _last(f.limits.all()),
    "reports/<int:pk>": lambda f: _last(f.reports.all()),
    "statistics/<slug:period>": lambda _filing: "2018",
    "public-statistics/<slug:period>": lambda _filing: "2018",
    "<slug:table>": lambda _filing: "decisions",
    "draws/<slug:quarter>": lambda _filing: _last(Draw.objects.all(), "quarter"),
    "<int:turn>": lambda _filing: _last(Draw.objects.all(), "turn"),
    "draws/<int:pk>": lambda _filing: _last(Draw.objects.all()),
    "draw/<int:pk>": lambda _filing: _last(Draw.objects.all()),
    "clauses/<int:pk>": lambda f: _last(Clause.objects.filter(letter__filing=f)),
    "acceptances/<int:pk>": lambda f: _last(f.acceptances.all()),
    "notice-proposals/<int:pk>": lambda f: _last(Proposal.objects.filter(notice__filing=f)),
    "propose/<slug:kind>": lambda _filing: "take-down",
    "objections/<int:pk>": lambda f: _last(Objection.objects.filter(notice__filing=f)),
    "verdicts/<int:pk>": lambda f: _asked(_verdicts(f)),
    "amend/<int:pk>": lambda f: _asked(_verdicts(f)),
    "checks/<int:pk>": lambda f: _asked(f.checks.all()),
    "findings/<int:pk>": lambda f: _asked(f.findings.all()),
    "measures/<int:pk>": lambda f: _last(f.measures.all()),
    "repairs/<int:pk>": lambda f: _last(Repair.objects.filter(measure__filing=f)),
    "repairs/<int:repair>": lambda f: _last(Repair.objects.filter(measure__filing=f)),
    "papers/check/<str:code>": lambda f: _last(f.book.papers.all(), "code"),
    "papers/<slug:code>": lambda f: _last(f.book.papers.all(), "code"),
}


def first_of_administration(door):
    """The address of a page of the administration for a row that exists; None where there is no row."""
    found = re.match(r"admin/(\w+)/(\w+)/<path:object_id>/(.*)$", door.route)
    if found is None:
        return None
    row = apps.get_model(found[1], found[2])._default_manager.order_by("pk").first()
    return row and f"/admin/{found[1]}/{found[2]}/{row.pk}/{found[3]}"


def dummy(door):
    """An address that matches a door and names nothing that exists."""
    plain = re.sub(r"\(\?P<\w+>[^()]*\)", "nothing", door.route)
    plain = re.sub(r"<(?:(\w+):)?\w+>", lambda m: "1" if m[1] == "int" else "nothing", plain)
    return "/" + re.sub(r"[$^]", "", plain)
