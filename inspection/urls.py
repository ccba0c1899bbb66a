"""Addresses of what follows the start: reports, checks, findings, measures, acceptance."""

from django.urls import path

from approvals.views import device
from inspection.views import (
    acceptance,
    ahead,
    amendment,
    checks,
    clause,
    closing,
    draws,
    findings,
    measures,
    nodes,
    onsite,
    pictures,
    plan,
    repairs,
    reports,
    result,
    stops,
    use,
)

app_name = "inspection"
CASE = "cases/<slug:public_id>/"

MEASURE = f"{CASE}measures/<int:pk>/"

urlpatterns = [
    path("marks/", repairs.mark_list, name="marks"),
    path("marks/export/", repairs.export_marks, name="export_marks"),
    path("marks/platform/", repairs.platform, name="credit_platform"),
    path(f"{CASE}measures/", measures.MeasureList.as_view(), name="measures"),
    path(f"{CASE}measures/propose/", measures.Propose.as_view(), name="propose_measure"),
    path(f"{CASE}exit/", measures.RequestExit.as_view(), name="request_exit"),
    path(f"{MEASURE}views/", measures.GiveViews.as_view(), name="give_views"),
    path(f"{MEASURE}decide/", measures.Decide.as_view(), name="decide_measure"),
    path(f"{MEASURE}ask-lift/", stops.AskLift.as_view(), name="ask_lift"),
    path(f"{MEASURE}lift/", stops.LiftStop.as_view(), name="lift_stop"),
    path(f"{MEASURE}uphold/", stops.UpholdStop.as_view(), name="uphold_stop"),
    path(f"{MEASURE}repair/", repairs.ApplyRepair.as_view(), name="apply_repair"),
    path(f"{MEASURE}repairs/<int:repair>/", repairs.DecideRepair.as_view(), name="decide_repair"),
    path(f"{CASE}start-report/", reports.ReportStart.as_view(), name="report_start"),
    path(f"{CASE}progress-report/", reports.ReportProgress.as_view(), name="report_progress"),
    path(f"{CASE}nodes/change/", nodes.ChangeNode.as_view(), name="change_node"),
    path(f"{CASE}nodes/strike/", nodes.StrikeNode.as_view(), name="strike_node"),
    path(f"{CASE}completion-report/", reports.ReportCompletion.as_view(), name="report_completion"),
    path(f"{CASE}acceptance/", result.AcceptancePage.as_view(), name="acceptance"),
    path(f"{CASE}acceptance/apply/", acceptance.ApplyAcceptance.as_view(), name="apply_acceptance"),
    path(f"{CASE}acceptance/visit/", acceptance.CallVisit.as_view(), name="call_visit"),
    path(f"{CASE}acceptance/mine/", acceptance.Verdicts.as_view(), name="verdicts"),
    path(f"{CASE}acceptance/verdicts/<int:pk>/", acceptance.GiveVerdict.as_view(), name="verdict"),
    path(
        f"{CASE}acceptance/conclude/",
        acceptance.ConcludeAcceptance.as_view(),
        name="conclude_acceptance",
    ),
    path(f"{CASE}acceptance/amend/", amendment.Amendment.as_view(), name="amendment"),
    path(
        f"{CASE}acceptance/amend/<int:pk>/",
        amendment.ReportAmendment.as_view(),
        name="report_amendment",
    ),
    path(f"{CASE}promise/", closing.Closing.as_view(), name="closing"),
    path(f"{CASE}archive/", result.archive, name="archive"),
    path(f"{CASE}clauses/", checks.Clauses.as_view(), name="clauses"),
    path(f"{CASE}clauses/<int:pk>/", clause.ClausePage.as_view(), name="clause"),
    path(f"{CASE}plan/", plan.PlanPage.as_view(), name="plan"),
    path(f"{CASE}plan/together/", plan.PlanJoint.as_view(), name="joint_check"),
    path(f"{CASE}early-start/", plan.RecordEarlyStart.as_view(), name="record_early_start"),
    path(f"{CASE}use/", use.RecordUse.as_view(), name="record_use"),
    path(f"{CASE}checks/plan/", checks.PlanCheck.as_view(), name="plan_check"),
    path(f"{CASE}mend/", ahead.ToMend.as_view(), name="to_mend"),
    path(f"{CASE}recheck/", ahead.ToRecheck.as_view(), name="to_recheck"),
    path(f"{CASE}checks/hold/", ahead.ToHold.as_view(), name="to_hold"),
    path("checks/", checks.CheckList.as_view(), name="checks"),
    path("checks/export/", checks.export, name="export"),
    path("checks/month/", pictures.month, name="month"),
    path("checks/map/", pictures.site_map, name="map"),
    path("checks/draw/", draws.Draws.as_view(), name="draws"),
    path("checks/draw/<int:pk>/again/", draws.DrawAgain.as_view(), name="draw_again"),
    path("checks/<int:pk>/", checks.CheckPage.as_view(), name="check"),
    path("checks/site-worker.js", device.worker, name="site_worker"),
    path("checks/<int:pk>/site/", onsite.CheckSite.as_view(), name="check_site"),
    path("checks/<int:pk>/site/photo/", onsite.PhotoView.as_view(), name="check_photo"),
    path("checks/<int:pk>/site/statement/", onsite.StatementView.as_view(), name="check_statement"),
    path("checks/<int:pk>/hold/", checks.HoldCheck.as_view(), name="hold_check"),
    path("checks/<int:pk>/call-off/", checks.CallOffCheck.as_view(), name="call_off_check"),
    path("findings/<int:pk>/", findings.FindingPage.as_view(), name="finding"),
    path(
        "findings/<int:pk>/rectified/", findings.ReportRectified.as_view(), name="report_rectified"
    ),
    path("findings/<int:pk>/recheck/", findings.RecheckFinding.as_view(), name="recheck"),
]
