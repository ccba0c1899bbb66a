"""The forms of the desks."""
