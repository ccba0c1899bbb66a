"""What every address of the API shares: who asks, in which office, and how large a question may be."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request

from accounts.models import AccessToken, Membership
from accounts.stages import Scope
from core.steps.api.problems import ScopeMissing, TooLarge
from core.steps.api.schema import Described
from core.steps.api.who import SessionAuthentication, TokenAuthentication, acting

MORE_THAN_A_FILE = 1 << 20
READING = ("GET", "HEAD", "OPTIONS")


class Endpoint(GenericAPIView):
    """One address. `public` ones know nobody; at all others somebody acts, with a token or in a session.

    `operation`, `tag`, `title` and `explain` are what the schema says of it.
    """

    public = False
    keyed = True  # a POST acts, once per Idempotency-Key; a question that is sent as one, for its secret, has none
    operation = ""
    tag: Any = ""
    title: Any = ""
    explain: Any = ""
    also: tuple[int, ...] = ()  # problems that its kind of address does not have by itself
    throttle_scope = ""
    schema = Described()
    authentication_classes = (TokenAuthentication, SessionAuthentication)
    filter_backends: Any = ()
    pagination_class: Any = None

    def get_authenticators(self) -> list[Any]:
        """Ask nobody at a public address: an old token must not keep anyone from reading a notice."""
        return [] if self.public else super().get_authenticators()

    def get_permissions(self) -> list[Any]:
        """Want somebody."""
        return [AllowAny() if self.public else IsAuthenticated()]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse what is too large, who acts for nobody, and a token that may only read."""
        super().initial(request, *args, **kwargs)
        files = "multipart" in (request.content_type or "")
        most = settings.UPLOAD_MAX_BYTES + MORE_THAN_A_FILE if files else settings.API_MOST_BYTES
        size = str(request.META.get("CONTENT_LENGTH", ""))
        if size.isdecimal() and int(size) > most:
            raise TooLarge
        if self.public:
            return
        if self.by is None:
            raise PermissionDenied(_("您现在没有有效的任职。"))
        reads_only = isinstance(request.auth, AccessToken) and request.auth.scope != Scope.ACT
        if reads_only and request.method not in READING:
            raise ScopeMissing

    @property
    def by(self) -> Membership | None:
        """The office in which somebody acts; None at a public address."""
        return None if self.public else acting(self.request)

    def get_serializer_context(self) -> dict[str, Any]:
        """Give serializers the office, too."""
        return {"request": self.request, "by": self.by}
