"""Strict JSON in, canonical bytes and digests out (docs/reference/format.md, "JSON" and "Title and abstract")."""

from __future__ import annotations

import hashlib
import json
import math
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Final, NoReturn

from pithtex.characters import folded, lower
from pithtex.errors import MalformedError, UsageError
from pithtex.limits import MAX_DOCUMENT_BYTES, MAX_JSON_DEPTH, MAX_JSON_DIGITS
from pithtex.patterns import pattern

_NO_BRACKET: Final = pattern(r"[^\[\]{}]+")
_ONE_KIND: Final = str.maketrans("{}", "[]")
_STRING: Final = pattern(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_DUPLICATE: Final = object()
"""Stands in a parsed object under a key that came twice, until the walk finds its path."""


_CANONICAL: Final = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, check_circular=False
)
"""The form itself. Made once, since an encoder costs as much to make as a record to encode."""


def canonical_bytes(obj: object) -> bytes:
    r"""Returns the canonical bytes of a JSON value: what every digest of the format is taken over.

    Keys sort by code point, no white space, text as it is (no `\u` escapes beyond JSON's own), numbers as Python
    prints them: `json.dumps` with these options, so not RFC 8785 (docs/reference/format.md, "Canonical bytes").

    Raises:
        MalformedError: a NaN or infinity, a lone surrogate, a key that is not text, or a type JSON does not have.
    """
    try:
        return _CANONICAL.encode(obj).encode("utf-8")
    except UnicodeEncodeError as error:
        raise MalformedError("text with half of a surrogate pair cannot be written in UTF-8") from error
    except (TypeError, ValueError, RecursionError) as error:
        raise MalformedError(f"a value that canonical JSON cannot hold: {error}") from error


def sha256_hex(data: bytes) -> str:
    """Lower-case hex SHA-256 (FIPS 180-4) of bytes."""
    return hashlib.sha256(data).hexdigest()


def digest(canonical_record: object) -> str:
    """Returns the digest: lower-case hex SHA-256 of the canonical bytes of a canonical record, or of any other object.

    Raises:
        MalformedError: as `canonical_bytes`.
    """
    return sha256_hex(canonical_bytes(canonical_record))


def collapse(text: str) -> str:
    """White space collapsed to single spaces, none at the ends."""
    return " ".join(text.split())


def title_digest(text: str) -> str:
    """SHA-256 of a title as records hold it: white space collapsed, lower-cased; TeX and punctuation verbatim.

    Proven on 198 ASCII titles; collapsing is our reading where the data is silent (docs/reference/format.md, "Title and
    abstract").

    Raises:
        UsageError: not a text.
    """
    if not isinstance(text, str):
        raise UsageError(f"expected a string, not {type(text).__name__}")
    return sha256_hex(lower(collapse(text)).encode("utf-8", "surrogatepass"))


def abstract_digest(text: str) -> str:
    """SHA-256 of an abstract, by the rule of `title_digest` (held by 8 of 8 full abstracts).

    Raises:
        UsageError: not a text.
    """
    return title_digest(text)


def title_matches(text: str, title_sha256: str) -> bool:
    """Tells whether a text is the preimage of a signed title digest, in one of the spellings of `title_preimage`."""
    return title_preimage(text, title_sha256) is not None


def title_preimage(text: str, title_sha256: str) -> str | None:
    """Returns the spelling of a title that a signed title digest is of; None if it is of none.

    Every known title is ASCII, which leaves the rule's Unicode form open: for other text the four normal forms and both
    foldings are tried. A match of any proves that the text is the title.
    """
    for candidate in as_hashed(text):
        if sha256_hex(candidate.encode("utf-8", "surrogatepass")) == title_sha256:
            return candidate
    return None


def as_hashed(text: str) -> Iterator[str]:
    """Yields the texts that may be hashed for a title or an abstract: one for ASCII."""
    yield collapse(text).lower()
    if text.isascii():
        return
    forms = (unicodedata.normalize(form, text) for form in ("NFC", "NFD", "NFKC", "NFKD"))
    for spelled in dict.fromkeys(map(collapse, forms)):
        yield lower(spelled)
        yield folded(spelled)


