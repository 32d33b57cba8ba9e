"""Which shard polls a project. Pure."""

import hashlib


def stable_hash(project_id: int) -> int:
    """64 bits that are the same for an id in every process and version."""
    digest = hashlib.sha256(str(project_id).encode()).digest()
    return int.from_bytes(digest[:8], "big")


def shard_of(project_id: int, total: int) -> int:
    """The shard, 0 to total - 1; one shard more moves one in total + 1 of the projects.

    Jump consistent hash: J. Lamping and E. Veach, "A Fast, Minimal Memory, Consistent Hash
    Algorithm", 2014.
    """
    key = stable_hash(project_id)
    chosen, jump = -1, 0
    while jump < total:
        chosen = jump
        key = (key * 2862933555777941757 + 1) % 2**64
        jump = int((chosen + 1) * (2**31 / ((key >> 33) + 1)))
    return chosen
