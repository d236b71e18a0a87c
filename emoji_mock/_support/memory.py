"""Give freed memory back to the operating system."""

from contextlib import suppress


def return_freed_memory() -> None:
    """Let the C library return what was freed, if it can: glibc keeps it where anything behind it is still in use."""
    from ctypes import CDLL, c_size_t  # noqa: PLC0415 - only a reset of much needs it

    with suppress(OSError, AttributeError, TypeError):  # another library, or none that can be asked
        CDLL(None).malloc_trim(c_size_t(0))
