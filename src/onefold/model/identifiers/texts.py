"""Free text in normal form: external ids, handles, values of a node's unique properties."""

import re
import unicodedata

WHITE_SPACE = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
INVISIBLE = (
    "\xad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff"
)
"""Zero-width characters and direction marks, which come along when text is copied from a page."""

BLANKS = WHITE_SPACE + INVISIBLE

COMPOSED_CHARS_MAX = 4_096
"""Longer text is not composed: 100,000 combining marks would take NFC five seconds."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_REPLACEMENT = "\ufffd"


def normalise_text(text: str, *, case_sensitive: bool) -> str:
    """NFC, trimmed, inner white space collapsed, case folded unless case counts.

    Invisible characters are dropped at the ends only: inside a word they are spelling (Persian,
    joined emoji). NUL and lone surrogates, which no database stores, become U+FFFD instead of
    vanishing, so that no text turns into somebody else's id. Blank text gives "".
    """
    plain = " ".join(text.split())
    if text.isascii() and "\x00" not in plain:
        return plain if case_sensitive else plain.lower()
    plain = _UNSTORABLE.sub(_REPLACEMENT, plain.strip(BLANKS))
    return _compose(plain) if case_sensitive else _fold(plain)


def _compose(text: str) -> str:
    return unicodedata.normalize("NFC", text) if len(text) <= COMPOSED_CHARS_MAX else text


def _fold(text: str) -> str:
    """Canonical caseless form (Unicode 15, definition D145), composed again to be short."""
    if len(text) > COMPOSED_CHARS_MAX:
        return text.casefold()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).casefold())
