"""How uploads arrive: read to their end, so that the answer is a sentence, but kept only as far as may be taken."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler

from core.documents.digests import Reckoned, Reckoner


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


class Reckonable(UploadedFile):
    """A file of which only the digests were kept: it cannot be read again."""

    def __init__(self, name: str, size: int, reckoned: Reckoned | None) -> None:
        super().__init__(name=name, size=size)
        self.reckoned = reckoned


class DigestUploadHandler(FileUploadHandler):
    """A file runs through the digest and is gone: no byte of it is kept, in memory or on the disk.

    Of a file over the limit the rest is counted and dropped, and it has no digest.
    """

    reckoner: Reckoner | None = None

    def handle_raw_input(
        self, input_data: Any, meta: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        """Refuse at once what is larger than all files of one request may be together (413)."""
        if content_length > settings.REQUEST_MAX_BYTES:
            raise RequestDataTooBig("more than one request may carry")

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin anew."""
        super().new_file(*args, **kwargs)
        self.reckoner = Reckoner()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Take a piece into the digest and hand it on to nobody."""
        if self.reckoner is not None and start + len(raw_data) > settings.UPLOAD_MAX_BYTES:
            self.reckoner = None
        if self.reckoner is not None:
            self.reckoner.take(raw_data)

    def file_complete(self, file_size: int) -> Reckonable:
        """Return what is known of the file."""
        known = self.reckoner.end() if self.reckoner is not None else None
        return Reckonable(self.file_name or "", file_size, known)
