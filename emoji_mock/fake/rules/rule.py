"""Rules: which requests get which answer or fault, and how often."""

from typing import Annotated, NamedTuple

from msgspec import Meta, Struct
from msgspec.structs import force_setattr

from emoji_mock._support.validation import unknown
from emoji_mock.contract.catalogue import UnknownCodeError
from emoji_mock.contract.endpoint import IMAGE_SIDES, EndpointName
from emoji_mock.contract.geometry import Box, Size
from emoji_mock.contract.model import DetectionModel
from emoji_mock.contract.models import MODELS
from emoji_mock.contract.row import Outcome, Row
from emoji_mock.fake.accounting.api_keys import as_fingerprint
from emoji_mock.fake.network.faults import FaultKind, fault_kind
from emoji_mock.fake.network.latency import LONGEST, Latency
from emoji_mock.fake.rules import scope
from emoji_mock.fake.rules.pattern import LOOKED_AT, compile_pattern

Text = Annotated[str, Meta(max_length=512)]

_STARS = 16
_DAY = 86_400


class RequestFacts(NamedTuple):
    """The values that a rule compares: model and picture URL of a call, the key's fingerprint, the endpoint."""

    model: str
    image_url: str
    key: str
    endpoint: EndpointName | None = EndpointName.FACE_DETECT


