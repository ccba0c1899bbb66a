"""What was typed into a page whose login had run out: kept through the new login, and there again on the same page.

It lies in the visitor's session, one page at a time, for a day; files cannot be kept and are chosen again. It is given
back to nobody but the person who was logged in when it was typed: a signed cookie says who that was, and outlives the
login. Where a browser shows none, nothing is kept: a stranger leaves nothing here.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse, QueryDict

TYPED = "typed"
WHO = "who"  # the cookie: the key of the account that was last logged in here, signed
WHO_FOR = timedelta(days=365)  # longer than any login lasts
KEPT = timedelta(days=1)
MOST = 64_000  # characters: more than any step asks for, and what a stranger may leave here
NEVER = ("csrfmiddlewaretoken", "typed-in")


def remember_who(request: HttpRequest, response: HttpResponse) -> None:
    """Say in a cookie who is logged in, for when they no longer are; it opens nothing."""
    user = request.user
    if user.is_authenticated and _who(request) != str(user.pk):
        response.set_signed_cookie(
            WHO, str(user.pk), max_age=WHO_FOR, httponly=True, samesite="Lax", secure=settings.HTTPS
        )


def _who(request: HttpRequest) -> str:
    return request.get_signed_cookie(WHO, default="", max_age=WHO_FOR) or ""


def keep_typed(request: HttpRequest, *, at: datetime) -> None:
    """Keep the fields of a page for who was last logged in; what is too much is left, and what nobody known sent."""
    keep_typed_of(request, _who(request), at=at)


def keep_typed_of(request: HttpRequest, who: str, *, at: datetime) -> None:
    """Keep the fields of a page for the account of this key; nothing where there is none, or too much."""
    if who and (fields := fields_sent(request)):
        request.session[TYPED] = {
            "path": request.path,
            "fields": fields,
            "at": at.isoformat(),
            "who": who,
        }


def fields_sent(request: HttpRequest) -> dict[str, list[str]]:
    """Return what was typed into the page that was sent; nothing where it is more than is kept."""
    fields = {name: said for name, said in request.POST.lists() if name not in NEVER}
    size = sum(len(name) + sum(map(len, said)) for name, said in fields.items())
    return fields if size <= MOST else {}


def with_fields(fields: dict[str, list[str]]) -> QueryDict:
    """Return kept fields as a form takes them."""
    found = QueryDict(mutable=True)
    for name, said in fields.items():
        found.setlist(name, said)
    return found


def typed_at(request: HttpRequest, *, at: datetime) -> QueryDict | None:
    """Return what this person typed into this page before the login; None where nothing was, or long ago.

    What somebody else typed is forgotten.
    """
    kept = request.session.get(TYPED)
    if kept and kept.get("who") != str(request.user.pk):
        kept = None
        del request.session[TYPED]
    if not kept or kept["path"] != request.path:
        return None
    if at - datetime.fromisoformat(kept["at"]) > KEPT:
        return None
    return with_fields(kept["fields"])


def forget_typed(request: HttpRequest) -> None:
    """Forget it once the page has been sent again."""
    kept = request.session.get(TYPED)
    if kept and kept["path"] == request.path:
        del request.session[TYPED]


def hand_on_typed(request: HttpRequest, to: str) -> None:
    """Let it be found on another page: where a draft is sent to an address of its own, and looked at on its form's."""
    kept = request.session.get(TYPED)
    if kept and kept["path"] == request.path:
        request.session[TYPED] = {**kept, "path": to}


def forget_sessions(now: datetime) -> int:
    """Remove the sessions that are over, about once a day: when one has been over for a day; return how many were."""
    over = Session.objects.filter(expire_date__lt=now - KEPT)
    count = over.count()
    if count:
        SessionStore.clear_expired()
    return count
