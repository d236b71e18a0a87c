"""The regions of the page that are rendered anew when what they show has changed; one template and one view each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from emoji_mock.server.dashboard.render import render
from emoji_mock.server.dashboard.views import (
    findings,
    gallery,
    limits,
    money,
    rules,
    steering,
    tasks,
    try_picture,
    uploads,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from emoji_mock.server.control.steered import SteeredFake


class Region(NamedTuple):
    """A part of the page: the name of its template and of its element, its heading, and what makes its values."""

    name: str
    title: str
    view: Callable[[SteeredFake], object]

    def html(self, fake: SteeredFake, *, live: bool = True) -> str:
        """Return the HTML of the region, with controls if it is `live`; the template has its values as `view`."""
        return render(self.name, view=self.view(fake), live=live)


REGIONS: tuple[Region, ...] = (
    Region("gallery", "Pictures", gallery.view),
    Region("try", "Try a picture", try_picture.view),
    Region("money", "Money", money.view),
    Region("limits", "Limits", limits.view),
    Region("tasks", "Tasks and videos", tasks.view),
    Region("uploads", "Uploads", uploads.view),
    Region("rules", "Rules", rules.view),
    Region("time", "Time and scenario", steering.view),
    Region("findings", "Findings", findings.view),
)
"""All of them, in the order of the page."""
