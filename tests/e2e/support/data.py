"""Large bodies that need no memory: the same block again and again, numbered, with a running checksum."""
import hashlib
import os
import random

BLOCK = random.Random(1).randbytes((1 << 20) - 8)
LARGE = 5 << 30 if os.environ.get("SALLYPORT_E2E_LARGE") == "1" else 200 << 20


def blocks(size):
    """`size` bytes in blocks that all differ."""
    number = 0
    while size > 0:
        block = number.to_bytes(8, "big") + BLOCK
        yield block[:size]
        size -= len(block[:size])
        number += 1


def checksum(pieces):
    digest, size = hashlib.sha256(), 0
    for piece in pieces:
        digest.update(piece)
        size += len(piece)
    return size, digest.hexdigest()


def write_file(path, size):
    """Fills a file; returns (size, checksum)."""
    with open(path, "wb") as file:
        def written():
            for block in blocks(size):
                file.write(block)
                yield block
        return checksum(written())


def file_checksum(path):
    with open(path, "rb") as file:
        return checksum(iter(lambda: file.read(1 << 20), b""))
