"""Rules of the filing: pure functions over facts, catalogue rows and codes."""
