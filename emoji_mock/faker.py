"""A provider for Faker: requests and responses of emoji-detect-v1 and its siblings, repeatable with a seed.

Use it as `fake.add_provider(EmojiProvider)`, or with Faker's pytest fixture as `faker.add_provider(EmojiProvider)`.
"""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

try:
    from faker.providers import BaseProvider
except ModuleNotFoundError as error:
    message = "emoji_mock.faker needs Faker: pip install 'emoji-mock[faker]'"
    raise ModuleNotFoundError(message, name=error.name) from None

from msgspec import to_builtins

from emoji_mock.contract import samples
from emoji_mock.contract.catalogue import TASK_FAILURES, detection_rows, find, find_task_failure
from emoji_mock.contract.documents.motions import DRIVEN_IDS, Status
from emoji_mock.contract.endpoint import (
    MODEL,
    POLICY_SECONDS,
    STORAGE_HOST,
    UPLOAD_ACL,
    UPLOAD_FORBIDS_OVERWRITE,
    VIDEO_MODEL,
    VIDEO_SECONDS,
)
from emoji_mock.contract.geometry import Box, Size, ext_box
from emoji_mock.contract.model import CHINA
from emoji_mock.contract.models import find_detector, row_at
from emoji_mock.contract.row import Origin, Outcome, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from emoji_mock.contract.model import Model

_SIZES = (Size(640, 640), Size(640, 800), Size(720, 960), Size(768, 1024), Size(1024, 1024), Size(1080, 1440))
_HEX = "0123456789abcdef"
_FIRST_DAY, _DAYS = datetime(2026, 1, 1, tzinfo=CHINA), 365


def _vendor_time(moment: datetime) -> str:
    return moment.isoformat(" ", "milliseconds")[:23]


