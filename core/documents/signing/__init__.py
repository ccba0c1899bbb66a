"""电子签名: a paper's PDF signed with the county's certificate (`pades`), which is looked at before and after."""

import hashlib

from core.documents.signing.certificate import CannotSign, Holder, configured, holder

__all__ = ["CannotSign", "Holder", "configured", "digest", "holder"]


def digest(content: bytes) -> str:
    """Return the SHA-256 of a file, which is what is believed of it."""
    return hashlib.sha256(content).hexdigest()
