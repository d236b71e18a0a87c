"""What a request's head says: equal short heads are read once, and nothing secret is kept."""

import pytest
from helpers import PATH, call

from emoji_mock.fake import context


@pytest.mark.parametrize(
    ("target", "kept"),
    [
        (PATH, 1),
        (f"{PATH}?Signature=abc", 0),
        ("https://sk-0123456789abcdef@dashscope.aliyuncs.com/api/v1/tasks", 0),
        ("/api/v1/tasks/sk-0123456789abcdef", 0),
        ("/" + "a" * 5000, 0),
    ],
    ids=["plain", "query", "key-in-host", "key-in-path", "long"],
)
def test_only_short_heads_without_secrets_are_kept(target, kept):
    """The cache of heads holds no query, no key, and nothing long."""
    context._locations.clear()
    context.read_head(call(b"", target=target))
    assert len(context._locations) == kept
