"""SQLite as Django knows it, with the compiler that keeps its selects."""
