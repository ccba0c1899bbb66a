"""Joint sessions with agenda and invitations, and the slots that departments fill."""

from prereview.models.default import Contest, FollowUp, Withdrawal
from prereview.models.service import ExcuseGround, SummonsAttempt
from prereview.models.session import AgendaItem, Invitation, Session
from prereview.models.slot import LateOpinion, MakeUp, Opinion, Slot
from prereview.models.words import EnteredOpinion, OpinionDraft

__all__ = [
    "AgendaItem",
    "Contest",
    "EnteredOpinion",
    "ExcuseGround",
    "FollowUp",
    "Invitation",
    "LateOpinion",
    "MakeUp",
    "Opinion",
    "OpinionDraft",
    "Session",
    "Slot",
    "SummonsAttempt",
    "Withdrawal",
]
