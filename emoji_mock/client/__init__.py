"""The thin client: one pure half (arguments to request, response to result or exception) and two thin adapters.

Importing this package loads nothing else; each public name loads what it needs when it is first used.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from emoji_mock.client.aio import AsyncEmojiDetect as AsyncEmojiDetect
    from emoji_mock.client.api_keys import MockTargetWarning as MockTargetWarning
    from emoji_mock.client.errors import ApiKeyError as ApiKeyError
    from emoji_mock.client.errors import BillingError as BillingError
    from emoji_mock.client.errors import ConnectionFailedError as ConnectionFailedError
    from emoji_mock.client.errors import DetectionFailedError as DetectionFailedError
    from emoji_mock.client.errors import EmojiError as EmojiError
    from emoji_mock.client.errors import NoVideoError as NoVideoError
    from emoji_mock.client.errors import PictureError as PictureError
    from emoji_mock.client.errors import RequestError as RequestError
    from emoji_mock.client.errors import ServiceError as ServiceError
    from emoji_mock.client.errors import TaskFailedError as TaskFailedError
    from emoji_mock.client.errors import ThrottledError as ThrottledError
    from emoji_mock.client.errors import TimedOutError as TimedOutError
    from emoji_mock.client.errors import UnreadableAnswerError as UnreadableAnswerError
    from emoji_mock.client.limits import Limits as Limits
    from emoji_mock.client.limits import Timing as Timing
    from emoji_mock.client.results import Failed as Failed
    from emoji_mock.client.results import Passed as Passed
    from emoji_mock.client.results import Result as Result
    from emoji_mock.client.sync import EmojiDetect as EmojiDetect
    from emoji_mock.client.tasks import Task as Task
    from emoji_mock.client.tasks import Video as Video
    from emoji_mock.contract.geometry import Box as Box
    from emoji_mock.contract.motions import DrivenId as DrivenId
    from emoji_mock.contract.motions import Status as Status

_NAMES = {
    "emoji_mock.client.sync": ("EmojiDetect",),
    "emoji_mock.client.aio": ("AsyncEmojiDetect",),
    "emoji_mock.client.results": ("Failed", "Passed", "Result"),
    "emoji_mock.client.errors": (
        "ApiKeyError",
        "BillingError",
        "ConnectionFailedError",
        "DetectionFailedError",
        "EmojiError",
        "NoVideoError",
        "PictureError",
        "RequestError",
        "ServiceError",
        "TaskFailedError",
        "ThrottledError",
        "TimedOutError",
        "UnreadableAnswerError",
    ),
    "emoji_mock.client.api_keys": ("MockTargetWarning",),
    "emoji_mock.client.limits": ("Limits", "Timing"),
    "emoji_mock.client.tasks": ("Task", "Video"),
    "emoji_mock.contract.geometry": ("Box",),
    "emoji_mock.contract.motions": ("DrivenId", "Status"),
}
_HOMES = {name: module for module, names in _NAMES.items() for name in names}
_EXTRA = {"anyio", "httpx2", "tenacity"}

__all__ = [
    "ApiKeyError",
    "AsyncEmojiDetect",
    "BillingError",
    "Box",
    "ConnectionFailedError",
    "DetectionFailedError",
    "DrivenId",
    "EmojiDetect",
    "EmojiError",
    "Failed",
    "Limits",
    "MockTargetWarning",
    "NoVideoError",
    "Passed",
    "PictureError",
    "RequestError",
    "Result",
    "ServiceError",
    "Status",
    "Task",
    "TaskFailedError",
    "ThrottledError",
    "TimedOutError",
    "Timing",
    "UnreadableAnswerError",
    "Video",
]


if not TYPE_CHECKING:  # a misspelt name is a mistake to a type checker

    def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
        """Load a public name when it is first used (PEP 562)."""
        if name not in _HOMES:
            raise AttributeError(
                f"module 'emoji_mock.client' has no attribute {name!r}; it offers {', '.join(__all__)}"
            )
        from importlib import import_module  # noqa: PLC0415

        try:
            value = getattr(import_module(_HOMES[name]), name)
        except ModuleNotFoundError as error:
            if error.name not in _EXTRA:
                raise
            raise ImportError(
                f"emoji_mock.client.{name} needs {error.name}: pip install 'emoji-mock[client]'", name=error.name
            ) from None
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted(__all__)
