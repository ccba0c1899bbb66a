"""The pages of a filing."""
