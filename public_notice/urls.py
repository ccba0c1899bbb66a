"""Addresses of the public pages and of the window's steps with notices."""

from django.urls import path

from public_notice.views import (
    bulletins,
    calculator,
    checkpoints,
    credit,
    disclosure_desk,
    disclosures,
    draws,
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
    path("bulletin-desk/", bulletins.BulletinDesk.as_view(), name="bulletin_desk"),
    path("bulletin-desk/<int:pk>/", bulletins.ReviewBulletin.as_view(), name="bulletin_review"),
    path("disclosures/", disclosures.disclosures, name="disclosures"),
    path("disclosures/apply/", disclosures.apply, name="disclosure_apply"),
    path("disclosures/lookup/", disclosures.lookup, name="disclosure_lookup"),
    path("disclosures/mine/", disclosures.mine, name="disclosure_mine"),
    path("disclosures/mine/supplement/", disclosures.supplement, name="disclosure_supplement"),
    path("disclosures/mine/withdraw/", disclosures.withdraw, name="disclosure_withdraw"),
    path("disclosures/mine/papers/<slug:code>/", disclosures.my_paper, name="disclosure_paper"),
    path("disclosures/years/<int:year>/", disclosures.year, name="disclosure_year"),
    path(
        "disclosures/years/<int:year>/export/",
        disclosures.year_export,
        name="export_disclosure_year",
    ),
    path("disclosure-desk/", disclosure_desk.desk, name="disclosure_desk"),
    path("disclosure-desk/export/", disclosure_desk.export, name="export_disclosures"),
    path(
        "disclosure-desk/register/", disclosure_desk.Register.as_view(), name="disclosure_register"
    ),
    path("disclosure-desk/<int:pk>/", disclosure_desk.disclosure, name="disclosure"),
    path(
        "disclosure-desk/<int:pk>/confirm/",
        disclosure_desk.Confirm.as_view(),
        name="disclosure_confirm",
    ),
    path(
        "disclosure-desk/<int:pk>/correction/",
        disclosure_desk.Correction.as_view(),
        name="disclosure_correction",
    ),
    path("disclosure-desk/<int:pk>/view/", disclosure_desk.View.as_view(), name="disclosure_view"),
    path(
        "disclosure-desk/<int:pk>/longer/",
        disclosure_desk.Longer.as_view(),
        name="disclosure_longer",
    ),
    path(
        "disclosure-desk/<int:pk>/approve/",
        disclosure_desk.Approve.as_view(),
        name="disclosure_approve",
    ),
    path(
        "disclosure-desk/<int:pk>/answer/",
        disclosure_desk.Answer.as_view(),
        name="disclosure_answer",
    ),
    path(
        "disclosure-views/<int:pk>/",
        disclosure_desk.ViewAnswer.as_view(),
        name="disclosure_view_answer",
    ),
    path("objections/", objections.lookup, name="objection_lookup"),
    path("objections/<int:pk>/reply/", window.Reply.as_view(), name="reply"),
    path("cases/<slug:public_id>/publish/", window.Publish.as_view(), name="publish"),
    path(
        "cases/<slug:public_id>/satisfaction/", satisfaction.Answer.as_view(), name="satisfaction"
    ),
    path("cases/<slug:public_id>/objections/", window.Objections.as_view(), name="objections"),
]
