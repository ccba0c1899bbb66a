"""What every public page is: open to all, only read, kept by a browser for a minute."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

FRESH_SECONDS = 60

View = Callable[..., HttpResponseBase]


def public_page(view: View) -> View:
    """Let anyone read a page; its browser may keep it for a minute, unless it speaks to this reader alone."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        personal = request.user.is_authenticated or getattr(get_messages(request), "used", False)
        if response.status_code == 200 and not personal:  # noqa: PLR2004 - the one success there is
            patch_cache_control(response, private=True, max_age=FRESH_SECONDS)
        return response

    return login_not_required(require_safe(shown))
