"""Memory that was freed, back to the system."""

import ctypes
import sys


def give_back() -> None:
    """Has the C library hand over what it keeps for later, where it can (glibc).

    Between the many sizes of an encoder's batches it keeps more than half a gigabyte, and more with each
    window of passages.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
