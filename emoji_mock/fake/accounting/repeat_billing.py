"""Pictures that were paid for: who asks for one of them again pays for what is known already."""

from emoji_mock.contract.row import Outcome
from emoji_mock.fake.accounting.journal import Entry

PICTURES = 10_000
"""How many pictures are remembered; the oldest are forgotten."""


class BilledPictures:
    """The pictures whose answer was billed and reached the caller; guarded by the store."""

    def __init__(self) -> None:
        # By Python's keyed hash: a picture in a `data:` URL is long.
        self._pictures: dict[tuple[str, int], None] = {}

    def is_wasted(self, entry: Entry, image_url: str) -> bool:
        """Say whether a billed call asks again, and remember it.

        A call is wasted if an earlier one of the same namespace, with the same model and picture, was answered and
        billed. An answer that the network lost does not make the next call a waste: nobody has seen it.
        """
        picture = entry.namespace, hash((entry.model, image_url))
        if picture in self._pictures:
            return True
        if entry.outcome is not Outcome.FAULT:
            self._pictures[picture] = None
            if len(self._pictures) > PICTURES:
                del self._pictures[next(iter(self._pictures))]
        return False

    def clear(self, namespace: str | None = None) -> None:
        """Forget the pictures of `namespace`, or all."""
        for picture in [picture for picture in self._pictures if namespace in (None, picture[0])]:
            del self._pictures[picture]
