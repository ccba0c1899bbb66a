"""日历订阅: where a person draws the address of their calendar and sees it once, and what a program reads there."""

from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from approvals.views.base import outcome
from core import clock
from core.steps.tries import TooManyTries, origin_of
from prereview import services
from prereview.models import CalendarFeed
from prereview.policies.feed import keeps_a_calendar, own_calendar_feed
from prereview.queries.feed import feed_now
from prereview.services.feed import read_calendar_feed
from prereview.views.base import Step, person


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def feed(request: HttpRequest) -> HttpResponse:
    """Show whether an address holds; one drawn just now stands on the answer and nowhere else."""
    by, address = person(request), ""
    if not keeps_a_calendar(None, by):
        raise PermissionDenied
    if request.method == "POST":
        address = services.draw_calendar_feed(by=by, at=clock.now()).address
    context = {"held": feed_now(by), "address": address, "by": by}
    return render(request, "prereview/feed.html", context)


class WithdrawFeed(Step):
    """停用日历订阅."""

    title = gettext_lazy("停用日历订阅")
    verb = gettext_lazy("停用")
    danger = True
    policy = staticmethod(own_calendar_feed)
    explain = gettext_lazy(
        "停用以后，日历程序在这个地址什么也读不到，已经读到的由您在程序里删除。需要时可以另生成一个。"
    )

    def find(self) -> CalendarFeed:
        """Return one's own address that holds."""
        if not keeps_a_calendar(None, self.acting):
            raise PermissionDenied
        found = feed_now(self.acting)
        if found is None:
            raise Http404
        return found

    def about(self) -> Any:
        """Return the page of the calendar."""
        return _("日历订阅")

    def back_url(self) -> str:
        """Go back to it."""
        return reverse("prereview:feed")

    def perform(self, data: dict[str, Any]) -> str:
        """Withdraw it."""
        services.withdraw_calendar_feed(self.subject, by=self.acting, at=self.now())
        return outcome(_("订阅地址已停用。"))


@login_not_required
@require_safe
def read(request: HttpRequest, secret: str) -> HttpResponse:
    """Hand a person's calendar to whoever has its address: a program, which logs in nowhere and is told little."""
    try:
        text = read_calendar_feed(secret, origin=origin_of(request), at=clock.now())
    except TooManyTries as refusal:
        answer = _said(refusal.said, HTTPStatus.TOO_MANY_REQUESTS)
        answer["Retry-After"] = str(refusal.wait)
        return answer
    if text is None:
        return _said(_("没有这个订阅地址，或者已经停用。"), HTTPStatus.NOT_FOUND)
    answer = _said(text, HTTPStatus.OK, "text/calendar")
    answer["Content-Disposition"] = 'attachment; filename="sessions.ics"'
    return answer


def _said(text: str, status: HTTPStatus, kind: str = "text/plain") -> HttpResponse:
    """Return an answer that nobody on the way keeps or finds."""
    answer = HttpResponse(text, status=status, content_type=f"{kind}; charset=utf-8")
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
