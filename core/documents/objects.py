"""A store that speaks S3: that of django-storages, whose faults become those of a file. Only with requirements/s3.txt.

`CHENGNUO_STORAGE=core.documents.objects.ObjectStore`, options as django-storages has them: docs/operations/files.md.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import IO, Any

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage

from core.documents.storage import StoreDown


@contextmanager
def _said(name: str) -> Iterator[None]:
    """Raise FileNotFoundError for what is not there and StoreDown for every other fault of the store."""
    try:
        yield
    except ClientError as fault:
        if fault.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == HTTPStatus.NOT_FOUND:
            raise FileNotFoundError(name) from fault
        raise StoreDown(name) from fault
    except (BotoCoreError, Boto3Error) as fault:
        raise StoreDown(name) from fault


class ObjectStore(S3Storage):  # type: ignore[misc]
    """Files as objects of a bucket. What goes wrong there is an OSError, as everybody expects who asks a store.

    A file is fetched whole when it is opened, to a temporary file where it is large, so that a store that breaks off
    is found before the first byte has been answered.
    """

    def get_default_settings(self) -> dict[str, Any]:
        """Keep two megabytes of a file in memory and send four parts at a time, unless the options say otherwise."""
        found: dict[str, Any] = super().get_default_settings()
        return found | {
            "max_memory_size": found["max_memory_size"] or 2 << 20,
            "transfer_config": found["transfer_config"] or TransferConfig(max_concurrency=4),
        }

    def _open(self, name: str, mode: str = "rb") -> IO[Any]:
        with _said(name):
            file: IO[Any] = super()._open(name, mode)
            if "r" in mode:
                file.seek(0)
            return file

    def _save(self, name: str, content: Any) -> str:
        with _said(name):
            return str(super()._save(name, content))

    def delete(self, name: str) -> None:
        """Delete a file; one that is not there is none the less gone."""
        with _said(name):
            super().delete(name)

    def exists(self, name: str) -> bool:
        """Whether there is such a file."""
        with _said(name):
            return bool(super().exists(name))

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        """Return folders and files of a folder."""
        with _said(name):
            folders, files = super().listdir(name)
            return folders, files

    def size(self, name: str) -> int:
        """Return the bytes of a file."""
        with _said(name):
            return int(super().size(name))

    def get_modified_time(self, name: str) -> Any:
        """Return when a file was stored, by the clock of the store."""
        with _said(name):
            return super().get_modified_time(name)
