"""Make text from elsewhere safe to print on a terminal."""


def plain(text: str) -> str:
    """Return `text` with control and format characters replaced, which a terminal might act on."""
    return "".join(letter if letter.isprintable() or letter in "\n\t" else "�" for letter in text)
