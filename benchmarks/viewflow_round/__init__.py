"""The engine that a round is compared with: a Django project of its own, in a process and an environment of its own."""
