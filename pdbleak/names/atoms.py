"""The plain values of the language as short text; knows no other objects."""

from __future__ import annotations

from pdbleak.names.types import bases_of, is_kind, type_name

_EXACT = frozenset(map(id, (type(None), bool, float, complex, type(Ellipsis), type(NotImplemented))))
_DIGITS_BITS = 200


def located(item: object) -> str:
    """Return the form that always works, `<amqp.Channel at 0x7f…>`."""
    return f"<{type_name(type(item))} at {id(item):#x}>"


def atom(item: object, limit: int) -> str | None:
    """Return the abbreviated repr of an object of an exact plain type, else None."""
    cls = type(item)
    if cls is str or cls is bytes:
        return _quoted(item, limit)  # type: ignore[arg-type]
    if cls is int:
        return _number(item)  # type: ignore[arg-type]
    return repr(item) if id(cls) in _EXACT else None


def derived_atom(item: object, limit: int) -> str | None:
    """Return `Name('text')` for an instance of a subclass of a plain type, else None."""
    value: str | None = None
    for base in bases_of(type(item)):
        if base is str:
            value = _quoted(str.__str__(item), limit)
        elif base is bytes:
            value = _quoted(bytes.__getitem__(item, slice(None)), limit)  # type: ignore[call-overload]
        elif base is int:
            value = _number(int.__int__(item))  # type: ignore[arg-type]
        elif base is float:
            value = repr(float.__float__(item))  # type: ignore[arg-type]
        if value is not None:
            return f"{type_name(type(item))}({value})"
    return None


def brief(item: object, limit: int = 20) -> str:
    """Return an atom's text or, of any other object, its type: what stands for it inside a container."""
    text = atom(item, limit)
    if text is not None:
        return text
    return f"class {type_name(item)}" if is_kind(item, type) else type_name(type(item))  # type: ignore[arg-type]


def _quoted(text: str | bytes, limit: int) -> str:
    quoted = repr(text[:limit])
    if len(text) <= limit and len(quoted) <= limit:
        return quoted
    # A cut must not leave half an escape sequence's backslash in front of the mark.
    return f"{quoted[: max(limit - 2, 2)].rstrip(chr(92))}…{quoted[-1]}"


def _number(value: int) -> str:
    bits = value.bit_length()
    return repr(value) if bits <= _DIGITS_BITS else f"int of {bits} bits"
