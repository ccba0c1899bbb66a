"""Who is told of a limit: those who can act on it, and above them rung by rung."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Membership, Organisation
from accounts.queries import county
from accounts.stages import Kind, Role
from approvals.models import Authority
from approvals.queries.people import receiving_agents
from approvals.rules.limits import GATE
from desk.queries.open_limits import Open
from desk.stages import Party, Rung

BY_ROLE = {
    Party.CONVENOR: Role.CONVENOR,
    Party.WINDOW: Role.WINDOW,
    Party.SUPERVISOR: Role.SUPERVISOR,
}
# The lead unit's voice, and who watches it: above them stands the leadership alone.
FROM_THE_TOP = (Party.CONVENOR, Party.SUPERVISOR)
STAFF = (Role.CLERK, Role.HEAD, Role.WINDOW, Role.CONVENOR, Role.SUPERVISOR)


class Roster:
    """The people in office on a day: two queries, and one more where an agent is to hear of a limit."""

    def __init__(self, at: datetime, opens: Iterable[Open]) -> None:
        """Read who holds which office; of the enterprises only those that have to act."""
        day, opens = timezone.localdate(at), list(opens)
        companies = {o.owners[0] for o in opens if o.party == Party.ENTERPRISE}
        valid = Membership.objects.filter(valid_from__lte=day, user__is_active=True).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=day)
        )
        staff = Q(role__in=STAFF) & ~Q(organisation__kind=Kind.ENTERPRISE)
        cases = {o.filing.pk for o in opens if o.party == Party.ENTERPRISE and o.filing is not None}
        lent_to = Exists(
            Authority.objects.on(day).filter(
                Q(filing__in=cases) | Q(enterprise__in=companies),
                agent=OuterRef("pk"),
                may_receive=True,
            )
        )
        of_cases = staff | Q(organisation_id__in=companies) | Q(lent_to)
        concerned = valid.filter(of_cases).annotate(lent=lent_to)
        self._at: dict[tuple[int, str], list[Membership]] = defaultdict(list)
        self._in: dict[str, list[Membership]] = defaultdict(list)
        for person in concerned.select_related("user", "organisation").order_by("pk"):
            self._at[person.organisation_id, person.role].append(person)
            self._in[person.role].append(person)
        self._leadership = _leadership()
        lent = any(getattr(p, "lent", False) for people in self._in.values() for p in people)
        self._agents = receiving_agents(cases, day) if lent else {}

    def _of(self, owners: Iterable[int], *roles: Role) -> list[Membership]:
        return [p for owner in owners for role in roles for p in self._at[owner, role]]

    def actors(self, found: Open) -> list[Membership]:
        """Return those who can act on a limit."""
        if found.party == Party.ENTERPRISE:
            # Who may receive for the enterprise hears of its limits, too: what is said to it is said to them.
            agents = self._agents.get(found.filing.pk, []) if found.filing is not None else []
            return [*self._of(found.owners, Role.ENTERPRISE), *agents]
        if found.party in BY_ROLE:
            return self._in[BY_ROLE[found.party]]
        gate = self._in[Role.WINDOW] if found.limit.rule == GATE.code else []
        return [*self._of(found.owners, Role.CLERK, Role.HEAD), *gate]

    def on(self, rung: Rung, found: Open) -> list[Membership]:
        """Return those on a rung; where an office is not filled, the supervisors hear it in its place."""
        if rung == Rung.RESPONSIBLE:
            return self.actors(found)
        if rung == Rung.HEAD:
            people = self._of(found.owners, Role.HEAD)
        elif rung == Rung.LEAD:
            people = self._in[Role.CONVENOR]
        else:
            people = self._of(self._leadership, Role.HEAD)
            people = people or self._of(self._leadership, Role.SUPERVISOR)
        return people or self._in[Role.SUPERVISOR]


def _leadership() -> list[int]:
    """Return the organisation that the county's settings name for its leadership; else the one that supervises."""
    here = county()
    code = here.profile.get("leadership_organisation", "")
    named = list(Organisation.objects.filter(code=code).values_list("pk", flat=True))
    return named or [here.supervision_id]


def ladder_of(found: Open) -> tuple[Rung, ...]:
    """Return the rungs that a limit climbs: an enterprise's own delay is for the lead unit to follow up, no higher."""
    if found.party == Party.ENTERPRISE:
        return (Rung.LEAD,)
    if found.party in FROM_THE_TOP:
        return (Rung.RESPONSIBLE, Rung.LEADERSHIP)
    return tuple(Rung)
