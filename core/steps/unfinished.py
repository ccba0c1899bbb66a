"""没填完的: what somebody is typing into a step is kept while they type, and is there again wherever they come back.

It lies here and not on the device: a shared computer keeps no word of it after the logout, and whoever has lost the
login, the window or the machine finds it from any other. It is given to nobody but that person, is no act and part of
no file, and lies a week at most. One row for a person, among the sessions and cleared with them, under a key that is
given to nobody. Files and passwords are not kept.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction
from django.forms import BaseForm, FileField
from django.http import HttpRequest, QueryDict
from django.utils.crypto import salted_hmac

from core.steps.typed import fields_sent, with_fields

HEADER = "X-Typed"  # says of a request that it is to be kept and nothing else
PLACE = "typed-in"  # the field by which a form says on which page it was typed
DROP = "typed-drop"  # the button that gives it up
KEPT = timedelta(days=7)
MOST_PAGES = 20  # of one person, the newest


@dataclass(frozen=True)
class Unfinished:
    """What was typed into a page and when it was last kept."""

    fields: QueryDict
    at: datetime


def is_to_be_kept(request: HttpRequest) -> bool:
    """Whether the page's script sends what is typed so far, for nothing but to be kept."""
    return request.method == "POST" and HEADER in request.headers


def keep_unfinished(request: HttpRequest, *, at: datetime) -> bool:
    """Keep what is typed so far into a page; False where it is nothing or too much."""
    fields = fields_sent(request)
    if not fields:
        return False
    with transaction.atomic():
        pages = _locked(request)
        pages.pop(request.path, None)
        pages[request.path] = {"fields": fields, "at": at.isoformat()}
        _write(request, pages)
    return True


def unfinished_at(request: HttpRequest, *, at: datetime) -> Unfinished | None:
    """Return what this person has typed into this page and not sent; None where nothing was, or long ago."""
    kept = SessionStore(_key(request)).get("pages", {}).get(request.path)
    if not kept:
        return None
    when = datetime.fromisoformat(kept["at"])
    return Unfinished(with_fields(kept["fields"]), when) if at - when <= KEPT else None


def forget_unfinished(request: HttpRequest) -> None:
    """Forget what was typed on the page that the form names: it was sent, or given up."""
    place = request.POST.get(PLACE, "")
    if not place or place not in SessionStore(_key(request)).get("pages", {}):
        return
    with transaction.atomic():
        pages = _locked(request)
        pages.pop(place, None)
        _write(request, pages)


def put_back(form: BaseForm, kept: Unfinished) -> bool:
    """Show in a form that was not sent what was typed, without a word on what is still missing; whether any fits."""
    names = {form.add_prefix(name): name for name in form.fields}
    if not any(sent in kept.fields for sent in names):
        return False
    for sent, name in names.items():
        field = form.fields[name]
        if not isinstance(field, FileField) and not field.widget.is_hidden:
            form.initial[name] = field.widget.value_from_datadict(kept.fields, {}, sent)  # type: ignore[arg-type]
    return True


def _key(request: HttpRequest) -> str:
    """Return the key of a person's row: it follows from the site's secret, and no cookie has ever held it."""
    return salted_hmac("core.steps.unfinished", str(request.user.pk)).hexdigest()[:32]


def _locked(request: HttpRequest) -> dict[str, Any]:
    row = Session.objects.select_for_update().filter(pk=_key(request)).first()
    return dict(row.get_decoded().get("pages", {})) if row else {}


def _write(request: HttpRequest, pages: dict[str, Any]) -> None:
    key = _key(request)
    if not pages:
        Session.objects.filter(pk=key).delete()
        return
    store, newest = SessionStore(), dict(list(pages.items())[-MOST_PAGES:])
    until = store.get_expiry_date(expiry=int(KEPT.total_seconds()))
    row = {"session_data": store.encode({"pages": newest}), "expire_date": until}
    Session.objects.update_or_create(session_key=key, defaults=row)
