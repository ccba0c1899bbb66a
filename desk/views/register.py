"""An enterprise registers, and goes on where it came from: to its 试算 with the answers in the address."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.views import onward
from core import clock
from desk.forms.register import RegisterForm
from desk.services.register import register_enterprise

# Whoever has just chosen the password need not type it again.
_BACKEND = "django.contrib.auth.backends.ModelBackend"


@login_not_required
@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Show the form; open the account, log in and go on to `next`, else to the desk."""
    then = onward(request, request.POST.get("next", request.GET.get("next", "")))
    if request.user.is_authenticated:
        return redirect(then)
    form = RegisterForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            membership = register_enterprise(at=clock.now(), **form.registration())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            login(request, membership.user, backend=_BACKEND)
            return redirect(then)
    status = 422 if form.errors else 200
    onwards = "" if then == settings.LOGIN_REDIRECT_URL else then
    login_url = reverse("account_login") + (f"?{urlencode({'next': onwards})}" if onwards else "")
    context = {"form": form, "onwards": onwards, "login_url": login_url}
    return render(request, "desk/register.html", context, status=status)
