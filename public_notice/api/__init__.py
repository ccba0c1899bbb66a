"""Notices and objections, for programs: the public reads and objects without a token."""

from public_notice.api.notices import ADDRESSES

__all__ = ["ADDRESSES"]
