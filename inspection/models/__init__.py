"""后验: what happens between the start of the works and the closed file."""

from inspection.models.acceptance import Acceptance, AcceptanceVerdict, Archive, CreditRecord
from inspection.models.measures import Measure, Repair
from inspection.models.nodes import NodeChange, NodeStrike, SiteNode
from inspection.models.onsite import CheckPhoto, CheckStatement
from inspection.models.plan import DrawPledge, EarlyStart, PlannedVisit, UnusedPledge
from inspection.models.works import Check, CheckResult, Draw, Finding, Recheck, Report

__all__ = [
    "Acceptance",
    "AcceptanceVerdict",
    "Archive",
    "Check",
    "CheckPhoto",
    "CheckResult",
    "CheckStatement",
    "CreditRecord",
    "Draw",
    "DrawPledge",
    "EarlyStart",
    "Finding",
    "Measure",
    "NodeChange",
    "NodeStrike",
    "PlannedVisit",
    "Recheck",
    "Repair",
    "Report",
    "SiteNode",
    "UnusedPledge",
]
