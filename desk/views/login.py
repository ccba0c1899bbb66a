"""The login page: the library's, with the accounts of a demonstration."""

from typing import Any
from urllib.parse import urlencode

from allauth.account import views
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.urls import reverse

from desk.queries import demo_accounts


class LoginView(views.LoginView):
    """The library's login with what our page shows beside the form."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the demonstration's accounts; none elsewhere."""
        context = super().get_context_data(**kwargs)
        kept = self.request.GET.get(REDIRECT_FIELD_NAME, "")
        asked = self.request.POST.get(
            REDIRECT_FIELD_NAME, kept
        )  # a login that failed is shown again
        register_onward = reverse("desk:register") + (
            f"?{urlencode({REDIRECT_FIELD_NAME: asked})}" if asked else ""
        )
        return {**context, "demo_accounts": demo_accounts(), "register_onward": register_onward}


login = LoginView.as_view()
