"""What is wrong with the settings of the ways out, said at the start and not at the first letter."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from core.notify.services.gateway import faults_of_settings


@register()
def gateway_is_safe(**_context: Any) -> list[CheckMessage]:
    """Refuse a gateway that is not https, not on the list, unsigned or in a shape that cannot be filled."""
    return [Error(fault, id=f"notify.E{n:03}") for n, fault in enumerate(faults_of_settings(), 1)]
