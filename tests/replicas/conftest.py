"""Replicas that share a store on a Valkey server."""

import pytest
from store_helpers import new_prefix, valkey_store

from emoji_mock import Options


@pytest.fixture
def join():
    """A function that adds a replica to those of the test."""
    prefix = new_prefix()

    def joined():
        from emoji_mock.replicas.shared_fake import SharedFake

        return SharedFake(Options(seed=7), valkey_store(prefix=prefix))

    return joined


@pytest.fixture
def replicas(join):
    """Two replicas."""
    return join(), join()
