"""The motions of emoji-v1, which makes a video after a detection, and the states of its tasks."""

from enum import StrEnum
from typing import Literal, TypeAlias, get_args

# https://help.aliyun.com/zh/model-studio/emoji-api
DrivenId: TypeAlias = Literal[
    "mengwa_kaixin", "mengwa_dengyan", "mengwa_gandong", "mengwa_renzhen_1", "mengwa_jidong", "mengwa_kun_1",
    "mengwa_jiaoxie", "dagong_kaixin", "dagong_yangwang", "dagong_kunhuo", "dagong_zhuakuang", "dagong_wunai",
    "dagong_weixiao", "dagong_ganji", "jingdian_tiaopi", "jingdian_deyi_1", "jingdian_qidai", "jingdian_landuo_1",
    "jingdian_xianqi", "jingdian_lei",
]  # fmt: skip
"""The name of a motion."""

DRIVEN_IDS: tuple[DrivenId, ...] = get_args(DrivenId)
"""The motions that a face can be given."""


# https://help.aliyun.com/zh/model-studio/manage-asynchronous-tasks
class Status(StrEnum):
    """The state of a task."""

    PENDING = "PENDING"
    PRE_PROCESSING = "PRE-PROCESSING"
    """Before RUNNING, for the models of animate-anyone alone."""
    RUNNING = "RUNNING"
    POST_PROCESSING = "POST-PROCESSING"
    """After RUNNING, likewise."""
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELED = "CANCELED"
    UNKNOWN = "UNKNOWN"

    @property
    def is_over(self) -> bool:
        """Whether the task has ended, in whatever way."""
        return self in (Status.SUCCEEDED, Status.FAILED, Status.CANCELED)


FRAMING = (Status.PRE_PROCESSING, Status.POST_PROCESSING)
"""The states around RUNNING, which only some models have."""
