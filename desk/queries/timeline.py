"""What happened in a case: the newest acts of its ledger in words, each as far as the reader may hear it."""

import json
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.stages import Role
from approvals.models import Filing
from approvals.policies import INSIDE
from core.ledger.models import Entry
from desk.queries.acts import act_label
from inspection.queries.unannounced import unannounced
from prereview.stages import Position

LATE_ENTRY = timedelta(
    minutes=10
)  # an act written down later than this after it happened is marked as entered late
MOST_ENTRIES = 40
# Of what stands on the page in full: papers, materials, and who signed for the file.
QUIET = ("publish", "render_paper", "upload_material", "check_material", "acknowledge_dispatch")


def timeline(filing: Filing, names: dict[str, str], by: Membership) -> list[dict[str, Any]]:
    """Return the newest acts of the case from its ledger, in words; late entries are marked.

    `names` gives departments and items by code: the ledger keeps codes, people read names.
    """
    own = Q(act__in=INSIDE_ONE) & ~Q(actor__organisation=by.organisation_id)
    if by.role == Role.ENTERPRISE:
        own |= unannounced(filing)
    entries = (
        Entry.objects.filter(book_id=filing.book_id)
        .exclude(own)
        .exclude(act__in=QUIET)
        .select_related("actor__user", "actor__organisation")
        .order_by("-sequence")[:MOST_ENTRIES]
    )
    return [
        {
            "at": entry.event_at,
            "entered_at": entry.entered_at,
            "actor": str(entry.actor.user),
            "organisation": _for_whom(entry, filing),
            "act": act_label(entry.act),
            "text": _said(entry, names, NAMED if inside(entry, by) else SAID),
            "late": entry.actor.role != Role.SYSTEM
            and entry.entered_at - entry.event_at > LATE_ENTRY,
            "paper": None,
        }
        for entry in entries
    ]


PEOPLE = (
    "agent",
    "giver",
    "receiver",
)  # who stands in the ledger by a reference; the page names them


def _for_whom(entry: Entry, filing: Filing) -> str:
    """Return the office of an actor; of an agent (代办) also for whom they acted."""
    actor = entry.actor
    if actor.role in (Role.SYSTEM, Role.PUBLIC):
        return ""
    if actor.role == Role.ENTERPRISE and actor.organisation_id != filing.enterprise_id:
        return _("%(office)s（代办：%(enterprise)s）") % {
            "office": actor.organisation,
            "enterprise": filing.enterprise,
        }
    return str(actor.organisation)


SAID = (
    "paper",
    "material",
    "wanted",
    "reason",
    "reasons",
    "department",
    "item",
    "session",
    "position",
    "why",
    "note",
    "number",
    "objection",
    *PEOPLE,
)


# What happens inside one department stays inside it: nobody else reads that it was asked, signed for or handed on.
INSIDE_ONE = (
    "ask_countersign", "countersign", "return_countersign", "ask_part", "answer_part", "reassign", "declare_recusal",
    "lift_recusal",
)  # fmt: skip

NAMED = tuple(
    key for key in SAID if key not in ("reason", "reasons", "why", "note", "material", "wanted")
)


def inside(entry: Entry, by: Membership) -> bool:
    """Whether the words of an act stay inside the house for this reader."""
    if by.role != Role.ENTERPRISE:
        return False
    # Why the window hands a case over is the window's own affair.
    return entry.act in INSIDE or (entry.act == "hand_over" and entry.actor.role != by.role)


def _said(entry: Entry, names: dict[str, str], keys: tuple[str, ...]) -> str:
    said = json.loads(entry.payload)
    words = []
    for key in keys:
        value = said.get(key)
        if (
            not isinstance(value, str)
            or not value
            or value.startswith(("documents.", "approvals."))
        ):
            continue
        if key in PEOPLE and value not in names:
            continue  # a reference says nothing to a person
        if key == "department" and value == entry.actor.organisation.code:
            continue  # the actor's own, named already
        if key == "position" and value in Position.values:
            value = str(Position(value).label)
        words.append(names.get(value, value))
    return " · ".join(words)
