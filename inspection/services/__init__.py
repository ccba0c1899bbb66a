"""What is done after the start: plain verbs with keyword arguments, each whole or not at all."""

__all__: list[str] = []
