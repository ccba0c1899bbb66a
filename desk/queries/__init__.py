"""What the desks ask across all stages."""

from desk.queries.people import demo_accounts

__all__ = ["demo_accounts"]
