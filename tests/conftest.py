"""What tests of whole sites are given."""

import os
from collections.abc import Iterator
from pathlib import Path

import databases
import pytest
from filelock import FileLock
from support import Make, Once, Site, shared_folder


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """An empty site."""
    return Site(tmp_path)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared test data beside the checkout."""
    folder = shared_folder()
    if folder is None:
        pytest.skip("the shared test data is not here; SYNDICATE_SHARED or ../shared would hold it")
    return folder


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Make a folder once for all worker processes of a test run."""
    root = tmp_path_factory.getbasetemp()
    root = root.parent if "PYTEST_XDIST_WORKER" in os.environ else root

    def made(name: str, make: Make) -> Path:
        folder = root / name
        with FileLock(f"{folder}.lock"):
            if not folder.exists():
                unfinished = folder.with_name(f"{name}.unfinished")
                unfinished.mkdir()
                make(unfinished)
                unfinished.rename(folder)
        return folder

    return made


@pytest.fixture(scope="session")
def postgres() -> Iterator[databases.Server]:
    """A PostgreSQL server; each test asks it for databases of its own."""
    binaries = databases.postgres_folder()
    if binaries is None:
        assert not os.environ.get("CI"), "PostgreSQL is missing; .ci/run installs it"
        pytest.skip("PostgreSQL is not here; Debian's package postgresql would bring it")
    with databases.running(binaries) as server:
        yield server
