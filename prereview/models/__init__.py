"""Joint sessions with agenda and invitations, and the slots that departments fill."""

from prereview.models.session import AgendaItem, Invitation, Session
from prereview.models.slot import LateOpinion, MakeUp, Opinion, Slot

__all__ = ["AgendaItem", "Invitation", "LateOpinion", "MakeUp", "Opinion", "Session", "Slot"]
