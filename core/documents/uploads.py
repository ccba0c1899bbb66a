"""How uploads arrive: read to their end, so that the answer is a sentence, but kept only as far as may be taken."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Files over a megabyte go to the disk; of a file that is too large the rest is counted and dropped.

    The size of such a file is the size it was sent with, so every check of sizes still refuses it.
    """

    def handle_raw_input(
        self, input_data: Any, meta: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        """Refuse at once what is larger than all files of one request may be together (413)."""
        if content_length > settings.REQUEST_MAX_BYTES:
            raise RequestDataTooBig("more than one request may carry")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep what a file may have; the parser counts all of it."""
        super().receive_data_chunk(raw_data[: max(settings.UPLOAD_MAX_BYTES - start, 0)], start)
