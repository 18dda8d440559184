"""Clusters for the tests; without Dask none of them runs."""

import pytest

from tests.cluster import processes

pytest.importorskip("distributed", reason="Dask is not installed")


@pytest.fixture(scope="module")
def running():
    """A cluster of two workers that nobody kills, shared by the tests of a file."""
    with processes.cluster(allowed_failures=0) as made:
        yield made


@pytest.fixture
def client(running):
    from nnbook import cluster

    with cluster.connect(running.address, timeout=30) as client:
        client.wait_for_workers(2, timeout=30)
        yield client


@pytest.fixture(autouse=True)
def silence():
    processes.quiet()
