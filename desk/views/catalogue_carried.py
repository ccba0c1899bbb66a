"""承接新的一版: a draft goes on from a newer edition; each row that both changed is shown both ways and decided."""

from typing import Any

from django.forms import Form
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk import policies
from desk.forms.catalogue import RebaseForm
from desk.queries.catalogue_drafts import both_ways, rebase_page, stale
from desk.rules.rebase import Carried
from desk.services.rebase import rebase_draft
from desk.views.catalogue_drafts import OfDraft


class Rebase(OfDraft):
    """承接新的一版."""

    template_name = "desk/catalogue_rebase.html"
    form_class: type[Form] = RebaseForm
    title = gettext_lazy("承接新的一版")
    verb = gettext_lazy("承接")
    explain = gettext_lazy(
        "没有改到同一行的，双方的修改都保留；改到同一行的，逐行决定以哪一个为准。承接以后另看差别，再提请签字。"
    )
    stands = (policies.draft_is_open,)

    def find(self) -> Any:
        """Return the draft, where a newer edition has come; without one there is nothing to carry over."""
        found = super().find()
        self.newest = stale(found)
        if self.newest is None:
            raise Http404
        return found

    @cached_property
    def carried(self) -> Carried:
        """What the draft comes to."""
        return rebase_page(self.subject, self.newest)  # type: ignore[arg-type]

    def get_form_kwargs(self) -> dict[str, Any]:
        """Give the form each conflict with its two rows."""
        number = self.newest.number  # type: ignore[union-attr]
        ways = [(one.name, one.label, *both_ways(one, number)) for one in self.carried.conflicts]
        given = {"after": self.subject.version, "onto": number}
        return {**super().get_form_kwargs(), "ways": ways, "initial": given}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what goes along by itself."""
        return super().get_context_data(
            taken=[label for _file, label in self.carried.taken],
            conflicts=len(self.carried.conflicts),
            newest=self.newest,
            **kwargs,
        )

    def perform(self, data: dict[str, Any]) -> str:
        """Carry it over."""
        decisions = {k: v for k, v in data.items() if k not in ("after", "onto")}
        done = rebase_draft(
            self.subject, onto=data["onto"], after=data["after"], decisions=decisions, by=self.acting,
            at=self.now(),
        )  # fmt: skip
        return _("已承接第%(number)s版。") % {"number": done.base.number}


PAGES: tuple[tuple[str, Any, str], ...] = (("rebase", Rebase.as_view(), "rebase_draft"),)
