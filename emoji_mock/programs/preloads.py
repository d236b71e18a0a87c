"""Where the files lie that Node and Python load before a program."""

from pathlib import Path

_FOLDER = Path(__file__).parent / "preload"
PRELOADS = {"node": _FOLDER / "node.cjs", "python": _FOLDER / "python"}
"""The file that Node loads by `--require`, and the folder that Python has on its path."""
