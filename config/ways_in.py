"""The settings by which files come in: how large, in what pieces, where they lie until taken, who scans them."""

from pathlib import Path
from typing import Any

import environ

UPLOAD = 50 << 20


OWN_STORE = "core.documents.storage.WholeFiles"


def store(env: environ.Env, *, flush: bool) -> dict[str, Any]:
    """Return where files are kept: beside the database, or with any storage of Django's kind and its options."""
    backend = env("CHENGNUO_STORAGE", default=OWN_STORE)
    own = {"flush": flush} if backend == OWN_STORE else {}
    return {"BACKEND": backend, "OPTIONS": own | env.json("CHENGNUO_STORAGE_OPTIONS", default={})}


def ways_in(env: environ.Env, place: Path) -> dict[str, Any]:
    """Return the settings; `place` is the folder of what the site keeps."""
    return {
        "FILE_UPLOAD_MAX_MEMORY_SIZE": 1 << 20,
        "DATA_UPLOAD_MAX_MEMORY_SIZE": 2 << 20,
        "DATA_UPLOAD_MAX_NUMBER_FIELDS": 3000,
        "FILE_UPLOAD_HANDLERS": [
            "django.core.files.uploadhandler.MemoryFileUploadHandler",
            "core.documents.uploads.BoundedUploadHandler",
        ],
        "UPLOAD_MAX_BYTES": UPLOAD,
        "REQUEST_MAX_BYTES": 8 * UPLOAD,  # all files of one request together
        "LARGE_UPLOAD_MAX_BYTES": 200
        << 20,  # of a file that comes in pieces, such as a set of drawings
        "INCOMING_DIR": place / "incoming",
        # Where files are looked through for viruses: unix:/run/clamav/clamd.ctl or tcp:host:3310; empty: nowhere.
        "CLAMD": env("CHENGNUO_CLAMD", default=""),
    }
