"""The login page: the library's, with the way to registration and the accounts of a demonstration."""

from typing import Any

from allauth.account import views
from django.urls import reverse

from desk.queries import demo_accounts


class LoginView(views.LoginView):
    """The library's login with what our page shows beside the form."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the demonstration's accounts (none elsewhere) and the address of registration."""
        context = super().get_context_data(**kwargs)
        return {
            **context,
            "demo_accounts": demo_accounts(),
            "register_url": reverse("desk:register"),
        }


login = LoginView.as_view()
