"""Rules of the desk: pure functions, among them the reading of a county pack."""
