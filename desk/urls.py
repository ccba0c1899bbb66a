"""Addresses of the desks."""

from django.urls import path

from desk.views import (
    calendars,
    case,
    catalogue,
    catalogue_carried,
    catalogue_drafts,
    catalogue_import,
    catalogue_signing,
    days_saved,
    evidence,
    hall,
    health,
    home,
    messages,
    past,
    progress,
    register,
    supervision,
    tokens,
    what_if,
)

app_name = "desk"
urlpatterns = [
    path("desk/", home.home, name="home"),
    path("desk/read/", home.read_all, name="read_all"),
    path("cases/<slug:public_id>/", case.case, name="case"),
    path("cases/<slug:public_id>/evidence/", evidence.Evidence.as_view(), name="evidence"),
    path("evidence/<int:pk>/file/", evidence.evidence_file, name="evidence_file"),
    path("supervision/", supervision.supervision, name="supervision"),
    path("supervision/export/", supervision.export, name="export_supervision"),
    path("days-saved/", days_saved.days_saved, name="days_saved"),
    path("days-saved/export/", days_saved.export, name="export_days_saved"),
    path("hall/lookup/", hall.lookup, name="hall_lookup"),
    path("calendar/", calendars.calendars, name="calendars"),
    path("calendar/load/", calendars.LoadNotice.as_view(), name="load_calendar"),
    path("calendar/close/", calendars.Close.as_view(), name="close_counters"),
    path("calendar/reopen/", calendars.Reopen.as_view(), name="reopen_counters"),
    path("calendar/kept/", calendars.kept, name="kept_limits"),
    path("calendar/kept/<slug:limit>/", calendars.Shorten.as_view(), name="shorten_limit"),
    path("calendar/edition/<slug:digest>/", calendars.edition, name="calendar_edition"),
    path("calendar/edition/<slug:digest>/table/", calendars.table, name="calendar_table"),
    path("catalogue/", catalogue.catalogues, name="catalogues"),
    path("catalogue/<slug:digest>/", catalogue.edition, name="catalogue_edition"),
    path("catalogue/<slug:digest>/item/<slug:code>/", catalogue.item, name="catalogue_item"),
    path("catalogue/<slug:digest>/table/<slug:table>/", catalogue.table, name="catalogue_table"),
    path("catalogue/<slug:digest>/revoke/", catalogue.Revoke.as_view(), name="revoke_catalogue"),
    path(
        "catalogue-drafts/new/", catalogue_drafts.OpenDraft.as_view(), name="open_catalogue_draft"
    ),
    path("catalogue-drafts/<int:pk>/", catalogue_drafts.draft, name="catalogue_draft"),
    *(
        path(f"catalogue-drafts/<int:pk>/{address}/", page, name=name)
        for address, page, name in (
            *catalogue_drafts.PAGES,
            *catalogue_signing.PAGES,
            *catalogue_carried.PAGES,
            *catalogue_import.PAGES,
        )
    ),
    path("health/", health.health, name="health"),
    path("status/", health.status, name="status"),
    path("past/", past.past, name="past"),
    path("past/export/", past.export, name="export_past"),
    path("past/template/", past.template, name="past_template"),
    path("past/load/", past.LoadPast.as_view(), name="load_past"),
    path("past/<int:pk>/withdraw/", past.WithdrawPast.as_view(), name="withdraw_past"),
    path("what-if/", what_if.time_machine, name="what_if"),
    path("county/", supervision.county, name="county"),
    path("account/tokens/", tokens.tokens, name="tokens"),
    path("account/tokens/export/", tokens.export, name="export_tokens"),
    path("account/tokens/<int:pk>/revoke/", tokens.revoke, name="revoke_token"),
    path("account/messages/", messages.settings, name="message_settings"),
    path("outbox/", messages.outbox, name="outbox"),
    path("outbox/export/", messages.export, name="export_undelivered"),
    path("outbox/<int:pk>/again/", messages.again, name="send_again"),
    path("register/", register.register, name="register"),
    path("progress/", progress.progress, name="progress"),
]
