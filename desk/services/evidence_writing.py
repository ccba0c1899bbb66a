"""Writing a pack of evidence: the same members in the same order, so that the same content gives the same bytes."""

import hashlib
import json
import zipfile
from collections.abc import Iterable
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import default_storage

from accounts.queries import county
from desk.models import EvidencePack
from desk.rules.evidence import EPOCH, FORM, Part, table_of_contents
from desk.services.evidence_content import parts_of

EVERY = 5  # files between two words on how far it is


class BrokenOriginal(Exception):
    """A stored file is not what was stored: nothing is packed until somebody has looked at it."""


def write_pack(pack: EvidencePack, whole: IO[bytes]) -> None:
    """Write a pack whose pins are set: the members in the order of their names, the list last."""
    parts = parts_of(pack)
    listed = []
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as file:
        for place, part in enumerate(parts, start=1):
            sha256, size = _add(file, part.name, _portions(part))
            if part.sha256 and part.sha256 != sha256:
                raise BrokenOriginal(part.name)
            listed.append(
                {"name": part.name, "heading": part.heading, "sha256": sha256, "size": size, **part.facts}
            )  # fmt: skip
            if place % EVERY == 0:
                pack.refresh_progress(place, len(parts))
        _add(file, "manifest.json", [_manifest(pack, listed)])


def _manifest(pack: EvidencePack, listed: list[dict[str, Any]]) -> bytes:
    here, filing = county(), pack.filing
    content = {
        "form": FORM,
        "county": {"code": here.code, "name": here.name},
        "copy": pack.copy,
        "purpose": pack.purpose,
        "filing": {
            "number": filing.number, "project_code": filing.project_code, "name": filing.project_name,
            "enterprise": filing.enterprise.name, "uscc": filing.enterprise.uscc,
        },
        "as_of": pack.pins["at"],
        "books": pack.pins["books"],
        "checkpoint": pack.pins["checkpoint"],
        "contents": table_of_contents(listed),
        "members": listed,
        "demonstration": filing.demonstration,
    }  # fmt: skip
    return (json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def _portions(part: Part) -> Iterable[bytes]:
    if part.content is not None:
        yield part.content
        return
    with part.file.open("rb") as kept:
        yield from kept.chunks()


def _add(file: zipfile.ZipFile, name: str, portions: Iterable[bytes]) -> tuple[str, int]:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.create_system, entry.external_attr = 3, 0o644 << 16
    digest, size = hashlib.sha256(), 0
    with file.open(entry, "w", force_zip64=True) as target:
        for portion in portions:
            digest.update(portion)
            size += len(portion)
            target.write(portion)
    return digest.hexdigest(), size


def digest_of(whole: IO[bytes]) -> str:
    whole.seek(0)
    found = hashlib.file_digest(whole, "sha256").hexdigest()  # type: ignore[arg-type]
    whole.seek(0)
    return found


def store(name: str, whole: IO[bytes], sha256: str) -> str:
    """Store the pack; what a run before a crash has stored whole is taken as it is."""
    if default_storage.exists(name):
        with default_storage.open(name) as left:
            if digest_of(left) == sha256:
                return name
    return default_storage.save(name, File(whole))
