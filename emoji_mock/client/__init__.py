"""The client of the real service: pure functions before and after the I/O, and two thin adapters for the I/O.

Importing this package loads nothing else. Each public name loads its module when it is first used.
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
    from emoji_mock.client.limits import CallLimits as CallLimits
    from emoji_mock.client.limits import Timing as Timing
    from emoji_mock.client.options import Detector as Detector
    from emoji_mock.client.options import ModelName as ModelName
    from emoji_mock.client.options import Ratio as Ratio
    from emoji_mock.client.results import AnyPassed as AnyPassed
    from emoji_mock.client.results import AnyResult as AnyResult
    from emoji_mock.client.results import Failed as Failed
    from emoji_mock.client.results import Passed as Passed
    from emoji_mock.client.results import PassedAnimate as PassedAnimate
    from emoji_mock.client.results import PassedLivePortrait as PassedLivePortrait
    from emoji_mock.client.results import PassedS2v as PassedS2v
    from emoji_mock.client.results import Result as Result
    from emoji_mock.client.sync import EmojiDetect as EmojiDetect
    from emoji_mock.client.tasks import Task as Task
    from emoji_mock.client.tasks import Video as Video
    from emoji_mock.contract.documents.motions import DrivenId as DrivenId
    from emoji_mock.contract.documents.motions import Status as Status
    from emoji_mock.contract.geometry import Box as Box

_EXPORTS = {
    "emoji_mock.client.sync": ("EmojiDetect",),
    "emoji_mock.client.aio": ("AsyncEmojiDetect",),
    "emoji_mock.client.options": (
        "Detector",
        "ModelName",
        "Ratio",
    ),
    "emoji_mock.client.results": (
        "AnyPassed",
        "AnyResult",
        "Failed",
        "Passed",
        "PassedAnimate",
        "PassedLivePortrait",
        "PassedS2v",
        "Result",
    ),
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
    "emoji_mock.client.limits": ("CallLimits", "Timing"),
    "emoji_mock.client.tasks": ("Task", "Video"),
    "emoji_mock.contract.geometry": ("Box",),
    "emoji_mock.contract.documents.motions": ("DrivenId", "Status"),
}
_MODULES = {name: module for module, names in _EXPORTS.items() for name in names}
_OPTIONAL = {"anyio", "httpx2", "tenacity"}

__all__ = [
    "AnyPassed",
    "AnyResult",
    "ApiKeyError",
    "AsyncEmojiDetect",
    "BillingError",
    "Box",
    "CallLimits",
    "ConnectionFailedError",
    "DetectionFailedError",
    "Detector",
    "DrivenId",
    "EmojiDetect",
    "EmojiError",
    "Failed",
    "MockTargetWarning",
    "ModelName",
    "NoVideoError",
    "Passed",
    "PassedAnimate",
    "PassedLivePortrait",
    "PassedS2v",
    "PictureError",
    "Ratio",
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


if not TYPE_CHECKING:  # so that a type checker reports a misspelt name

    def __getattr__(name: str) -> Any:  # noqa: ANN401 - a class or a type alias
        """Load a public name when it is first used (PEP 562)."""
        if name not in _MODULES:
            raise AttributeError(
                f"module 'emoji_mock.client' has no attribute {name!r}; choose from {', '.join(__all__)}"
            )
        from importlib import import_module  # noqa: PLC0415

        try:
            value = getattr(import_module(_MODULES[name]), name)
        except ModuleNotFoundError as error:
            if error.name not in _OPTIONAL:
                raise
            raise ImportError(
                f"emoji_mock.client.{name} needs {error.name}: pip install 'emoji-mock[client]'", name=error.name
            ) from None
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted(__all__)
