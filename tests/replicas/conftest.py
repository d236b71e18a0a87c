"""Replicas that share a store on a Valkey server."""

import pytest
from store_helpers import new_prefix, valkey_store

from emoji_mock import Options


@pytest.fixture
def join():
    """A function that adds a replica with these options to those of the test."""
    prefix = new_prefix()

    def joined(**options):
        from emoji_mock.replicas.shared_fake import SharedFake

        chosen = Options(seed=7, **options)
        bounds = {"upload_bytes": chosen.upload_bytes, "picture_bytes": chosen.kept_picture_bytes}
        return SharedFake(chosen, valkey_store(chosen.journal_size, **bounds, prefix=prefix))

    return joined


@pytest.fixture
def replicas(join):
    """Two replicas."""
    return join(), join()
