"""One file that is two: a second format hidden before, behind or inside the first."""

import zipfile
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

FRONT = 4096  # where a browser or an interpreter looks for its marks
MARKS = (b"<script", b"<html", b"<!doctype html", b"<?php", b"<svg", b"<iframe")


def refuse(why: str) -> ValidationError:
    """Return the refusal of a file that is not what it says, or would harm who opens it."""
    return ValidationError(_("这个文件不能接收：%(why)s。请另存为普通文件后再传。") % {"why": why})


def refuse_hidden(file: BinaryIO) -> None:
    """Refuse a file with a page's or a program's marks in its front, or with an archive behind it."""
    file.seek(0)
    front = file.read(FRONT).lower()
    if any(mark in front for mark in MARKS):
        raise refuse(_("里面藏有网页或者程序代码"))
    file.seek(0)
    if zipfile.is_zipfile(file):
        raise refuse(_("里面还藏着一个压缩包"))
