"""What was typed into a page whose login had run out: kept through the new login, and there again on the same page.

It lies in the visitor's session, one page at a time, for a day; files cannot be kept and are chosen again. Whoever logs
in afterwards sees it only on that page, which asks as ever whether it is theirs.
"""

from datetime import datetime, timedelta

from django.http import HttpRequest, QueryDict

TYPED = "typed"
KEPT = timedelta(days=1)
MOST = 64_000  # characters: more than any step asks for, and what a stranger may leave here
NEVER = ("csrfmiddlewaretoken",)


def keep_typed(request: HttpRequest, *, at: datetime) -> None:
    """Keep the fields of a page that was sent by nobody; what is too much is left, as it was before."""
    fields = {name: said for name, said in request.POST.lists() if name not in NEVER}
    size = sum(len(name) + sum(map(len, said)) for name, said in fields.items())
    if fields and size <= MOST:
        request.session[TYPED] = {"path": request.path, "fields": fields, "at": at.isoformat()}


def typed_at(request: HttpRequest, *, at: datetime) -> QueryDict | None:
    """Return what was typed into this page before the login; None where nothing was, or long ago."""
    kept = request.session.get(TYPED)
    if not kept or kept["path"] != request.path:
        return None
    if at - datetime.fromisoformat(kept["at"]) > KEPT:
        return None
    found = QueryDict(mutable=True)
    for name, said in kept["fields"].items():
        found.setlist(name, said)
    return found


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
