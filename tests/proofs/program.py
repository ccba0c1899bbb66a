"""How a program of the proofs begins: the installation's settings, no pytest, no connection for a child to share."""

import json
import multiprocessing
import os
import sys

import django

PROCESSES = multiprocessing.get_context("fork")


def begin():
    """Set the application up."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()


def alone():
    """Let go of every connection: a child makes its own."""
    from django.db import connection

    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()


def end(**found):
    """Say what was found, as the last line."""
    sys.stdout.write(json.dumps(found) + "\n")
