"""Classes of named fields whose methods are made where they are first used.

A class by `struct` is what one by `dataclasses.dataclass(frozen=True, slots=True, kw_only=True)` is, to type checkers
and to whoever has it: `dataclasses.fields`, `replace` and `asdict`, copies, pickles and signatures are the same. One of
`NamedTuple` is what one of `typing.NamedTuple` is. The standard library's load `inspect`, and compile functions and
annotations when a class is defined, and a run needs few of the classes that its modules have: that was a quarter of the
start of a command.
"""

from __future__ import annotations

from collections import _tuplegetter  # type: ignore[attr-defined]  # the fields of `collections.namedtuple`
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, dataclass_transform, overload

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import field, replace
    from typing import NamedTuple
else:

    class _Tuples(type):
        def __new__(mcs, name, bases, body):
            if not bases:
                return super().__new__(mcs, name, bases, body)
            fields = tuple(body.get("__annotations__", ()))
            defaults = {field: body[field] for field in fields if field in body}
            body |= {field: _tuplegetter(place, None) for place, field in enumerate(fields)}
            own = {"__slots__": (), "_fields": fields, "_field_defaults": defaults, "__match_args__": fields}
            inherited = {method.__name__: method for method in (_replace, _asdict, __getnewargs__)}
            inherited |= {"__repr__": _told, "_make": classmethod(_make), "__replace__": _replace, "__new__": _New()}
            return type(name, (tuple,), inherited | body | own)

    class NamedTuple(metaclass=_Tuples):
        """As `typing.NamedTuple`; without other bases, and with annotations that are not evaluated."""

    def field(**options):
        """What is said of a field, as `dataclasses.field` takes it."""
        return _Said(**options)

    def replace(value, /, **changes):
        """What `dataclasses.replace` gives: its class makes the copy, and looks again at what it looks at."""
        for name, said in value.__struct_fields__.items():
            if said.init:
                changes.setdefault(name, getattr(value, name))
        return type(value)(**changes)


__all__ = ["NamedTuple", "field", "replace", "struct"]

_T = TypeVar("_T")


class _New:
    """Stands for `__new__` of a named tuple until the first value is made."""

    def __set_name__(self, owner: Any, name: str) -> None:
        self._owner = owner

    def __get__(self, value: object, cls: type) -> Any:
        owner = self._owner
        names: dict[str, Any] = {"tuple_new": tuple.__new__}
        names |= {f"default_{name}": default for name, default in owner._field_defaults.items()}
        parameters = [
            "_cls",
            *(f"{each}=default_{each}" if f"default_{each}" in names else each for each in owner._fields),
        ]
        source = f"lambda {', '.join(parameters)}: tuple_new(_cls, ({''.join(f'{each}, ' for each in owner._fields)}))"
        new = eval(source, names)  # noqa: S307 - of names of fields, which stand in a module's own source
        new.__name__, new.__qualname__ = "__new__", f"{owner.__qualname__}.__new__"
        new.__annotations__ = dict(owner.__annotations__)
        owner.__new__ = staticmethod(new)
        return new


def _make(cls: Any, iterable: Any) -> Any:
    """Returns a named tuple of the values of a sequence."""
    made = tuple.__new__(cls, iterable)
    if len(made) != len(cls._fields):
        raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(made)}")
    return made


def _replace(self: Any, /, **changes: Any) -> Any:
    """Returns a named tuple with other values in some fields."""
    made = self._make(map(changes.pop, self._fields, self))
    if changes:
        raise TypeError(f"Got unexpected field names: {list(changes)!r}")
    return made


def _asdict(self: Any) -> dict[str, Any]:
    """Returns a dictionary of the fields."""
    return dict(zip(self._fields, self, strict=True))


def __getnewargs__(self: Any) -> tuple[Any, ...]:  # noqa: N807 - it is that of the class
    return tuple(self)


