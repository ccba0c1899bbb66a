"""The examples of the papers are printed once for all processes of a run."""

from collections.abc import Iterator

import pytest

from tests.papers import making


@pytest.fixture(scope="session", autouse=True)
def kept_prints(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[None]:
    """Beside another process there is a folder for both, which ends with the temporary files of the run."""
    if worker_id != "master":
        folder = tmp_path_factory.getbasetemp().parent / "papers"
        folder.mkdir(exist_ok=True)
        making.KEPT_IN.append(folder)
    yield
    making.KEPT_IN.clear()