class EmojiProvider(BaseProvider):
    """Generates API keys, ids, pictures, and the JSON documents of requests and responses."""

    def dashscope_api_key(self) -> str:
        """Return a mock key: `sk-mock-` and a name. The name selects a namespace of the fake."""
        return f"sk-mock-{self.generator.user_name()}"

    def dashscope_request_id(self) -> str:
        """Return a request id: a lower-case UUID whose version digit is mostly 9, sometimes 4."""
        return self._uuid(self.random_element("9994"))

    def dashscope_task_id(self) -> str:
        """Return a task id: a UUID of version 4."""
        return self._uuid("4")

    def emoji_driven_id(self) -> str:
        """Return the `driven_id` of a motion of emoji-v1."""
        return self.random_element(DRIVEN_IDS)

    def portrait_url(self) -> str:
        """Return the URL of a portrait on a host that is reserved for examples."""
        host, name = self.generator.safe_domain_name(), self.generator.user_name()
        return f"https://{host}/portraits/{name}.{self.random_element(('jpg', 'png', 'webp'))}"

    def bbox_face(self, image_size: tuple[int, int] | None = None) -> list[int]:
        """Return the box of a face in a portrait of `image_size` or of a common size, in pixels."""
        width, height = image_size or self.random_element(_SIZES)
        side = self.random_int(min(width, height) // 5, min(width, height) * 2 // 5)
        left = self._near(width * 0.5, width // 20) - side // 2
        top = self._near(height * 0.42, height // 20) - side // 2
        return [left, top, left + side, top + side + self.random_int(-1, 1)]

    def ext_bbox_face(self, face: Sequence[int], image_size: tuple[int, int] | None = None) -> list[int]:
        """Return the larger box that the vendor's rule derives from `face`, inside a picture of `image_size` pixels."""
        box = Box(*face)
        return list(ext_box(box, Size(*image_size) if image_size else Size(8 * box.x2, 8 * box.y2)))

    def emoji_detect_request(self, image_url: str | None = None, *, model: str = MODEL) -> dict[str, Any]:
        """Return the document of a valid detection by `model`."""
        ratios = find_detector(model).ratios
        given = {"model": model, "input": {"image_url": image_url or self.portrait_url()}}
        return given | ({"parameters": {"ratio": self.random_element(ratios)}} if ratios else {})

    def emoji_detect_passed(self, image_size: tuple[int, int] | None = None, *, model: str = MODEL) -> dict[str, Any]:
        """Return the response to a detection by `model` that passed; of ratio 1:1, if it shows boxes."""
        detector = find_detector(model)
        output: dict[str, Any] = samples.passed(model)["body"]["output"]
        if detector.boxes and detector.proportions is not None:
            size = image_size or self.random_element(_SIZES)
            face = self.bbox_face(size)
            ext = list(ext_box(Box(*face), Size(*size), detector.proportions))
            output |= dict(zip(detector.boxes, (face, ext), strict=True))
        return self._verdict(output)

    def emoji_detect_failed(self, code: str | None = None, *, model: str = MODEL) -> dict[str, Any]:
        """Return the response to a detection by `model` that failed with `code`. Raises UnknownCodeError.

        It is sent with HTTP 200, or with 400 if it has no `output`.
        """
        detector = find_detector(model)
        reason = self._row(Outcome.FAILED, code)
        row = row_at(reason, detector) or reason
        if not row.billed:
            return self._error(row, detector)
        return self._verdict(to_builtins(detector.failed_output(str(row.code or ""), row.text(), False)))  # noqa: FBT003

    def emoji_detect_error(self, code: str | None = None, *, model: str = MODEL) -> dict[str, Any]:
        """Return the response to a request to `model` that was refused with `code`. Raises UnknownCodeError."""
        detector = find_detector(model)
        row = self._row(Outcome.ERROR, code)
        return self._error(row_at(row, detector) or row, detector)

    def _verdict(self, output: dict[str, Any]) -> dict[str, Any]:
        return {"output": output, "usage": {"image_count": 1}, "request_id": self.dashscope_request_id()}

    def _error(self, row: Row, model: Model) -> dict[str, Any]:
        request_id = {"request_id": self.dashscope_request_id()}
        error = {"code": str(row.code), "message": self._message(row)}
        return request_id | error if row.origin is Origin.SERVICE and model.request_id_first else error | request_id

    def emoji_video_request(self, image_size: tuple[int, int] | None = None) -> dict[str, Any]:
        """Return the document of a valid request for a video."""
        size = image_size or self.random_element(_SIZES)
        face = self.bbox_face(size)
        given = {
            "image_url": self.portrait_url(),
            "driven_id": self.emoji_driven_id(),
            "face_bbox": face,
            "ext_bbox": self.ext_bbox_face(face, size),
        }
        return {"model": VIDEO_MODEL, "input": given}

    def emoji_task_created(self) -> dict[str, Any]:
        """Return the response to a request for a video that was accepted."""
        output = {"task_status": "PENDING", "task_id": self.dashscope_task_id()}
        return {"output": output, "request_id": self.dashscope_request_id()}

    def emoji_task(self, state: str | None = None, code: str | None = None) -> dict[str, Any]:
        """Return the document of a task in `state`; a failed one has `code`. Raises ValueError for an unknown state."""
        status = Status(state.upper()) if state else self.random_element(list(Status))
        output: dict[str, Any] = {"task_id": self.dashscope_task_id(), "task_status": str(status)}
        submitted = self._moment()
        ends = submitted + timedelta(seconds=self.random_int(*VIDEO_SECONDS))
        if status is not Status.UNKNOWN:
            output["submit_time"] = _vendor_time(submitted)
        if status in (Status.RUNNING, Status.SUCCEEDED, Status.FAILED):
            output["scheduled_time"] = _vendor_time(submitted + timedelta(milliseconds=14))
        if status in (Status.SUCCEEDED, Status.FAILED, Status.CANCELED):
            output["end_time"] = _vendor_time(ends)
        if status is Status.FAILED:
            row = self.random_element(TASK_FAILURES) if code is None else find_task_failure(code)
            output |= {"code": str(row.code), "message": self._message(row)}
        document = {"request_id": self.dashscope_request_id(), "output": output}
        if status is Status.SUCCEEDED:
            output["video_url"] = f"https://{self.generator.safe_domain_name()}/{output['task_id']}.mp4"
            document["usage"] = {"video_duration": self.random_int(1, 5), "video_ratio": "standard"}
        return document

    def emoji_task_list(self, tasks: int = 3) -> dict[str, Any]:
        """Return the first page of the list of `tasks` succeeded tasks, newest first."""
        created = sorted((self._milliseconds() for _ in range(tasks)), reverse=True)
        return {
            "total": tasks,
            "data": [self._listed(moment) for moment in created[:10]],
            "total_page": -(-tasks // 10),
            "page_no": 1,
            "request_id": self.dashscope_request_id(),
            "page_size": 10,
        }

    def _milliseconds(self) -> int:
        return int(self.generator.date_time_between("-20h", "-1h", CHINA).timestamp()) * 1000 + self.random_int(0, 999)

    def _listed(self, created: int) -> dict[str, Any]:
        return {
            "api_key_id": str(self.random_int(1, 10**6)),
            "caller_parent_id": "1000000000000000",
            "caller_uid": "1000000000000000",
            "end_time": created + 1000 * self.random_int(*VIDEO_SECONDS),
            "gmt_create": created,
            "model_name": VIDEO_MODEL,
            "region": "cn-beijing",
            "request_id": self.dashscope_request_id(),
            "start_time": created + 14,
            "status": str(Status.SUCCEEDED),
            "task_id": self.dashscope_task_id(),
            "user_api_unique_key": f"apikey:v1:aigc:image2video:video-synthesis:{VIDEO_MODEL}",
        }

    def emoji_upload_policy(self) -> dict[str, Any]:
        """Return the response to getPolicy. Its signature is random: no storage accepts it."""
        request_id, day = self.dashscope_request_id(), self._moment().date().isoformat()
        account = "".join(self.random_choices(_HEX, length=32))
        data = {
            "policy": b64encode(b'{"expiration":"2026-11-22T17:05:00Z","conditions":[]}').decode(),
            "signature": b64encode(self.generator.binary(20)).decode(),
            "upload_dir": f"dashscope-instant/{account}/{day}/{request_id}",
            "upload_host": f"https://{STORAGE_HOST}",
            "expire_in_seconds": POLICY_SECONDS,
            "max_file_size_mb": 1024,
            "capacity_limit_mb": 999_999_999,
            "oss_access_key_id": "emoji-mock",
            "x_oss_object_acl": UPLOAD_ACL,
            "x_oss_forbid_overwrite": UPLOAD_FORBIDS_OVERWRITE,
        }
        return {"data": data, "request_id": request_id}

    def portrait_png(self, **fields: Any) -> bytes:  # noqa: ANN401 - the fields of Portrait
        """Return a drawn portrait as PNG bytes; `fields` are those of `emoji_mock.media.portraits.Portrait`."""
        from emoji_mock.media.portraits import Portrait, draw  # noqa: PLC0415 - Pillow is slow to import

        fields.setdefault("seed", self.random_int(0, 2**32))
        return draw(Portrait(**fields)).encoded()

    def _row(self, outcome: Outcome, code: str | None) -> Row:
        if code is not None:
            return find(code, outcome)
        return self.random_element([row for row in detection_rows(outcome) if row.code])

    def _message(self, row: Row) -> str:
        generators: dict[str, Callable[[], str]] = {"host": self.generator.safe_domain_name, "url": self.portrait_url}
        return row.text(**{name: make() for name, make in generators.items() if f"{{{name}}}" in row.message})

    def _moment(self) -> datetime:
        """Return a time that depends on the seed alone, not on the current time."""
        return _FIRST_DAY + timedelta(milliseconds=self.random_int(0, _DAYS * 24 * 3600 * 1000 - 1))

    def _near(self, middle: float, most: int) -> int:
        return round(middle) + self.random_int(-most, most)

    def _uuid(self, version: str) -> str:
        digits = "".join(self.random_choices(_HEX, length=30))
        variant = self.random_element("89ab")
        return f"{digits[:8]}-{digits[8:12]}-{version}{digits[12:15]}-{variant}{digits[15:18]}-{digits[18:]}"
