"""Playing a year of cases through the services, day by day, as it would have happened."""

from desk.services.replay.demo import make_demonstration
from desk.services.replay.make import AlreadyPlayed, play_open_cases, play_year
from desk.services.replay.read import Plan, read_plan
from desk.services.replay.report import Report

__all__ = [
    "AlreadyPlayed",
    "Plan",
    "Report",
    "make_demonstration",
    "play_open_cases",
    "play_year",
    "read_plan",
]
