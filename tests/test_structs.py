"""A struct is what a dataclass is, to whoever has one."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
import subprocess
import sys
import typing
from typing import Any, Self

import pytest

from pithtex import structs
from pithtex.structs import field, replace, struct


@struct
class Ours:
    """Something."""

    name: str
    many: list[int] = field(default_factory=list, repr=False)
    aside: int = field(default=3, compare=False)
    unhashed: object = field(default=None, hash=False)
    length: int = field(init=False)
    end: int = 7

    def __post_init__(self) -> None:
        object.__setattr__(self, "length", len(self.name))


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Theirs:
    """Something."""

    name: str
    many: list[int] = dataclasses.field(default_factory=list, repr=False)
    aside: int = dataclasses.field(default=3, compare=False)
    unhashed: object = dataclasses.field(default=None, hash=False)
    length: int = dataclasses.field(init=False)
    end: int = 7

    def __post_init__(self) -> None:
        object.__setattr__(self, "length", len(self.name))


@struct(kw_only=False)
class Point:
    x: int
    y: int = 0


@struct(frozen=False)
class Tally:
    seen: list[str] = field(default_factory=list)


@struct(repr=False)
class Named:
    word: str

    def __repr__(self) -> str:
        return f"<{self.word}>"

    def __hash__(self) -> int:
        return 1


class OurTuple(structs.NamedTuple):
    """Something."""

    name: str
    """Of it."""
    many: tuple[int, ...] = ()
    end: int | None = None

    @property
    def length(self) -> int:
        return len(self.name)


class TheirTuple(typing.NamedTuple):
    """Something."""

    name: str
    many: tuple[int, ...] = ()
    end: int | None = None

    @property
    def length(self) -> int:
        return len(self.name)


class Counted(OurTuple):
    """Made by hand in its own way, as a subclass may."""

    __slots__ = ()

    def __new__(cls, *values: Any, **named: Any) -> Self:
        return super().__new__(cls, *values, **named)._replace(end=1)


def test_a_named_tuple_is_that_of_the_standard_library() -> None:
    ours, theirs = OurTuple("abc", end=2), TheirTuple("abc", end=2)
    assert ours == theirs == ("abc", (), 2)
    assert repr(ours) == repr(theirs).replace("Theirs", "Ours").replace("TheirTuple", "OurTuple")
    assert (ours.name, ours.many, ours.end, ours.length) == ("abc", (), 2, 3)
    assert ours._asdict() == theirs._asdict()
    assert ours._replace(name="x") == theirs._replace(name="x")
    assert type(ours._replace(name="x")) is OurTuple
    for name in ("_fields", "_field_defaults", "__match_args__", "__doc__", "__slots__"):
        assert getattr(OurTuple, name) == getattr(TheirTuple, name), name
    for mine, other in zip(
        *(inspect.signature(cls).parameters.values() for cls in (OurTuple, TheirTuple)), strict=True
    ):
        assert (mine.name, mine.kind, mine.default) == (other.name, other.kind, other.default)
    assert OurTuple._make(["a", (), 1]) == TheirTuple._make(["a", (), 1])
    assert type(copy.deepcopy(ours)) is type(pickle.loads(pickle.dumps(ours))) is OurTuple
    assert pickle.loads(pickle.dumps(ours)) == ours
    assert hash(ours) == hash(theirs)
    assert not hasattr(ours, "__dict__")
    match ours:
        case OurTuple("abc", _, end):
            assert end == 2
        case _:
            pytest.fail("its fields have no places")


@pytest.mark.parametrize("cls", [OurTuple, TheirTuple])
def test_what_a_named_tuple_refuses(cls: Any) -> None:
    for wrong in (cls, lambda: cls("a", (), 1, 2), lambda: cls("a", other=1), lambda: cls._make(["a"])):
        with pytest.raises(TypeError):
            wrong()
    with pytest.raises((TypeError, ValueError), match="unexpected field names"):
        cls("a")._replace(other=1)
    with pytest.raises(AttributeError):
        cls("a").name = "b"


def test_a_named_tuple_has_subclasses_of_its_own_making() -> None:
    assert Counted("a") == ("a", (), 1)
    assert type(Counted("a")) is Counted
    assert Counted("a", end=5).end == 1


def test_values_are_those_of_a_dataclass() -> None:
    ours, theirs = Ours(name="abc", many=[1]), Theirs(name="abc", many=[1])
    assert dataclasses.asdict(ours) == dataclasses.asdict(theirs)
    assert repr(ours) == repr(theirs).replace("Theirs", "Ours")
    assert Ours(name="abc").many is not Ours(name="abc").many
    assert Ours.__doc__ == "Something."
    assert Ours.__match_args__ == Theirs.__match_args__ == ()
    assert Point.__match_args__ == ("x", "y")
    assert not hasattr(ours, "__dict__")


def test_signatures_and_fields_are_those_of_a_dataclass() -> None:
    ours, theirs = (list(inspect.signature(cls).parameters.values()) for cls in (Ours, Theirs))
    assert [(each.name, each.kind, each.annotation) for each in ours] == [
        (each.name, each.kind, each.annotation) for each in theirs
    ]
    kept = ("name", "type", "default", "default_factory", "init", "repr", "hash", "compare", "kw_only")
    fields = [
        [tuple(getattr(each, name) for name in kept) for each in dataclasses.fields(cls)] for cls in (Ours, Theirs)
    ]
    assert fields[0] == fields[1]
    assert dataclasses.is_dataclass(Ours)


@pytest.mark.parametrize("given", [{}, {"name": "a", "length": 1}, {"name": "a", "other": 1}])
def test_arguments_are_refused_as_by_a_dataclass(given: dict[str, Any]) -> None:
    said = []
    for cls in (Ours, Theirs):
        with pytest.raises(TypeError) as caught:
            cls(**given)
        said.append(str(caught.value).replace(cls.__name__, ""))
    assert said[0] == said[1]
    with pytest.raises(TypeError):
        Ours("abc")  # type: ignore[misc]


def test_equality_and_hash_go_by_the_fields_that_count() -> None:
    first = Ours(name="abc", many=())  # type: ignore[arg-type]
    assert first == Ours(name="abc", many=(), aside=4)  # type: ignore[arg-type]
    assert first != Ours(name="abc", many=(), unhashed=4)  # type: ignore[arg-type]
    assert hash(first) == hash(Ours(name="abc", many=(), aside=4, unhashed=[]))  # type: ignore[arg-type]
    assert first != Theirs(name="abc", many=())  # type: ignore[arg-type]
    assert {Point(1), Point(1, 0), Point(2)} == {Point(1), Point(2)}
    assert (hash(Named(word="x")), repr(Named(word="x"))) == (1, "<x>")


def test_nothing_changes_a_frozen_one() -> None:
    value = Point(1)
    for change in (lambda: setattr(value, "x", 2), lambda: setattr(value, "z", 2), lambda: delattr(value, "x")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            change()
    assert value == Point(1)


def test_one_that_is_not_frozen_is_changed_and_not_hashed() -> None:
    tally = Tally()
    tally.seen = ["a"]
    assert tally == Tally(seen=["a"])
    with pytest.raises(TypeError):
        hash(tally)


@pytest.mark.parametrize("change", [replace, dataclasses.replace])
def test_replace_makes_a_copy_by_the_class(change: Any) -> None:
    assert change(Ours(name="abc", end=1), name="ab") == Ours(name="ab", end=1)
    assert change(Ours(name="abc"), name="ab").length == 2
    assert change(Point(1, 2), y=3) == Point(1, 3)
    with pytest.raises((TypeError, ValueError)):
        change(Ours(name="abc"), length=1)


def test_copies_and_pickles_are_equal() -> None:
    for value in (Ours(name="abc", many=[1], aside=9), Point(1, 2), Tally(seen=["a"]), Named(word="x")):
        for again in (copy.copy(value), copy.deepcopy(value), *(pickle.loads(pickle.dumps(value, n)) for n in (2, 5))):
            assert again == value
            assert repr(again) == repr(value)


def test_a_dataclass_can_come_of_one() -> None:
    @dataclasses.dataclass(frozen=True)
    class More(Point):
        z: int = 5

    assert dataclasses.asdict(More(1, 2)) == {"x": 1, "y": 2, "z": 5}


def test_defining_and_making_one_loads_no_inspection() -> None:
    program = (
        "import sys; from pithtex.findings import Rect; from pithtex.structs import struct\n"
        "@struct\nclass A:\n  x: int\n"
        "assert A(x=1) == A(x=1) and hash(A(x=1)) and repr(A(x=1)) == 'A(x=1)'\n"
        "assert not {'dataclasses', 'inspect'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
