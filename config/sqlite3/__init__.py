"""SQLite as Django knows it; what is asked again is not rewritten for it each time (`base`)."""
