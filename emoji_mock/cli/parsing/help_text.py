"""The form of help texts: paragraphs, and examples that stand as they are typed."""

from __future__ import annotations

import argparse

_MARGIN = "  "


class VerbHelp(argparse.HelpFormatter):
    """Wrap each paragraph of a description or an epilog; keep one with an indented line as it is."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        paragraphs = text.split("\n\n")
        return "\n\n".join(
            part if f"\n{_MARGIN}" in part else super(VerbHelp, self)._fill_text(part, width, indent)
            for part in paragraphs
        )


def heading(title: str, *lines: str) -> str:
    """Return a paragraph of `lines` below a title."""
    return "\n".join([f"{title}:", *(f"{_MARGIN}{line}" for line in lines)])


def examples(*commands: str, then: str = "") -> str:
    """Return an epilog: commands that can be typed as they stand, then a paragraph such as the exit statuses."""
    return "\n\n".join(filter(None, [heading("examples", *commands), then]))
