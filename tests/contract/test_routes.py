"""The routes of the vendor's endpoints."""

import pytest

from emoji_mock.contract.routes import describe_other_service, describe_unknown_path


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


OTHER = "/services/aigc/video-generation/video-synthesis"


@pytest.mark.parametrize("target", [OTHER, f"/api/v1{OTHER}/?a=b", f"https://dashscope.aliyuncs.com/api/v1{OTHER}"])
def test_another_service_is_explained(target):
    """With the path that the SDK's most usual mistake leaves out."""
    assert describe_other_service(target) == (
        "this path is another service's, which serves none of these models; VideoSynthesis of the official SDK calls"
        " /services/aigc/image2video/video-synthesis with task='image2video'"
    )


@pytest.mark.parametrize("target", ["/services/aigc/image2video/face-detect", f"{OTHER}s", "/", "*"])
def test_other_paths_are_not_explained_as_another_service(target):
    """Only the paths that the SDK calls are known."""
    assert describe_other_service(target) == ""
