"""Addresses of what follows the start: reports, checks, findings, measures, acceptance."""

from django.urls import path

from inspection.views import reports

app_name = "inspection"
CASE = "cases/<slug:public_id>/"

urlpatterns = [
    path(f"{CASE}start-report/", reports.ReportStart.as_view(), name="report_start"),
    path(f"{CASE}progress-report/", reports.ReportProgress.as_view(), name="report_progress"),
    path(f"{CASE}completion-report/", reports.ReportCompletion.as_view(), name="report_completion"),
]
