"""The login page: the library's, with the accounts of a demonstration."""

from typing import Any

from allauth.account import views

from desk.queries import demo_accounts


class LoginView(views.LoginView):
    """The library's login with what our page shows beside the form."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the demonstration's accounts; none elsewhere."""
        context = super().get_context_data(**kwargs)
        return {**context, "demo_accounts": demo_accounts()}


login = LoginView.as_view()
