"""Addresses of sessions and opinions."""

from django.urls import path

from prereview.views import (
    calling,
    conclusion,
    contests,
    defaults,
    dispatches,
    follow_ups,
    matrix,
    opinions,
    proof,
    roll,
    sessions,
)

app_name = "prereview"
urlpatterns = [
    path("sessions/", sessions.SessionList.as_view(), name="list"),
    path("sessions/call/", calling.CallView.as_view(), name="call"),
    path("sessions/export/", sessions.export, name="export"),
    path("sessions/<slug:public_id>/", sessions.SessionPage.as_view(), name="session"),
    path("sessions/<slug:public_id>/open/", sessions.OpenView.as_view(), name="session_open"),
    path("sessions/<slug:public_id>/close/", sessions.CloseView.as_view(), name="session_close"),
    path("sessions/<slug:public_id>/cancel/", sessions.CancelView.as_view(), name="session_cancel"),
    path("summons/<int:pk>/acknowledge/", roll.AcknowledgeView.as_view(), name="acknowledge"),
    path("summons/<int:pk>/coming/", roll.ComingView.as_view(), name="coming"),
    path("summons/<int:pk>/excuse/", roll.ExcuseView.as_view(), name="excuse"),
    path("summons/<int:pk>/decide/", roll.DecideExcuseView.as_view(), name="decide_excuse"),
    path("summons/<int:pk>/serve/", roll.SecondChannelView.as_view(), name="second_channel"),
    path("summons/<int:pk>/check-in/", roll.CheckInView.as_view(), name="check_in"),
    path("summons/<int:pk>/leave/", roll.LeaveView.as_view(), name="leave"),
    path("dispatches/", dispatches.SignManyView.as_view(), name="sign_dispatches"),
    path("dispatches/<int:pk>/acknowledge/", dispatches.SignView.as_view(), name="sign_dispatch"),
    path("dispatches/<int:pk>/serve/", dispatches.ServeView.as_view(), name="serve_dispatch"),
    path("cases/<slug:public_id>/file/", dispatches.SignOfCaseView.as_view(), name="sign_file"),
    path("agenda/<int:pk>/open/", roll.OpenItemView.as_view(), name="item_open"),
    path("agenda/<int:pk>/close/", roll.CloseItemView.as_view(), name="item_close"),
    path("agenda/<int:pk>/conclude/", conclusion.ConcludeView.as_view(), name="conclude"),
    path("cases/<slug:public_id>/call/", calling.CallForCase.as_view(), name="call_case"),
    path(
        "cases/<slug:public_id>/skip-survey/", calling.SkipSurveyView.as_view(), name="skip_survey"
    ),
    path("cases/<slug:public_id>/session/", sessions.SessionOfCase.as_view(), name="case_session"),
    path(
        "cases/<slug:public_id>/conclude/", conclusion.ConcludeCase.as_view(), name="case_conclude"
    ),
    path("cases/<slug:public_id>/opinions/", opinions.OpinionsView.as_view(), name="opinions"),
    path("cases/<slug:public_id>/matrix/", matrix.MatrixView.as_view(), name="matrix"),
    path("opinions/<int:pk>/", opinions.OpinionView.as_view(), name="opinion"),
    path("opinions/<int:pk>/draft/", opinions.DraftView.as_view(), name="draft"),
    path("opinions/<int:pk>/enter/", opinions.EnterOpinionView.as_view(), name="enter"),
    path("opinions/<int:pk>/late/", opinions.LateOpinionView.as_view(), name="late_opinion"),
    path("opinions/<int:pk>/proof/", proof.ProofView.as_view(), name="proof"),
    path("opinions/<int:pk>/confirm/", defaults.ConfirmView.as_view(), name="confirm"),
    path("opinions/<int:pk>/dismiss/", defaults.DismissView.as_view(), name="dismiss"),
    path("opinions/<int:pk>/serve-again/", defaults.ServeAgainView.as_view(), name="serve_again"),
    path("opinions/<int:pk>/not-ours/", defaults.NotOursView.as_view(), name="not_ours"),
    path("opinions/<int:pk>/contest/", contests.ContestView.as_view(), name="contest"),
    path(
        "opinions/<int:pk>/decide-contest/",
        contests.DecideContestView.as_view(),
        name="decide_contest",
    ),
    path("opinions/<int:pk>/withdraw/", contests.WithdrawView.as_view(), name="withdraw"),
    path(
        "opinions/<int:pk>/decide-withdrawal/",
        contests.DecideWithdrawalView.as_view(),
        name="decide_withdrawal",
    ),
    path("opinions/<int:pk>/follow-up/", follow_ups.FollowUpView.as_view(), name="follow_up"),
    path("follow-ups/", follow_ups.follow_ups, name="follow_ups"),
]
