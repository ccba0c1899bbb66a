"""The forms of the pages after the start."""
