"""A file stands under its name only when it is whole."""

import pytest
from django.core.files.base import ContentFile

from core.documents.storage import WholeFiles


class Broken(ContentFile):
    """A file whose second half cannot be read: the disk is full, the line is cut."""

    def chunks(self, chunk_size=None):
        yield b"half"
        raise OSError("no space left on device")


class Overtaken(ContentFile):
    """A file that somebody else stores under the same name while this one is half written."""

    def __init__(self, content, store, name):
        super().__init__(content)
        self.store, self.wanted = store, name

    def chunks(self, chunk_size=None):
        whole = self.read()
        yield whole[:2]
        self.store._save(self.wanted, ContentFile(b"other"))
        yield whole[2:]


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


@pytest.mark.parametrize("links", [True, False])
def test_two_who_store_one_name_at_once_leave_one_whole_file_and_nothing_else(
    tmp_path, monkeypatch, links
):
    """A page that two persons look at first at the same moment: neither takes the other's half away."""
    if not links:  # a disk that knows none
        monkeypatch.setattr("core.documents.storage.os.link", _no_links)
    store = WholeFiles(location=tmp_path)
    with pytest.raises(FileExistsError):
        store._save("a/1", Overtaken(b"first", store, "a/1"))

    assert (tmp_path / "a" / "1").read_bytes() == b"other"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["1"]


def _no_links(_source, _place):
    raise OSError("operation not supported")
