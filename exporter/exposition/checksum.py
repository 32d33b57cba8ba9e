"""The checksum of bytes that are never joined. Pure.

CRC-32 is linear: the one of A followed by B is that of A times x^(8*len(B)) modulo the
polynomial, plus that of B (RFC 1952; zlib's crc32_combine). Numbers are bit-reversed as in the
trailer of a gzip member.
"""

from functools import cache

_POLYNOMIAL = 0xEDB88320
_ONE = 1 << 31


def _times(a: int, b: int) -> int:
    """The product of two polynomials modulo the polynomial."""
    product, bit = 0, _ONE
    while a:
        if a & bit:
            product ^= b
            a ^= bit
        bit >>= 1
        b = (b >> 1) ^ _POLYNOMIAL if b & 1 else b >> 1
    return product


@cache
def _squared(times: int) -> int:
    """x^(8 * 2^times)."""
    if times == 0:
        return _ONE >> 8
    half = _squared(times - 1)
    return _times(half, half)


def shift_by(length: int) -> int:
    """What a checksum is multiplied with when `length` bytes follow."""
    shift = _ONE
    for power in range(length.bit_length()):
        if length >> power & 1:
            shift = _times(_squared(power), shift)
    return shift


def joined(before: int, shift: int, after: int) -> int:
    """The checksum of two runs of bytes: the first's, the second's `shift_by`, the second's."""
    return _times(before, shift) ^ after
