"""How a check says no."""

from emoji_mock.contract.row import Row


class Refused(Exception):  # noqa: N818 - it is no error of ours: the call simply ends here
    """The call ends here, with this row.

    `values` fill the placeholders of the row's message, `message` replaces it.
    """

    def __init__(self, row: Row, *, message: str = "", **values: str) -> None:
        super().__init__(row.name)
        self.row = row
        self.message = message
        self.values = values
