"""The papers of this desk that follow an act: receipt, acceptance, correction, start notification."""

from approvals.services.papers.acceptance import acceptance_notice
from approvals.services.papers.correction import correction_notice
from approvals.services.papers.receipt import application_receipt, receipt
from approvals.services.papers.start import start_notice

__all__ = [
    "acceptance_notice",
    "application_receipt",
    "correction_notice",
    "receipt",
    "start_notice",
]
