"""Joint sessions with agenda and invitations, and the slots that departments fill."""

from prereview.models.default import Contest, FollowUp, Withdrawal
from prereview.models.dispatch import Dispatch, DispatchAttempt
from prereview.models.feed import CalendarFeed
from prereview.models.invitation import Invitation
from prereview.models.planning import AddedDepartment, DayAway, Question, RoomHour
from prereview.models.roll_contest import RollContest, RollCopy
from prereview.models.room import ActionPoint, MinutesDraft, Settlement
from prereview.models.roster import Away, DepartmentRule, Mandate
from prereview.models.service import ExcuseGround, SummonsAttempt
from prereview.models.session import AgendaItem, Session
from prereview.models.slot import LateOpinion, MakeUp, Opinion, Slot
from prereview.models.standing_in import Countersign, PartRequest, Reassignment, Recusal
from prereview.models.to_sign import ToSign
from prereview.models.visit import (
    ConflictSettlement,
    SecondVisit,
    SiteFinding,
    SitePhoto,
    SitePresence,
    SiteSignature,
    SurveyQuestion,
)
from prereview.models.words import EnteredOpinion, OpinionDraft

__all__ = [
    "ActionPoint",
    "AddedDepartment",
    "AgendaItem",
    "Away",
    "CalendarFeed",
    "ConflictSettlement",
    "Contest",
    "Countersign",
    "DayAway",
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
    "MinutesDraft",
    "Opinion",
    "OpinionDraft",
    "PartRequest",
    "Question",
    "Reassignment",
    "Recusal",
    "RollContest",
    "RollCopy",
    "RoomHour",
    "SecondVisit",
    "Session",
    "Settlement",
    "SiteFinding",
    "SitePhoto",
    "SitePresence",
    "SiteSignature",
    "Slot",
    "SummonsAttempt",
    "SurveyQuestion",
    "ToSign",
    "Withdrawal",
]
