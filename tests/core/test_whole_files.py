"""A file stands under its name only when it is whole."""

import pytest
from django.core.files.base import ContentFile

from core.documents.storage import WholeFiles


class Broken(ContentFile):
    """A file whose second half cannot be read: the disk is full, the line is cut."""

    def chunks(self, chunk_size=None):
        yield b"half"
        raise OSError("no space left on device")


@pytest.mark.parametrize("flush", [True, False])
def test_a_whole_file_is_there_with_its_bytes(tmp_path, flush):
    name = WholeFiles(location=tmp_path, flush=flush).save("a/b", ContentFile(b"whole"))

    assert (tmp_path / name).read_bytes() == b"whole"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["b"]


def test_half_a_file_has_no_name(tmp_path):
    with pytest.raises(OSError, match="no space"):
        WholeFiles(location=tmp_path).save("a/b", Broken(b""))

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_nothing_is_written_over(tmp_path):
    store = WholeFiles(location=tmp_path)
    store.save("a", ContentFile(b"first"))
    with pytest.raises(FileExistsError):
        store._save("a", ContentFile(b"second"))

    assert (tmp_path / "a").read_bytes() == b"first"
    assert not list(tmp_path.glob("*.part"))
