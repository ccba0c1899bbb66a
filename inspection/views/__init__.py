"""The pages after the start."""
