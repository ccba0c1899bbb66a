"""The pages of sessions and opinions."""