class Rule(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Requests that match get an outcome, a fault or a latency. Raises ValueError.

    An outcome applies to each model that can answer its code, in the words of that model. docs/reference/rules.md
    describes each field.
    """

    outcome: Annotated[Outcome | None, Meta(description="What a call ends in: passed, failed or error.")] = None
    code: Annotated[
        Text | None, Meta(description="The code of failed or error, or the end of one: FacePose, RateQuota.")
    ] = None
    fault: Annotated[FaultKind | None, Meta(description="What the network does instead of delivering the answer.")] = (
        None
    )
    seconds: Annotated[
        Annotated[float, Meta(gt=0, le=LONGEST)] | None, Meta(description="How long a stall or a drip takes.")
    ] = None
    latency: Annotated[
        Annotated[float, Meta(ge=0, le=LONGEST)] | Latency | None,
        Meta(description="The delay in seconds, or a distribution. A rule of latency alone lets later ones decide."),
    ] = None
    retry_after: Annotated[
        Annotated[int, Meta(ge=0, le=_DAY)] | None, Meta(description="The header Retry-After of an error, in seconds.")
    ] = None
    chance: Annotated[
        Annotated[float, Meta(gt=0, le=1)] | None,
        Meta(description="The share of the matching calls that it applies to, over 0 and up to 1."),
    ] = None
    times: Annotated[
        Annotated[int, Meta(ge=1)] | None, Meta(description="How many calls it applies to; left out, all.")
    ] = None
    endpoint: Annotated[
        EndpointName | None,
        Meta(
            description="The endpoint that it is for. Left out, an outcome is for detections and for calls that create"
            " tasks, a fault or a latency for every call."
        ),
    ] = None
    image_url: Annotated[
        Text | None, Meta(description="A shell pattern for the URL of the picture, such as */blurred/*.")
    ] = None
    model: Annotated[Text | None, Meta(description="The model that it is for, by its whole name.")] = None
    key: Annotated[Text | None, Meta(description="The API key that it is for; only the fingerprint of it is kept.")] = (
        None
    )
    face: Annotated[Box | None, Meta(description="The face that passed: x1, y1, x2, y2 in pixels.")] = None
    image_size: Annotated[
        Size | None, Meta(description="The size of the picture that passed: width and height in pixels.")
    ] = None

    def __post_init__(self) -> None:
        self._check_types()
        self._check_ending()
        if self.times is not None and self.times < 1:
            raise ValueError(f"times: must be 1 or more, not {self.times}; leave it out for a rule that always applies")
        if self.image_url is not None and self.image_url.count("*") > _STARS:
            raise ValueError(f"image_url: must have at most {_STARS} stars in one pattern")
        if self.endpoint is not None:
            force_setattr(self, "endpoint", scope.endpoint_name(self.endpoint))
            criteria = [name for name in ("image_url", "model", "key") if getattr(self, name) is not None]
            scope.check(self.endpoint, self.outcome, self.fault, criteria)
        self._check_code()
        self._check_model()
        self._check_picture()
        if self.key is not None:
            force_setattr(self, "key", as_fingerprint(self.key))

    def _check_types(self) -> None:
        for name in ("code", "image_url", "model", "key"):
            given: object = getattr(self, name)
            if given is not None and not isinstance(given, str):
                raise ValueError(f"{name}: must be text, not {given!r}")
        if self.times is not None and type(self.times) is not int:
            raise ValueError(f"times: must be a whole number from 1 on, not {self.times!r}")

    def _check_ending(self) -> None:
        if self.outcome is not None:
            if self.outcome not in (Outcome.PASSED, Outcome.FAILED, Outcome.ERROR):
                raise ValueError(f"outcome: {unknown('outcome', str(self.outcome), ('passed', 'failed', 'error'))}")
            force_setattr(self, "outcome", Outcome(self.outcome))
        if self.fault is not None:
            force_setattr(self, "fault", fault_kind(self.fault))
        if self.outcome is not None and self.fault is not None:
            raise ValueError("fault: must be left out of a rule with an outcome")
        if self.outcome is None and self.fault is None and self.latency is None:
            raise ValueError("outcome: a rule must have an outcome, a fault or a latency")
        self._check_time()

    def _check_time(self) -> None:
        if self.retry_after is not None:
            if self.outcome is not Outcome.ERROR:
                raise ValueError("retry_after: must be left out unless the outcome is error")
            if not isinstance(self.retry_after, int) or not 0 <= self.retry_after <= _DAY:  # pyright: ignore[reportUnnecessaryIsInstance]  # not all check types
                raise ValueError(f"retry_after: must be whole seconds from 0 to {_DAY}, not {self.retry_after!r}")
        if self.seconds is not None and (self.fault is None or not self.fault.lasts):
            raise ValueError("seconds: must be left out unless the fault is a stall or a drip")
        for name, number, least in (("seconds", self.seconds, 1e-9), ("latency", self.latency, 0)):
            if isinstance(number, int | float) and not least <= number <= LONGEST:
                bounds = "more than 0 and at most" if least else "from 0 to"
                raise ValueError(f"{name}: must be {bounds} {LONGEST:g} seconds, not {number!r}")
        if self.chance is not None and not 0 < self.chance <= 1:
            raise ValueError(f"chance: must be more than 0 and at most 1, not {self.chance!r}")

    def _check_code(self) -> None:
        if self.outcome is None:
            if self.code is not None:
                raise ValueError("code: must be left out of a rule without an outcome")
            return
        if (self.code is None) is not (self.outcome is Outcome.PASSED):
            wanted = "must have none" if self.code is not None else "must have one, such as FacePose or RateQuota"
            raise ValueError(f"code: a rule for {self.outcome} {wanted}")
        try:
            row = self.row
        except UnknownCodeError as error:
            raise ValueError(f"code: {error}") from None
        if row is not None:
            force_setattr(self, "code", row.name)

    def _check_model(self) -> None:
        if self.outcome is None or self.model is None:
            return
        if self.endpoint is None or self.endpoint in scope.DETECTING:
            scope.check_model(self.model, self.row, self.endpoint)

    def _check_picture(self) -> None:
        known = MODELS.get(self.model or "")
        shortest, longest = IMAGE_SIDES if known is None or known.pictures is None else known.pictures.sides
        if self.outcome is not Outcome.PASSED and (self.face or self.image_size):
            raise ValueError(f"{'face' if self.face else 'image_size'}: must be left out unless the outcome is passed")
        if self.face is not None and isinstance(known, DetectionModel) and not known.boxes:
            raise ValueError(f"face: the answer of {known.name} has no boxes; leave it out")
        for name, numbers, count in (("face", self.face, 4), ("image_size", self.image_size, 2)):
            if numbers is not None and (len(numbers) != count or any(type(number) is not int for number in numbers)):
                raise ValueError(f"{name}: must be {count} whole numbers of pixels, not {list(numbers)}")
        if self.image_size is not None:
            force_setattr(self, "image_size", Size(*self.image_size))
            if not shortest <= min(self.image_size) <= max(self.image_size) <= longest:
                raise ValueError(
                    f"image_size: must have sides from {shortest} to {longest} pixels, not {list(self.image_size)}"
                )
        if self.face is not None:
            force_setattr(self, "face", Box(*self.face))
            if not self.face.within(self.image_size or Size(longest, longest)):
                raise ValueError(f"face: must be a box [x1, y1, x2, y2] inside the picture, not {list(self.face)}")

    @property
    def row(self) -> Row | None:
        """The row of the answer; None unless the rule is for failed or error."""
        return None if self.code is None else scope.row_for(self.code, self.outcome, self.endpoint, self.model)

    @property
    def decides(self) -> bool:
        """Whether it decides the outcome or the fault of a call, and not only the latency."""
        return self.outcome is not None or self.fault is not None

    @property
    def scope_text(self) -> str:
        """The calls that it is for, such as `rule for image_url '*/you.png'`."""
        criteria = [
            f"{name} {str(given)!r}"
            for name in ("image_url", "model", "key", "endpoint")
            if (given := getattr(self, name)) is not None
        ]
        chance = "" if self.chance is None else f", chance {self.chance:g}"
        return f"rule for {' and '.join(criteria) or 'every call'}{chance}"

    def draw(self, draw: float) -> tuple[bool, float]:
        """Return whether it applies by its chance at `draw`, from 0 to 1, and the rest of the draw.

        The rest is as random as a new draw, for the rules that follow.
        """
        chance = 1.0 if self.chance is None else self.chance
        return (True, draw / chance) if draw < chance else (False, (draw - chance) / (1 - chance))

    def matches(self, facts: RequestFacts) -> bool:
        """Return whether this rule applies to a call."""
        return (
            self.is_for(facts.endpoint)
            and (self.model is None or self.model == facts.model)
            and (self.key is None or self.key == facts.key)
            and (self.image_url is None or self.depicts(facts.image_url))
            and (self.code is None or self.is_answered_by(facts.model, facts.endpoint))
        )

    def depicts(self, image_url: str) -> bool:
        """Return whether its pattern matches the URL of a picture."""
        pattern = self.image_url or ""  # it may be a plain URL with characters that a pattern interprets: `?`, `[`
        return pattern == image_url or compile_pattern(pattern).matches(image_url[:LOOKED_AT])

    def is_answered_by(self, model: str, endpoint: EndpointName | None) -> bool:
        """Return whether a model ever gives its answer; elsewhere than at detections and tasks, any does."""
        row = self.row
        return row is None or endpoint not in scope.DETECTING or scope.is_answered_by(model, row)

    def is_for(self, endpoint: EndpointName | None) -> bool:
        """Return whether it applies at an endpoint."""
        if self.endpoint is not None:
            return self.endpoint is endpoint
        return self.outcome is None or endpoint in scope.DETECTING
