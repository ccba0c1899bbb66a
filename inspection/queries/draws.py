"""The draws of the random checks, with what was drawn."""

from django.db.models import Prefetch

from inspection.models import Check, Draw


def draws_made() -> list[Draw]:
    """Return the draws with their checks, newest first."""
    checks = Check.objects.select_related("filing", "department").order_by("pk")
    return list(Draw.objects.prefetch_related(Prefetch("checks", checks)))
