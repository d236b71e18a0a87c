"""Strategies for Hypothesis: requests with the answers that the contract promises, responses, boxes and rules.

Requests shrink towards the sample in the vendor's documentation.
"""

try:
    from emoji_mock.strategies.boxes import boxes as boxes
    from emoji_mock.strategies.boxes import faces as faces
    from emoji_mock.strategies.boxes import sizes as sizes
    from emoji_mock.strategies.requests import Answer as Answer
    from emoji_mock.strategies.requests import Mistake as Mistake
    from emoji_mock.strategies.requests import invalid_requests as invalid_requests
    from emoji_mock.strategies.requests import valid_requests as valid_requests
    from emoji_mock.strategies.responses import error_responses as error_responses
    from emoji_mock.strategies.responses import failed_responses as failed_responses
    from emoji_mock.strategies.responses import passed_responses as passed_responses
    from emoji_mock.strategies.responses import responses as responses
    from emoji_mock.strategies.rules import rules as rules
    from emoji_mock.strategies.rules import scenarios as scenarios
    from emoji_mock.strategies.spelling import respelled as respelled
    from emoji_mock.strategies.uploads import invalid_uploads as invalid_uploads
    from emoji_mock.strategies.uploads import valid_uploads as valid_uploads
    from emoji_mock.strategies.values import image_urls as image_urls
    from emoji_mock.strategies.values import keys as keys
    from emoji_mock.strategies.values import request_ids as request_ids
    from emoji_mock.strategies.videos import driven_ids as driven_ids
    from emoji_mock.strategies.videos import invalid_video_requests as invalid_video_requests
    from emoji_mock.strategies.videos import task_documents as task_documents
    from emoji_mock.strategies.videos import task_lists as task_lists
    from emoji_mock.strategies.videos import valid_video_requests as valid_video_requests
except ModuleNotFoundError as error:
    if error.name != "hypothesis":
        raise
    message = "emoji_mock.strategies needs Hypothesis: pip install 'emoji-mock[strategies]'"
    raise ModuleNotFoundError(message, name=error.name) from None

__all__ = [
    "Answer",
    "Mistake",
    "boxes",
    "driven_ids",
    "error_responses",
    "faces",
    "failed_responses",
    "image_urls",
    "invalid_requests",
    "invalid_uploads",
    "invalid_video_requests",
    "keys",
    "passed_responses",
    "request_ids",
    "respelled",
    "responses",
    "rules",
    "scenarios",
    "sizes",
    "task_documents",
    "task_lists",
    "valid_requests",
    "valid_uploads",
    "valid_video_requests",
]
