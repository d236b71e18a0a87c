"""What comes from elsewhere, made fit for a terminal."""


def plain(text: str) -> str:
    """Return `text` without what a terminal might obey."""
    return "".join(letter if letter.isprintable() or letter in "\n\t" else "�" for letter in text)
