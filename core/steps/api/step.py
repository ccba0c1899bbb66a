"""One act of the API: its address below a thing, whose it is, its body, and the service a page calls, too."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, path
from rest_framework import serializers
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Membership
from accounts.policies import Policy
from core import clock
from core.steps.api.endpoint import Endpoint
from core.steps.api.problems import KeyMissing
from core.steps.api.things import Things
from core.steps.idempotency import fingerprint, once, secretly
from core.steps.reasons import not_yours

KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")


class Nothing(serializers.Serializer):
    """A step that needs no word beside its address."""


@dataclass(frozen=True)
class Step:
    """An act, e.g. `Step("withdraw", services.withdraw, own_enterprise, _("撤回申报"), Reason)`.

    The fields of `body` are the keyword arguments of `service`; where they differ, `take` turns them into it.
    `of` is what the service takes where that is not the thing itself; a step with `opens` makes a new thing
    (201) and takes none. `shown` shows what the service returns; without it the thing is shown as it now is.
    `ahead` is done before anything is locked, with what was sent as it came: what takes long is read and checked there,
    and what it returns are further arguments of the service. `unkept` is answered beside the rest the first time and
    never again: a secret is not kept with the answers. Of a `secret` body no digest is kept that anybody could reckon:
    where few words can be said, it would tell which one was.
    """

    name: str
    service: Callable[..., Any]
    policy: Policy
    title: Any
    body: type[serializers.Serializer] = Nothing
    explain: Any = ""
    of: Callable[[Any, Membership], Any] | None = None
    take: Callable[[Any, dict[str, Any], Membership], dict[str, Any]] | None = None
    opens: bool = False
    shown: type[serializers.BaseSerializer] | None = None
    ahead: Callable[[Any, Any, Membership, Any], dict[str, Any]] | None = None
    unkept: Callable[[Any], dict[str, Any]] | None = None
    secret: bool = False

    @property
    def files(self) -> tuple[bool, ...]:
        """The files that come with it, each whether it must: then the body is a form of several parts."""
        fields = self.body().fields.values()
        return tuple(f.required for f in fields if isinstance(f, serializers.FileField))

    def done(self, thing: Any, data: dict[str, Any], by: Membership | None, at: Any, **more: Any) -> Any:  # fmt: skip
        """Call the service."""
        given = self.take(thing, data, by) if self.take else data  # type: ignore[arg-type]
        first = [] if thing is None else [self.of(thing, by) if self.of else thing]  # type: ignore[arg-type]
        who = {} if by is None else {"by": by}
        return self.service(*first, **who, at=at, **{**given, **more})


class Takes(Endpoint):
    """An address at which a step can be taken."""

    things: Any = None
    step: Step | None = None
    unkept: Any = None  # of this request

    def get_parsers(self) -> list[Any]:
        """Read a form where a file must come along, a form or JSON where it may, JSON otherwise."""
        files = self.step.files if self.step else ()
        forms = [MultiPartParser()] if files else []
        return forms if any(files) else [*forms, JSONParser()]

    def post(self, request: Request, **named: Any) -> Response:
        """Take the step, once per key; what was answered to the key before is answered again."""
        key = request.headers.get("Idempotency-Key", "")
        if not KEY.fullmatch(key):
            raise KeyMissing
        at, by = clock.received(), self.by
        said = (by and by.pk, request.path, _plain(request.data))
        secret = self.step is not None and self.step.secret
        key, digest = secretly(key, *said) if secret else (key, fingerprint(*said))
        who = f"user:{by.user_id}" if by else "public"
        more = self._ahead(named, at)
        reply = once(who, key, digest, at=at, act=lambda: self._act(named, at, more))
        body = reply.body if self.unkept is None else {**reply.body, **self.unkept}
        answer = Response(body, status=reply.status)
        answer["Idempotent-Replayed"] = "true" if reply.replayed else "false"
        return answer

    def _ahead(self, named: dict[str, Any], at: Any) -> dict[str, Any]:
        """Do what may take long before anything is locked, for who may take the step and sent what it wants."""
        step, by = self.step, self.by
        if step is None or step.ahead is None or by is None:
            return {}
        thing = self.things.find(by, **named) if named else None
        body = step.body(
            data=self.request.data, context={**self.get_serializer_context(), "thing": thing}
        )
        if not step.policy(thing, by) or not body.is_valid():
            return {}  # the act itself says why
        return step.ahead(thing, body.validated_data, by, at)

    def _act(self, named: dict[str, Any], at: Any, more: dict[str, Any]) -> tuple[int, Any]:
        step, by = self.step, self.by
        assert step is not None
        thing = self.things.find(by, **named) if named else None
        if not step.policy(thing, by):
            raise not_yours(thing, by)
        body = step.body(
            data=self.request.data, context={**self.get_serializer_context(), "thing": thing}
        )
        body.is_valid(raise_exception=True)
        done = step.done(thing, body.validated_data, by, at, **more)
        if step.unkept is not None:
            self.unkept = step.unkept(done)
        return 201 if step.opens else 200, self._show(done, thing)

    def _show(self, done: Any, thing: Any) -> Any:
        """Return the answer as it will be kept: plain values, the same now and when it is sent again."""
        assert self.step is not None
        shown = self.step.shown or self.things.shown
        if self.step.shown is None and thing is not None:
            done = self.things.model._default_manager.get(pk=thing.pk)
        seen = shown(done, context=self.get_serializer_context()).data
        return json.loads(JSONRenderer().render(seen))

    # — what the schema says ————————————————————————————————————————————————————

    def said(self, what: str, method: str) -> Any:
        """Return what is said of a method."""
        if method == "POST" and self.step is not None:
            name = f"{self.things.one}_{self.step.name}".replace("-", "_")
            return name if what == "operation" else getattr(self.step, what)
        return getattr(self, what)

    def body_of(self, method: str) -> Any:
        """Return the body of a method."""
        return self.step.body if method == "POST" and self.step else None

    def answers(self, method: str) -> dict[Any, Any]:
        """Return the answers of a method that are none of the problems."""
        assert self.step is not None
        return {201 if self.step.opens else 200: self.step.shown or self.things.shown}


class StepEndpoint(Takes):
    """The address of one step below a thing."""

    @property
    def tag(self) -> Any:  # type: ignore[override]
        """Group the steps with their things."""
        return self.things.label


def addresses(things: Things, *steps: Step, **also: Any) -> list[URLPattern]:
    """Return the addresses of steps below their things: `filings/<slug:public_id>/withdraw/`."""
    return [
        path(
            f"{things.address}/{things.place}/{step.name}/",
            StepEndpoint.as_view(things=things, step=step, **also),
            name=f"{things.one}_{step.name}".replace("-", "_"),
        )
        for step in steps
    ]


def _plain(data: Any) -> Any:
    """Return a body as plain values: of a form every value of a field, in order."""
    return {name: data.getlist(name) for name in data} if hasattr(data, "getlist") else data
