"""The pages of notices: for the public, and for the window."""
