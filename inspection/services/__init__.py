"""What is done after the start: plain verbs with keyword arguments, each whole or not at all."""

from inspection.services.reports import report_completion, report_progress, report_start

__all__ = ["report_completion", "report_progress", "report_start"]
