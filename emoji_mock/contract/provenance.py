"""How a fact about the vendor is known, and where it was read."""

from dataclasses import dataclass
from enum import StrEnum


class Known(StrEnum):
    """How a fact is known, the strongest first."""

    DOCUMENTED = "documented"
    OBSERVED = "observed"
    SDK = "read in the official SDK"
    INFERRED = "inferred"


SOURCES = {
    "detect": "help.aliyun.com/zh/model-studio/emoji-detect-api",
    "errors": "help.aliyun.com/zh/model-studio/error-code",
    "emo": "help.aliyun.com/zh/model-studio/emo-detect-api",
    "limits": "help.aliyun.com/zh/model-studio/rate-limit",
    "video": "help.aliyun.com/zh/model-studio/emoji-api",
    "tasks": "help.aliyun.com/zh/model-studio/manage-asynchronous-tasks",
    "upload": "help.aliyun.com/zh/model-studio/get-temporary-file-url",
    "oss": "help.aliyun.com/zh/oss, PostObject, GetObject and their errors",
    "cnblogs": "raw HTTP recordings in the public repository cnblogs/dashscope-sdk",
    "sdk": "the official SDK's source, PyPI dashscope 2.0.2 and 1.24.10",
    "recordings": "published recordings of real traffic of other models behind the same gateway",
    "emoji-mock": "our best guess",
}
"""Where facts were read, by short name."""

COLLECTED = "2026-11-22"
"""The day the facts were collected."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """How one fact is known: the marks, the short names of its sources, the day, and a caveat if there is one."""

    known: tuple[Known, ...]
    sources: tuple[str, ...]
    date: str = COLLECTED
    note: str = ""

    def __str__(self) -> str:
        known = f"{' and '.join(self.known)} ({', '.join(self.sources)}, {self.date})"
        return f"{known}; {self.note}" if self.note else known
