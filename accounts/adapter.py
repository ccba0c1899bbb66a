"""What of django-allauth is ours: nobody signs up by its form, enterprises register with their licence."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Close the library's own sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say no: an account comes from registration of an enterprise or from the administrator."""
        return False
