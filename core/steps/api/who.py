"""Who a request of the API comes from: a token of a person, or the session of the same browser."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import AccessToken, Membership
from accounts.queries import token_of
from accounts.services import token_used
from core import clock


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer cnt_…`; the token and its person's office are read anew for each request."""

    def authenticate(self, request: Request) -> tuple[Any, AccessToken] | None:
        """Return person and token; None where no token was sent, so that the session is asked."""
        word, _blank, secret = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if word.lower() != "bearer":
            return None
        now = clock.now()
        token = token_of(secret.strip(), now)
        if token is None:
            raise AuthenticationFailed(
                _("令牌无效：可能已过期、已撤销，或者任职已经结束。请在“访问令牌”页另建一个。")
            )
        token_used(token, now)
        return token.membership.user, token

    def authenticate_header(self, request: Request) -> str:
        """Say how one gets in."""
        return 'Bearer realm="chengnuo"'


def acting(request: Request) -> Membership | None:
    """Return the office a request acts in: the token's, or the one chosen in the session."""
    if isinstance(request.auth, AccessToken):
        return request.auth.membership
    if not request.user.is_authenticated:
        return None
    found: Membership | None = getattr(request._request, "acting", None)  # noqa: SLF001 - the library's name for Django's request
    return found


class TokenScheme(OpenApiAuthenticationExtension):
    """How the token stands in the schema."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the scheme."""
        return {"type": "http", "scheme": "bearer"}


__all__ = ["SessionAuthentication", "TokenAuthentication", "acting"]
