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
        # a login that failed is shown again
        asked = self.request.POST.get(REDIRECT_FIELD_NAME, kept)
        onward = f"?{urlencode({REDIRECT_FIELD_NAME: asked})}" if asked else ""
        to_register = reverse("desk:register") + onward
        return {**context, "demo_accounts": demo_accounts(), "to_register": to_register}


login = LoginView.as_view()
