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
    "s2vd": "help.aliyun.com/zh/model-studio/wan-s2v-detect-api, 2026-10-12",
    "lpd": "help.aliyun.com/zh/model-studio/liveportrait-detect-api, 2026-09-09",
    "aad": "help.aliyun.com/zh/model-studio/animate-anyone-detect-api",
    "emov": "help.aliyun.com/zh/model-studio/emo-api",
    "s2v": "help.aliyun.com/zh/model-studio/wan-s2v-api",
    "lp": "help.aliyun.com/zh/model-studio/liveportrait-api",
    "aa": "help.aliyun.com/zh/model-studio/animateanyone-video-generation-api",
    "aat": "help.aliyun.com/zh/model-studio/animate-anyone-template-api",
    "vr": "help.aliyun.com/zh/model-studio/videoretalk-api",
    "qw": "platform.qianwenai.com, a mirror of the vendor's OpenAPI documents; its origin is not proven",
    "retire": "help.aliyun.com/zh/model-studio/model-depreciation and aliyun.com/notice/118434 (2026-07-10)",
    "scenic": "logs of live calls in the public repository kaerwzno/my-scenic-ai, 2026-09-25",
    "vf": "logs of live calls in a public project, 2026; codes and status only",
    "creator": "logs and tests of live calls in another public project, 2026; codes and status only",
    "skill": "the vendor's own client code, aliyun/alibabacloud-aiops-skills, 2026-04-17",
    "copy": "a machine-written copy of the vendor's price list of 2025",
    "recordings": "published recordings of real traffic of other models behind the same gateway",
    "emoji-mock": "our best guess",
}
"""Where facts were read, by short name."""

COLLECTED = "2026-11-22"
"""The day the facts about emoji-detect-v1 and emoji-v1 were collected."""
SIBLINGS_COLLECTED = "2026-11-28"
"""The day the facts about the other models were collected."""


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
