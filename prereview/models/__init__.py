"""Joint sessions with agenda and invitations, and the slots that departments fill."""

from prereview.models.default import Contest, FollowUp, Withdrawal
from prereview.models.dispatch import Dispatch, DispatchAttempt
from prereview.models.roll_contest import RollContest, RollCopy
from prereview.models.roster import Away, DepartmentRule, Mandate
from prereview.models.service import ExcuseGround, SummonsAttempt
from prereview.models.session import AgendaItem, Invitation, Session
from prereview.models.slot import LateOpinion, MakeUp, Opinion, Slot
from prereview.models.standing_in import Countersign, PartRequest, Reassignment, Recusal
from prereview.models.to_sign import ToSign
from prereview.models.words import EnteredOpinion, OpinionDraft

__all__ = [
    "AgendaItem",
    "Away",
    "Contest",
    "Countersign",
    "DepartmentRule",
    "Dispatch",
    "DispatchAttempt",
    "EnteredOpinion",
    "ExcuseGround",
    "FollowUp",
    "Invitation",
    "LateOpinion",
    "MakeUp",
    "Mandate",
    "Opinion",
    "OpinionDraft",
    "PartRequest",
    "Reassignment",
    "Recusal",
    "RollContest",
    "RollCopy",
    "Session",
    "Slot",
    "SummonsAttempt",
    "ToSign",
    "Withdrawal",
]