def parse_json(data: bytes, *, max_bytes: int = MAX_DOCUMENT_BYTES) -> object:
    """Parses JSON strictly (RFC 8259, and narrower): what a lenient reader would take in two ways is refused.

    UTF-8 only and without a byte-order mark, no key twice in one object, no NaN or infinity, bounded size, depth
    and digits, no lone surrogates.

    Raises:
        MalformedError: `where` is a line and column, or the JSON path of the value at fault.
    """
    if len(data) > max_bytes:
        raise MalformedError(f"{len(data)} bytes, and at most {max_bytes} are read")
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise MalformedError("starts with a byte-order mark", hint="save the file as UTF-8 without one")
    try:
        text = data.decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        raise MalformedError("not UTF-8", where=f"byte {error.start + 1}") from error
    # Most documents have not brackets enough to be too deep. Single bytes are replaced faster than they are counted.
    if len(data) - len(data.replace(b"{", b"").replace(b"[", b"")) > MAX_JSON_DEPTH:
        _bound_depth(text)
    try:
        value = _decode(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise MalformedError(f"not JSON: {error.msg}", where=where) from error
    except ValueError as error:  # Python's own bound on the digits of an integer
        raise MalformedError("a number with too many digits") from error
    if "\\" in text and (r"\ud" in text or r"\uD" in text):
        _refuse_values(value)
    return value


def check_value(value: object) -> None:
    """Holds a Python value to what `parse_json` would have let through, for documents given as dictionaries.

    Raises:
        MalformedError: `where` is the JSON path of the value at fault.
    """
    for path, item, depth in _walk(value):
        if depth > MAX_JSON_DEPTH:
            raise MalformedError(f"nested deeper than {MAX_JSON_DEPTH}", where=path[:200])
        if isinstance(item, dict) and not all(type(key) is str for key in item):
            raise MalformedError("an object's key that is not text", where=path)
        if isinstance(item, float) and not math.isfinite(item):
            raise MalformedError("not a finite number", where=path)
        if item is not None and type(item) not in (str, int, float, bool, list, dict):
            raise MalformedError(f"{type(item).__name__} is not JSON type", where=path)
    _refuse_values(value)


def fragile_values(value: object) -> Iterator[tuple[str, str]]:
    """Values that other JSON writers and readers treat differently (docs/reference/format.md, "JSON"): path, reason.

    They verify here. A verifier in JavaScript, or one built on RFC 8785, may compute another digest.
    """
    for path, item, _ in _walk(value):
        if isinstance(item, float):
            yield path, "a number that is not an integer"
        elif isinstance(item, int) and not isinstance(item, bool) and abs(item) >= 2**53:
            yield path, "an integer of 2^53 or more"
        elif isinstance(item, dict) and any(max(key, default="") > "\uffff" for key in item):
            yield path, "a key outside the Basic Multilingual Plane"


def _decode(text: str) -> object:
    try:
        value: object = _STRICT.decode(text)
    except _DuplicateKeyError:
        value = json.loads(text, object_pairs_hook=_mark_duplicates)  # may find that the rest is not JSON
        _refuse_values(value)
    return value


def _bound_depth(text: str) -> None:
    """Refuses deep nesting before the recursive parser runs; brackets in strings are text, and left out.

    Each pass takes the innermost brackets away, so the passes count the levels. Where they do not balance, the text is
    not JSON, and what is left bounds how deep the parser goes before it says so.
    """
    outside = "".join(text.split('"')[::2]) if "\\" not in text else _STRING.sub("", text)
    brackets = _NO_BRACKET.sub("", outside).translate(_ONE_KIND)
    for _ in range(MAX_JSON_DEPTH):
        inner = brackets.replace("[]", "")
        if len(inner) == len(brackets):
            break
        brackets = inner
    if brackets.count("[") > (MAX_JSON_DEPTH if "]" not in brackets else 0):
        raise MalformedError(f"nested deeper than {MAX_JSON_DEPTH}")


def _walk(value: object) -> Iterator[tuple[str, object, int]]:
    """Yields every value with its JSON path and depth, without recursion; an endless value is read lazily."""
    stack: list[tuple[str, object, int]] = [("", value, 0)]
    while stack:
        path, item, depth = stack.pop()
        yield path or "(document)", item, depth
        if isinstance(item, dict):
            stack.extend((f"{path}.{key}" if path else str(key), sub, depth + 1) for key, sub in item.items())
        elif isinstance(item, list):
            stack.extend((f"{path}[{index}]", sub, depth + 1) for index, sub in enumerate(item))


def _refuse_values(value: object) -> None:
    for path, item, _ in _walk(value):
        if item is _DUPLICATE:
            raise MalformedError("the key occurs twice in one object", where=path)
        texts = [item] if isinstance(item, str) else list(item) if isinstance(item, dict) else []
        for text in texts:
            if isinstance(text, str) and any("\ud800" <= char <= "\udfff" for char in text):
                raise MalformedError("a lone surrogate", where=path.encode("ascii", "replace").decode())


def _refuse_constant(text: str) -> NoReturn:
    raise MalformedError(f"{text} is not JSON")


def _float(text: str) -> float:
    if len(text) > MAX_JSON_DIGITS:
        raise MalformedError(f"a number of more than {MAX_JSON_DIGITS} digits")
    value = float(text)
    if not math.isfinite(value):
        raise MalformedError(f"the number {text} overflows")
    return value


def _int(text: str) -> int:
    if len(text) > MAX_JSON_DIGITS:
        raise MalformedError(f"a number of more than {MAX_JSON_DIGITS} digits")
    return int(text)


class _DuplicateKeyError(Exception):
    """A key came twice; where is found by parsing once more."""


def _unique(items: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(items)
    if len(result) != len(items):
        raise _DuplicateKeyError
    return result


def _mark_duplicates(items: list[tuple[str, object]]) -> dict[str, object]:
    counts = Counter(key for key, _ in items)
    return {key: _DUPLICATE if counts[key] > 1 else value for key, value in items}


_STRICT: Final = json.JSONDecoder(
    object_pairs_hook=_unique,
    parse_constant=_refuse_constant,
    parse_float=_float,
    # Python bounds the digits of an integer itself, unless it was told not to.
    parse_int=int if 0 < sys.get_int_max_str_digits() <= MAX_JSON_DIGITS else _int,
)
"""Made once: a decoder costs as much to make as a small document to parse."""
