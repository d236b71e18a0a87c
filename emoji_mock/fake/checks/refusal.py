"""The exception by which a check refuses a call. In a module of its own, because all checks raise it."""

from emoji_mock.contract.row import Outcome, Row


class Refused(Exception):  # noqa: N818 - not an error of ours: the call simply ends here
    """End the call with a row.

    `values` fill the placeholders of the row's message, `message` replaces it. With `later` it is the picture that is
    refused: a request for a video is then accepted, and its task fails. A row of a failed detection implies it.
    """

    def __init__(self, row: Row, *, message: str = "", later: bool = False, **values: str) -> None:
        super().__init__(row.name)
        self.row = row
        self.message = message
        self.later = later or row.outcome is Outcome.FAILED
        self.values = values


def message_values(image_url: str) -> dict[str, str]:
    """Return the values that a message may hold of a picture's URL: `url` and `host`."""
    return {"url": image_url, "host": image_url.partition("://")[2].partition("/")[0]} if image_url else {}