def _told(self: Any) -> str:
    fields = ", ".join(f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
    return f"{type(self).__name__}({fields})"


class _Said:
    """What is said of one field; `given` has it as `dataclasses.field` takes it."""

    def __init__(self, **given: Any) -> None:
        self.given = given
        self.init: bool = given.get("init", True)
        self.repr: bool = given.get("repr", True)
        self.compare: bool = given.get("compare", True)
        self.hash: bool = given.get("hash", self.compare)


_NOTHING = _Said()


@overload
@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def struct(cls: type[_T], /) -> type[_T]: ...
@overload
@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def struct(*, frozen: bool = True, kw_only: bool = True, repr: bool = True) -> Callable[[type[_T]], type[_T]]: ...
def struct(cls: type[_T] | None = None, /, **options: bool) -> type[_T] | Callable[[type[_T]], type[_T]]:
    """Makes a class one of the fields that its annotations name.

    Args:
        cls: a class that names at least one field; none of its bases is a struct.
        options: `frozen`, `kw_only` and `repr` of `dataclasses.dataclass`, here true by default.

    Returns:
        A class of the same name and body, with slots.
    """
    return (lambda cls: _struct(cls, **options)) if cls is None else _struct(cls, **options)


def _struct(
    cls: type[_T],
    *,
    frozen: bool = True,
    kw_only: bool = True,
    repr: bool = True,  # noqa: A002 - the option's name
) -> type[_T]:
    body = dict(cls.__dict__)
    for name in ("__dict__", "__weakref__"):
        body.pop(name, None)
    fields = {}
    for name in cls.__annotations__:
        said = body.pop(name, _NOTHING)
        fields[name] = said if isinstance(said, _Said) else _Said(default=said)
    own = {"__getstate__": _state, "__setstate__": _set_state, "__replace__": replace, **_comparing(fields)}
    if frozen:
        own |= {"__setattr__": _refuse, "__delattr__": _refuse}
    else:
        own["__hash__"] = None
    if repr:
        own["__repr__"] = _repr
    body = own | body
    body |= {"__slots__": tuple(fields), "__struct_fields__": fields, "__init__": _Init(kw_only=kw_only)}
    body |= {name: _Twin(frozen=frozen, kw_only=kw_only) for name in ("__dataclass_fields__", "__dataclass_params__")}
    body["__match_args__"] = () if kw_only else tuple(name for name, said in fields.items() if said.init)
    made: Any = type(cls)
    found: type[_T] = made(cls.__name__, cls.__bases__, body)
    return found


class _Init:
    """Stands for `__init__` until the first value is made or somebody asks for the signature."""

    def __init__(self, *, kw_only: bool) -> None:
        self._kw_only = kw_only

    def __set_name__(self, owner: Any, name: str) -> None:
        self._owner = owner

    def __get__(self, value: object, cls: type) -> Any:
        init = self._owner.__init__ = _init(self._owner, kw_only=self._kw_only)
        return init if value is None else init.__get__(value, cls)


def _init(cls: Any, *, kw_only: bool) -> Any:
    """Compiles the `__init__` of a struct."""
    parameters, lines = ["self", "*"] if kw_only else ["self"], []
    names: dict[str, Any] = {"nothing": _NOTHING}
    for name, said in cls.__struct_fields__.items():
        if not said.init:
            continue  # `__post_init__` sets it
        names[f"set_{name}"] = getattr(cls, name).__set__
        make = said.given.get("default_factory")
        if make is None:
            lines.append(f" set_{name}(self, {name})")
        else:
            names[f"make_{name}"] = make
            lines.append(f" set_{name}(self, make_{name}() if {name} is nothing else {name})")
        default = said.given.get("default", _NOTHING)
        optional = make is not None or default is not _NOTHING
        if optional:
            names[f"default_{name}"] = default
        parameters.append(f"{name}=default_{name}" if optional else name)
    if hasattr(cls, "__post_init__"):
        lines.append(" self.__post_init__()")
    source = f"def __init__({', '.join(parameters)}):\n" + "\n".join(lines)
    exec(source, names)  # noqa: S102 - of names of fields, which stand in a module's own source
    init = names["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    typed = {name: cls.__annotations__[name] for name, said in cls.__struct_fields__.items() if said.init}
    init.__annotations__ = typed | {"return": None}
    return init


def _comparing(fields: dict[str, _Said]) -> dict[str, Any]:
    """Returns `__eq__` and `__hash__` by the fields that are compared and hashed."""
    compared = attrgetter(*(name for name, said in fields.items() if said.compare))
    hashed = attrgetter(*(name for name, said in fields.items() if said.hash))

    def __eq__(self: Any, other: object) -> Any:  # noqa: N807 - it is that of the class
        if other.__class__ is not self.__class__:
            return NotImplemented
        return compared(self) == compared(other)

    def __hash__(self: Any) -> int:  # noqa: N807
        return hash(hashed(self))

    return {"__eq__": __eq__, "__hash__": __hash__}


def _repr(self: Any) -> str:
    shown = (f"{name}={getattr(self, name)!r}" for name, said in self.__struct_fields__.items() if said.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _refuse(self: object, name: str, *value: object) -> NoReturn:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot {'assign to' if value else 'delete'} field {name!r}")


def _state(self: Any) -> list[object]:
    return [getattr(self, name) for name in self.__struct_fields__]


def _set_state(self: Any, state: list[object]) -> None:
    for name, value in zip(self.__struct_fields__, state, strict=True):
        object.__setattr__(self, name, value)


class _Twin:
    """Stands for what `dataclasses` keeps of its own classes until one of its functions asks for it."""

    def __init__(self, **options: bool) -> None:
        self._options = options

    def __set_name__(self, owner: Any, name: str) -> None:
        self._owner, self._name = owner, name

    def __get__(self, value: object, cls: type) -> Any:
        import dataclasses

        owner = self._owner
        body = {name: dataclasses.field(**said.given) for name, said in owner.__struct_fields__.items()}
        twin = type(owner.__name__, (), body)
        twin.__annotations__, twin.__module__ = owner.__annotations__, owner.__module__
        found = getattr(dataclasses.dataclass(**self._options)(twin), self._name)
        setattr(owner, self._name, found)
        return found
