"""One step of a case as one page: a form over a service, with its reasons, and what happened afterwards."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    QueryDict,
)
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.generic import FormView

from core import clock
from core.steps.offers import passed
from core.steps.reasons import NotNow, not_yours
from core.steps.typed import forget_typed, typed_at
from core.steps.unfinished import (
    DROP,
    PLACE,
    Unfinished,
    forget_unfinished,
    is_to_be_kept,
    keep_unfinished,
    put_back,
    unfinished_at,
)


def not_now(form: Any, reasons: Iterable[Any]) -> None:
    """Put a refusal over a form: its time is past or to come, and nobody is asked to change what they typed."""
    form.not_now = True
    for reason in reasons:
        form.add_error(None, reason)


class StepView(FormView):
    """A page that takes one step.

    A subclass names the queryset the person's cases come from, the form, the verb on the button, and
    `perform`, which calls the service and returns the sentence of what happened and what comes next.
    A refusal is shown with its sentences: 409 for the stage, 403 for the person, 422 for the form.
    """

    template_name = "step.html"
    form_class: type[Form] = Form
    title: Any = ""
    verb: Any = ""
    explain: Any = ""
    danger = False
    transition = ""
    judged_as = ""  # the act whose limit may have passed, where it is not the transition
    conditions: tuple[Any, ...] = ()
    typed_before: QueryDict | None = None
    unfinished: Unfinished | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the case among those the person may see; unknown and not theirs are both 404.

        What is only to be kept while it is typed (core/steps/unfinished.py) is no step, and goes no further.
        """
        if request.user.is_authenticated:
            if request.acting is None:  # type: ignore[attr-defined]
                raise PermissionDenied
            self.subject = self.find()
            if is_to_be_kept(request):
                return self.keep(request)
            if request.method == "POST" and DROP in request.POST:
                forget_unfinished(request)
                return HttpResponseRedirect(request.get_full_path())
        answer = super().dispatch(request, *args, **kwargs)
        if PLACE in request.POST and answer.status_code < HTTPStatus.BAD_REQUEST:
            forget_unfinished(request)
        return answer

    def keep(self, request: HttpRequest) -> HttpResponse:
        """Keep what is typed so far for whoever has business here (204); too much is not kept (413)."""
        if not self.allowed():
            raise not_yours(self.subject, self.acting)
        kept = keep_unfinished(request, at=self.now())
        return HttpResponse(
            status=HTTPStatus.NO_CONTENT if kept else HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        )

    def cases(self) -> Any:
        """Return the queryset of what the person may see."""
        raise NotImplementedError

    def find(self) -> Any:
        """Return the case of the address."""
        return get_object_or_404(self.cases(), public_id=self.kwargs["public_id"])

    def allowed(self) -> bool:
        """Whether this is the person's business at all; the page itself is refused where it is not."""
        return True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the page, or refuse it to whoever has no business here."""
        if not self.allowed():
            raise not_yours(self.subject, self.acting)
        self.restore(request)
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take what is sent; what was kept from before the login is done with."""
        forget_typed(request)
        return super().post(request, *args, **kwargs)

    def restore(self, request: HttpRequest) -> None:
        """Put back what was typed before the login ran out, where the step can be taken; it is not saved yet.

        Else, what was typed here some time and never sent, if the page asks for anything.
        """
        typed = typed_at(request, at=self.now())
        if typed is None and self.form_class is not Form:
            self.unfinished = unfinished_at(request, at=self.now())
        if typed is None or self.reasons() or not self.takes(typed):
            return
        self.typed_before = typed
        words = _("登录过期时您填的内容还在下面，还没有保存：请核对后再按按钮。文件要重新选。")
        messages.warning(request, words)

    def takes(self, typed: QueryDict) -> bool:
        """Whether the page has fields for something of it."""
        return any(name in typed for name in self.get_form().fields)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Fill the form with what was typed before the login, if anything was."""
        found = super().get_form_kwargs()
        return found if self.typed_before is None else {**found, "data": self.typed_before}

    def get_form(self, form_class: type[Form] | None = None) -> Any:
        """Return the form; of what is put back into it is said that it has not been sent."""
        form: Any = super().get_form(form_class)
        form.brought_back = self.typed_before is not None
        return form

    @property
    def acting(self) -> Any:
        """The membership the person acts under."""
        return self.request.acting  # type: ignore[attr-defined]

    def reasons(self) -> list[str]:
        """Return what stands against the step now."""
        found = self.subject.why_not(self.transition) if self.transition else []
        found += passed(self.subject, self.judged_as or self.transition)
        return found + [str(c.reason) for c in self.conditions if not c(self.subject)]

    def perform(self, data: dict[str, Any]) -> str:
        """Call the service and return what happened, in a sentence."""
        raise NotImplementedError

    def form_valid(self, form: Form) -> HttpResponse:
        """Take the step; a refusal keeps what was typed and says why."""
        try:
            return self.taken(form)
        except NotNow as refusal:
            not_now(form, refusal.reasons)
            return self.refuse(form, 409)
        except ValidationError as error:
            named = getattr(error, "message_dict", {})
            fits = named and all(name in form.fields for name in named)
            form.add_error(None, error if fits else [*error.messages])
            return self.refuse(form, 422)

    def taken(self, form: Form) -> HttpResponse:
        """Take the step and go on to what it led to."""
        if said := self.perform(form.cleaned_data):
            messages.success(self.request, said)
        return HttpResponseRedirect(self.get_success_url())

    def form_invalid(self, form: Form) -> HttpResponse:
        """Show the errors with what was typed (422)."""
        return self.refuse(form, 422)

    def refuse(self, form: Form, status: int) -> HttpResponse:
        """Render the page again with the errors."""
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def get_success_url(self) -> str:
        """Go back to the case."""
        return self.back_url()

    def back_url(self) -> str:
        """Return the address of the case."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the template the case, the words and the reasons."""
        found = super().get_context_data(
            subject=self.subject,
            title=self.title,
            verb=self.verb,
            explain=self.explain,
            danger=self.danger,
            reasons=self.reasons(),
            back_url=self.back_url(),
            **kwargs,
        )
        self._keeps(found["form"])
        return found

    def _keeps(self, form: Any) -> None:
        """Tell the form that what is typed into it is kept, and put back what was not sent before."""
        if form is None:
            return
        form.typed_in = self.request.path if form.fields else ""
        kept = None if form.is_bound else self.unfinished
        form.unfinished = kept and put_back(form, kept) and kept

    def now(self) -> Any:
        """Return the instant of the act: when its request arrived, by the one clock."""
        return clock.received()
