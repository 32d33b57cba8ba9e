"""Pseudonyms that openssl computed, with their keys.

printf %s "$name" | openssl dgst -sha256 -hmac "$key" -binary | base32
"""

KEY = b"a key of the tests, 32 bytes long"
ANOTHER_KEY = b"another key, as long as need be!"
ANN, BOB, OLENA = "p-GS4K73SD", "p-IS3QTLKN", "p-VWMLVO42"
LOGIN = "p-CNJKFJYJ"
VERA = "p-TKKYF55U"
# With the other key.
ANOTHER_ANN, ANOTHER_BOB = "p-K3DBIGWZ", "p-D5GYWL7L"
# Two names with the same 8 characters, and what follows in their digests.
TWINS = ("Ann 1573008", "Ann 1243537")
OF_TWINS = "p-DHKGCW2U"
LONG_OF_TWINS = ("p-DHKGCW2UD27PAQFM", "p-DHKGCW2U6QGONR2H")
