"""What the desk of checks and acceptance asks of its tables."""
