"""`emoji-mock detect`: images in, a table or JSON out, and the boxes drawn on the images."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rich.console import Console

from emoji_mock._support.files import describe_error, write_output
from emoji_mock.cli.output import ProgressBar, UsageError, print_error, print_json, unusable_file
from emoji_mock.cli.parsing.help_text import examples
from emoji_mock.cli.results import Ending, counted, detection_document, print_detections
from emoji_mock.cli.service import KEY_HELP, add_address, open_client, refuse_live, resolve_base_url
from emoji_mock.client.errors import EmojiError
from emoji_mock.client.limits import CallLimits
from emoji_mock.client.results import Passed
from emoji_mock.config.value_types import POSITIVE
from emoji_mock.contract.endpoint import MODEL, RATIO
from emoji_mock.contract.hosts import is_vendor_host
from emoji_mock.contract.models import DETECTORS, emo

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Generator

    from emoji_mock.client.options import BoxDetector

FACE, EXT = (255, 64, 64), (64, 160, 255)
"""The colours (RGB) of the two boxes."""
_EPILOG = examples(
    "emoji-mock detect --base-url http://127.0.0.1:8000 https://emoji-mock.test/passed/640x800.png",
    "emoji-mock detect --base-url http://127.0.0.1:8000 --save-overlay boxes.png me.jpg",
    then=(
        "Exit status: 0 every image passed, 1 some failed, 3 some ended in an error or an overlay could not be written,"
        " 2 the command line is wrong, 130 interrupted, after printing what is billed. " + KEY_HELP
    ),
)


def describe(parser: ArgumentParser) -> None:
    """Add description and arguments."""
    parser.description = "Detect the face in images and print how each call ended."
    parser.epilog = _EPILOG
    parser.set_defaults(run=detect)
    parser.add_argument("images", nargs="+", metavar="IMAGE", help="URL of an image, or a file, which is uploaded")
    parser.add_argument("--model", choices=[*DETECTORS], default=MODEL, help=f"detection model (default: {MODEL})")
    parser.add_argument(
        "--ratio",
        choices=emo.DETECT.ratios,
        help=f"{emo.DETECT.name}: shape of the larger box, width to height (default: {RATIO})",
    )
    add_address(parser, "every image")
    parser.add_argument(
        "--budget",
        type=POSITIVE.read,
        default=10,
        metavar="N",
        help="most images that may be billed, with --live (default: 10)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--save-overlay",
        type=Path,
        metavar="PATH",
        help="draw the boxes of files into PATH: an image, or a directory for several files",
    )
    parser.add_argument(
        "--upright",
        action="store_true",
        help="the boxes are counted in upright pictures, as `serve --upright` does; matters to --save-overlay only",
    )
    parser.add_argument("--at-once", type=POSITIVE.read, default=4, metavar="N", help="concurrent calls (default: 4)")
    parser.add_argument(
        "--timeout", type=POSITIVE.read, default=30, metavar="SECONDS", help="limit for one answer (default: 30)"
    )


def detect(chosen: Namespace) -> int:
    """Detect the face in every image, print how each call ended, and return the exit status."""
    ended: dict[int, Ending] = {}
    vendor = False
    try:
        base_url = resolve_base_url(chosen.base_url)
        vendor = is_vendor_host(urlsplit(base_url).hostname or "")
        if problem := _refusal(chosen, base_url, vendor=vendor):
            return print_error("detect", problem, 2)
        _call(chosen, base_url, ended, vendor=vendor)
    except (EmojiError, ImportError, UsageError) as error:
        return print_error("detect", str(error), 3 if isinstance(error, EmojiError) else 2)
    except KeyboardInterrupt:
        if ended:
            _report(chosen, ended, vendor=vendor)  # it is billed
        return print_error("detect", f"interrupted: {len(ended)} of {len(chosen.images)} images were processed", 130)
    return _report(chosen, ended, vendor=vendor)


def _refusal(chosen: Namespace, base_url: str, *, vendor: bool) -> str:
    count, model = len(chosen.images), DETECTORS[chosen.model]
    cost = count * model.price
    if chosen.ratio is not None and chosen.ratio not in model.ratios:
        return f"{model.name} takes no --ratio {chosen.ratio}; only {emo.DETECT.name} does."
    if chosen.save_overlay and not model.boxes:
        return f"--save-overlay {chosen.save_overlay}: {model.name} finds no boxes that could be drawn."
    bill = f"and {count} image{'s' * (count != 1)} may cost {cost} CNY"
    if problem := refuse_live(base_url, bill, live=chosen.live, vendor=vendor):
        return problem
    if chosen.live and count > chosen.budget:
        return f"{count} images may cost {cost} CNY: allow it with --budget {count}."
    if chosen.save_overlay:
        return _no_overlay(chosen.images, chosen.save_overlay)
    return ""


def _call(chosen: Namespace, base_url: str, ended: dict[int, Ending], *, vendor: bool) -> None:
    """Make all calls; store the result of each in `ended` when it ends."""
    limits = CallLimits(timeout=chosen.timeout, at_once=chosen.at_once, per_second=None if vendor else float("inf"))
    with open_client("detect", base_url, limits, vendor=vendor) as client, _progress(len(chosen.images)) as show:

        def on_each(number: int, ending: Ending) -> None:
            ended[number] = ending
            show(ending)

        asked: dict[str, Any] = {"model": chosen.model, "ratio": chosen.ratio, "on_each": on_each}
        client.detect_many(chosen.images, **asked)


@contextmanager
def _progress(total: int) -> Generator[Callable[[Ending], None]]:
    """Yield a function that advances the progress bar by one result."""
    counts: Counter[str] = Counter()
    with ProgressBar(Console(stderr=True), total, "detecting") as bar:

        def show(ending: Ending) -> None:
            counts[ending.outcome] += 1
            bar.show(counts.total(), counted(counts))

        yield show


def _report(chosen: Namespace, ended: dict[int, Ending], *, vendor: bool) -> int:
    ended = dict(sorted(ended.items()))
    overlays, problems = _overlays(chosen, ended)
    if chosen.json:
        document = [
            {"image": chosen.images[number], **detection_document(ending)}
            | ({"overlay": overlays[number]} if number in overlays else {})
            for number, ending in ended.items()
        ]
        print_json(document)
    else:
        print_detections(chosen.images, ended, chosen.model, vendor=vendor)
    for problem in problems:
        print_error("detect", problem)
    outcomes = {ending.outcome for ending in ended.values()}
    return 3 if problems or "error" in outcomes else int("failed" in outcomes)


def _overlays(chosen: Namespace, ended: dict[int, Ending]) -> tuple[dict[int, str], list[str]]:
    """Draw the boxes of what passed; return the paths of the drawings, and the problems."""
    overlays: dict[int, str] = {}
    problems: list[str] = []
    for number, ending in ended.items():
        if not chosen.save_overlay or not isinstance(ending, Passed):
            continue
        path = _overlay_path(chosen.images[number], chosen.save_overlay, number)
        try:
            _draw(chosen.images[number], ending, path, upright=chosen.upright)
        except (OSError, ValueError) as error:
            problem = describe_error(error) if isinstance(error, OSError) else error
            problems.append(f"no overlay for {chosen.images[number]}: {problem}")
        else:
            overlays[number] = str(path)
    return overlays, problems


def _no_overlay(images: list[str], where: Path) -> str:
    """Return why the boxes of `images` cannot be drawn into `where`, or "". Call it before a call is billed."""
    from PIL import Image  # noqa: PLC0415 - needed for drawing only

    flag = f"--save-overlay {where}"
    if url := next((image for image in images if "://" in image), ""):
        return f"{flag}: only files can be drawn on, and {url} is a URL."
    if not where.is_dir():
        if len(images) > 1:
            return f"{flag}: several files need an existing directory."
        if Image.registered_extensions().get(where.suffix.lower()) not in Image.SAVE:
            return f"{flag}: unknown image format; use a name that ends with .png."
    existing = [image for image in images if Path(image).exists()]
    for number, image in enumerate(images):
        path = _overlay_path(image, where, number)
        if path.exists() and any(path.samefile(one) for one in existing):
            return f"{flag}: {path} is one of the images."
        if problem := unusable_file("--save-overlay", path):
            return problem
    return ""


def _overlay_path(image: str, where: Path, number: int) -> Path:
    return where / f"{number + 1}-{Path(image).stem}.png" if where.is_dir() else where


def _draw(image: str, passed: Passed[BoxDetector], path: Path, *, upright: bool) -> None:
    """Draw the face red and the larger box blue on the file `image`, upright; save it. Raises OSError, ValueError."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - as above

    from emoji_mock.media.viewing import show, upright_box  # noqa: PLC0415 - Pillow, likewise

    picture, size, orientation = show(Path(image).read_bytes())
    width = max(2, min(picture.size) // 150)
    pen = ImageDraw.Draw(picture)
    for box, colour in ((passed.ext, EXT), (passed.face, FACE)):
        shown = box if upright else upright_box(box, size, orientation)
        pen.rectangle(shown.as_tuple(), outline=colour, width=width)
    drawn = BytesIO()
    picture.save(drawn, Image.registered_extensions()[path.suffix.lower()])
    write_output(path, drawn.getvalue())
