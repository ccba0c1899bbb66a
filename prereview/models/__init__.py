"""Joint sessions with agenda and invitations, and the slots that departments fill."""

from prereview.models.default import Contest, FollowUp, Withdrawal
from prereview.models.session import AgendaItem, Invitation, Session
from prereview.models.slot import LateOpinion, MakeUp, Opinion, Slot

__all__ = [
    "AgendaItem",
    "Contest",
    "FollowUp",
    "Invitation",
    "LateOpinion",
    "MakeUp",
    "Opinion",
    "Session",
    "Slot",
    "Withdrawal",
]
