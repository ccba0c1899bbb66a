"""Addresses of the filing's pages."""

from django.urls import path

from approvals.views import (
    changes,
    commitment,
    documents,
    filings,
    gaps,
    gate,
    incoming,
    intake,
    later,
    limits,
    listing,
    materials,
    paper,
    people,
    previews,
    project,
    query_code,
    review,
)
from approvals.views.questionnaire import Questionnaire
from approvals.views.standing import standing
from approvals.views.trial import trial

app_name = "approvals"
CASE = "cases/<slug:public_id>/"
LIMIT = f"{CASE}limits/<slug:limit>/"

urlpatterns = [
    path("try/", trial, name="trial"),
    path("standing/", standing, name="standing"),
    path("filings/", filings.FilingList.as_view(), name="list"),
    path("filings/export/", filings.export, name="export"),
    path("gaps/", gaps.ledger, name="gaps"),
    path("gaps/export/", gaps.export, name="gap_export"),
    path("filings/new/", filings.NewFiling.as_view(), name="new"),
    path(f"{CASE}questionnaire/", Questionnaire.as_view(), name="questionnaire"),
    path(f"{CASE}project/", project.Project.as_view(), name="project"),
    path(f"{CASE}submit/", project.Submit.as_view(), name="submit"),
    path(f"{CASE}withdraw/", project.Withdraw.as_view(), name="withdraw"),
    path(f"{CASE}query-code/", query_code.QueryCode.as_view(), name="query_code"),
    path(f"{CASE}eligibility/", listing.Eligibility.as_view(), name="eligibility"),
    path(f"{CASE}licence/", listing.Licence.as_view(), name="licence"),
    path(f"{CASE}checklist/", listing.Checklist.as_view(), name="checklist"),
    path(f"{CASE}checklist/acknowledge/", listing.Acknowledge.as_view(), name="acknowledge"),
    path(f"{CASE}items/<slug:code>/strike/", listing.Strike.as_view(), name="strike"),
    path(f"{CASE}items/<slug:code>/approval/", gate.RecordApproval.as_view(), name="approval"),
    path(f"{CASE}items/<slug:code>/take-up/", gate.TakeUp.as_view(), name="take_up"),
    path(f"{CASE}materials/", materials.Materials.as_view(), name="materials"),
    path(f"{CASE}review/", review.Review.as_view(), name="review"),
    path(f"{CASE}later/", later.Later.as_view(), name="later"),
    path(f"{CASE}later/<int:pk>/", later.DecideLater.as_view(), name="decide_later"),
    path(f"{CASE}people/", people.PeoplePage.as_view(), name="people"),
    path(f"{CASE}people/grant/", people.GrantAuthority.as_view(), name="grant_authority"),
    path(f"{CASE}people/<int:pk>/end/", people.EndAuthority.as_view(), name="end_authority"),
    path(f"{CASE}people/hand-over/", people.HandOverStep.as_view(), name="hand_over"),
    path(f"{CASE}paper/", paper.Paper.as_view(), name="paper_intake"),
    path(f"{CASE}paper/<int:pk>/", paper.DecidePaper.as_view(), name="decide_paper"),
    path(f"{CASE}hand-in/", intake.HandIn.as_view(), name="hand_in"),
    path(
        f"{CASE}hand-in-correction/", intake.HandInCorrection.as_view(), name="hand_in_correction"
    ),
    path(f"{CASE}accept/", intake.Accept.as_view(), name="accept"),
    path(f"{CASE}correction/", intake.AskCorrection.as_view(), name="ask_correction"),
    path(f"{CASE}refuse/", intake.Refuse.as_view(), name="refuse"),
    path(f"{CASE}changes/<int:pk>/", changes.FinishChange.as_view(), name="finish_change"),
    path(f"{CASE}changes/<int:pk>/hand-in/", changes.HandInChange.as_view(), name="hand_in_change"),
    path(f"{CASE}changes/<int:pk>/return/", changes.ReturnChange.as_view(), name="return_change"),
    path(f"{CASE}commitment/", commitment.Commitment.as_view(), name="commitment"),
    path(f"{CASE}commitment/decline/", commitment.Decline.as_view(), name="decline"),
    path(f"{CASE}commitment/sign/", commitment.Sign.as_view(), name="sign"),
    path(f"{CASE}commitment/verify/", commitment.Verify.as_view(), name="verify"),
    path(f"{CASE}commitment/reject/", commitment.RejectScan.as_view(), name="reject_scan"),
    path(f"{CASE}gate/", gate.GatePage.as_view(), name="gate"),
    path(f"{CASE}limits/", limits.LimitsPage.as_view(), name="limits"),
    path(f"{LIMIT}suspend/", limits.Suspend.as_view(), name="suspend_limit"),
    path(f"{LIMIT}resume/", limits.Resume.as_view(), name="resume_limit"),
    path(f"{LIMIT}extend/", limits.Extend.as_view(), name="extend_limit"),
    path(f"{CASE}start/", gate.NotifyStart.as_view(), name="start"),
    path("attachments/<int:pk>/", documents.attachment, name="attachment"),
    path("attachments/<int:pk>/preview/", previews.preview, name="preview"),
    path("attachments/<int:pk>/preview/<int:page>/", previews.preview_page, name="preview_page"),
    path("incoming/", incoming.Incomings.as_view(), name="incoming"),
    path("papers/check/<slug:code>/", documents.check_paper, name="check_paper"),
    path("papers/<slug:code>/", documents.paper, name="paper"),
]
