"""Addresses of the public pages and of the window's steps with notices."""

from django.urls import path

from public_notice.views import (
    bulletins,
    calculator,
    checkpoints,
    credit,
    draws,
    figures,
    hall,
    notices,
    objections,
    satisfaction,
    window,
)

app_name = "public_notice"
urlpatterns = [
    path("", notices.front, name="front"),
    path("notices/", notices.listing, name="list"),
    path("notices/export/", notices.export, name="export"),
    path("notices/feed/", notices.feed, name="feed"),
    path("notices/<slug:public_id>/", notices.notice, name="notice"),
    path("notices/<slug:public_id>/object/", objections.lodge, name="object"),
    path("notices/<slug:public_id>/object/receipt/", objections.receipt, name="receipt"),
    path("due/", calculator.calculator, name="calculator"),
    path("credit/", credit.marks, name="credit"),
    path("credit/export/", credit.export, name="export_credit"),
    path("credit/feed/", credit.feed, name="credit_feed"),
    path("checkpoints/", checkpoints.checkpoints, name="checkpoints"),
    path("checkpoints/export/", checkpoints.export, name="export_checkpoints"),
    path("checkpoints/feed/", checkpoints.feed, name="checkpoint_feed"),
    path("checkpoints/keys/", checkpoints.keys, name="checkpoint_keys"),
    path("checkpoints/verifier/", checkpoints.verifier, name="verifier"),
    path("checkpoints/<int:number>/", checkpoints.checkpoint, name="checkpoint"),
    path("draws/", draws.draws, name="draws"),
    path("draws/export/", draws.export, name="export_draws"),
    path("draws/<slug:quarter>/<int:turn>/", draws.draw, name="draw"),
    path("draws/<slug:quarter>/<int:turn>/data/", draws.data, name="draw_data"),
    path("draws/<slug:quarter>/<int:turn>/export/", draws.table, name="draw_table"),
    path("bulletins/", bulletins.bulletins, name="bulletins"),
    path("bulletins/export/", bulletins.export, name="export_bulletins"),
    path("bulletins/<slug:period>/", bulletins.bulletin, name="bulletin"),
    path("statistics/", figures.statistics, name="statistics"),
    path("statistics/program/", figures.program, name="figures_program"),
    path("statistics/<slug:period>/", figures.period, name="statistics_of"),
    path("statistics/<slug:period>/<slug:table>/", figures.rows, name="statistics_rows"),
    path("hall/", hall.hall, name="hall"),
    path("bulletin-desk/", bulletins.BulletinDesk.as_view(), name="bulletin_desk"),
    path("bulletin-desk/<int:pk>/", bulletins.ReviewBulletin.as_view(), name="bulletin_review"),
    path("objections/", objections.lookup, name="objection_lookup"),
    path("objections/<int:pk>/reply/", window.Reply.as_view(), name="reply"),
    path("cases/<slug:public_id>/publish/", window.Publish.as_view(), name="publish"),
    path(
        "cases/<slug:public_id>/satisfaction/", satisfaction.Answer.as_view(), name="satisfaction"
    ),
    path("cases/<slug:public_id>/objections/", window.Objections.as_view(), name="objections"),
]
