"""The routes of the vendor's endpoints."""

import pytest

from emoji_mock.contract.routes import describe_unknown_path


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("//services/aigc", "the path has an empty segment; end the base URL without a slash"),
        ("/api/v1//services?x=1", "the path has an empty segment; end the base URL without a slash"),
        ("http://localhost:8000//services", "the path has an empty segment; end the base URL without a slash"),
        ("/api/v1/api/v1/tasks", "the path has /api/v1 twice; the program adds it to its base URL itself"),
        (
            "/compatible-mode/v1/chat/completions",
            "the fake serves the vendor's own API under /api/v1, not the one that is compatible with OpenAI's",
        ),
        ("/api/v1/nothing?a=//", ""),
        ("http://localhost:8000/nothing", ""),
        ("*", ""),
    ],
)
def test_an_unknown_path_is_explained_if_its_mistake_is_known(target, said):
    """A slash too many, the prefix twice, and another API of the vendor's."""
    assert describe_unknown_path(target) == said
