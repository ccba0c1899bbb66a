"""Things of the API: where they are found, which of them a person may see, and how one is shown."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework.serializers import BaseSerializer

from accounts.models import Membership
from core.steps.reasons import why_no_longer


@dataclass(frozen=True)
class Things:
    """All things of one kind.

    `address` is the first part of their addresses and `one` names one of them in the schema; `seen` returns
    those that concern a person; `key` is the field by which an address names one.
    """

    address: str
    one: str
    label: Any
    model: type[Any]
    seen: Callable[[Any], Any]
    shown: type[BaseSerializer]
    key: str = "pk"

    @property
    def place(self) -> str:
        """The variable part of an address."""
        return "<int:pk>" if self.key == "pk" else f"<slug:{self.key}>"

    def find(self, by: Membership | None, *, among: Any = None, **named: Any) -> Any:
        """Return the thing of an address, `among` a queryset of its own or all; unknown and not theirs: Http404."""
        rows = self.seen(by) if among is None else among
        found = rows.filter(**{self.key: named[self.key]}).first()
        if found is None:
            raise self._unseen(by, named[self.key])
        return found

    def _unseen(self, by: Membership | None, name: Any) -> Exception:
        """Return the refusal of what a person does not see: 404, or the sentence where it was theirs once (403)."""
        row = self.model._default_manager.filter(**{self.key: name}).first()
        said = why_no_longer(row, by)
        return PermissionDenied(said) if said else Http404()
