"""How a check says no."""

from emoji_mock.contract.row import Outcome, Row


class Refused(Exception):  # noqa: N818 - it is no error of ours: the call simply ends here
    """The call ends here, with this row.

    `values` fill the placeholders of the row's message, `message` replaces it. With `later` it is the picture that is
    refused: a request for a video is then accepted, and its task fails; by itself this is so of what fails a detection.
    """

    def __init__(self, row: Row, *, message: str = "", later: bool = False, **values: str) -> None:
        super().__init__(row.name)
        self.row = row
        self.message = message
        self.later = later or row.outcome is Outcome.FAILED
        self.values = values


def said_of(image_url: str) -> dict[str, str]:
    """Return what a message may tell of the picture at `image_url`."""
    return {"url": image_url, "host": image_url.partition("://")[2].partition("/")[0]} if image_url else {}
