"""How many cores there are for this process."""

import os


def cores() -> int:
    """Those that it may run on, which in a container or under `taskset` are fewer than the machine's."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1
