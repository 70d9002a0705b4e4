"""Whether lines are a record's title: what differs makes it another, what is tolerated is named."""

from __future__ import annotations

import pytest

from pithtex.pdf.binding.same_title import is_title, read_source
from pithtex.pdf.evidence import TextLine


def shows(title: str, *lines: str, levels: str = "") -> bool:
    """Whether lines, the last of which has characters at these levels, are the title."""
    marks = [""] * (len(lines) - 1) + [levels]
    boxes = [TextLine(text, (0, 0, 1, 1), 10, "F", 0, mark) for text, mark in zip(lines, marks, strict=True)]
    return is_title(read_source(title), boxes)


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Black Holes, Part I", "Black Holes, Part II"),
        ("Euler in 2D", "Euler in 3D"),
        ("Networks Are Robust", "Networks Are Not Robust"),
        ("$SU(2)$ Gauge Theory", "SU(5) Gauge Theory"),
        ("P = NP, Relatively", "P < NP, Relatively"),
        ("P ≠ NP, Relatively", "P = NP, Relatively"),
        (r"$P \neq NP$, Relatively", "P = NP, Relatively"),
        ("A Subset of C", "A Subset of C++"),
        ("A Subset of C+", "A Subset of C++"),
        ("Models Are Reasoners", "Models Are Reasoners?"),
        ("Models Are Reasoners!", "Models Are Reasoners"),
        ("Curvature of -1", "Curvature of 1"),
        ("Curvature $-1$", "Curvature 1"),
        ("$n-1$ Keys", "n+1 Keys"),
        ("A* Search", "A Search"),
        ("$D$ Mesons", "D∗ Mesons"),
        ("$f'$ Bounds", "f Bounds"),
        ("A 3.9 GHz Cavity", "A 39 GHz Cavity"),
        ("Rates of 1/2", "Rates of 12"),
        ("$o(n)$ Time", "O(n) Time"),
        (r"$\gamma$ Decay", "Γ Decay"),
        (r"$\alpha$ Decay", "β Decay"),
        (r"$\sqrt{s}$ = 7", "s = 7"),
        (r"$\pi^+\pi^-$ Pairs", "π+π+ Pairs"),
        ("Sets A and B", "Sets A \ufffd and B"),
        ("The Llama", "The Llama2"),
        ("Actions on SL", "Actions on SL1"),
    ],
)
def test_another_title(title: str, shown: str) -> None:
    assert not shows(title, shown)
    assert shows(title, title) or "\\" in title or "$" in title


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Peer-to-Peer Nets", "Peer to Peer Nets"),
        ("SNIK Graph---Visualizing", "SNIK Graph—Visualizing"),
        ("Early LISP (1956 - 1959)", "Early LISP: 1956–1959"),
        ("Part 1 -- Rates", "PART 1 – RATES"),
        ("``Quoted'' Caches", "“Quoted” Caches"),
        (r"100\% Hits in C\#", "100% Hits in C#"),
        ("$SU(2)$ Gauge Theory", "SU(2) Gauge Theory"),
        (r"SU(2)$\times$U(1)", "SU(2)×U(1)"),
        (r"$\alpha$-Caches", "α-Caches"),
        (r"$\Delta$-Caches", "∆-Caches"),
        (r"$O(\log n)$ Time", "O(log n) Time"),
        ("$pp$ Collisions", "𝒑𝒑 Collisions"),
        (r"$\sqrt{s}=7$ TeV", "√s = 7 TeV"),
        (r"$e^+e^-\to\pi^+\pi^-$", "e+e−→π+π−"),
        (r"$P \neq NP$", "P \u0338= NP"),
        ('Schr\\"odinger and Erd\\H{o}s', "Schrödinger and Erdős"),
        ("Stra\\ss e", "Straße"),
        ("Simplified Configurations", "Simpli#ed Con\ufffdgurations"),
        ("Simplified", "Simpli ed"),
        ("Hints for Design", "Hints for Design1"),
        ("Hints for Design", "HINTS FOR DESIGN*"),
        ("Kelips: A Store", "Kelips∗: A Store"),
    ],
)
def test_the_same_title(title: str, shown: str) -> None:
    assert shows(title, shown)


def test_a_hyphen_at_a_lines_end_may_be_the_typesetters() -> None:
    assert shows("Interleaved Time-Sharing", "Inter-", "leaved Time-", "Sharing")


@pytest.mark.parametrize(
    ("title", "shown", "levels", "same"),
    [
        ("Theory of Systems", "Theory of Systems?", f"{' ' * 17}^", True),
        ("Theory of Systems?", "Theory of Systems?", f"{' ' * 17}^", False),
        ("Theory of Systems", "Theory of Systems1,2", f"{' ' * 17}^^^", True),
        ("Theory of Systems", "Theory of Systems12", f"{' ' * 17}  ", False),
        ("Wave Maps on R", "Wave Maps on R2", f"{' ' * 14}^", False),
        ("Actions of PSL", "Actions of PSL2", f"{' ' * 14}^", False),
        ("DEEP CACHES", "DEEP CACHES1", f"{' ' * 11}^", True),
        ("Why Does It Work?", "Why Does It Work?∗", f"{' ' * 17}^", True),
        ("Theory of Systems", "Theory of Systems \u2729", f"{' ' * 18}^", True),
        ("Systems or Caches", "Systems1 or Caches2", f"{' ' * 7}^{' ' * 10}^", True),
        ("Systems or Caches", "Systems1 or Caches2", "", False),
        ("On PSL of Caches", "On PSL2 of Caches", f"{' ' * 6}^", False),
        ("Plenary Caches", "1.1 Plenary Caches", "   =              ", True),
        ("Plenary Caches", "1.1 Plenary Caches", "", False),
        ("$H_2^+$ Ions", "H+2 Ions", " ^_     ", True),
        ("H2+ Ions", "H+2 Ions", " ^_     ", True),
        (r"$x_i^2$ Sums", "x2i Sums", " ^_     ", True),
        ("$10^{12}$ Events", "1012 Events", "  ^^", True),
        ("$10^{12}$ Events", "1012 Events", "", False),
        ("$B^0_s$ Mesons", "B0s Mesons", " ^_", True),
        ("$B^0$ Mesons", "B0 Mesons", " _", False),
        ("B0 Mesons", "B0 Mesons", " ^", True),
        ("102 Events", "102 Events", "  ^", False),
    ],
)
def test_marks_are_told_by_their_place(title: str, shown: str, levels: str, same: bool) -> None:
    assert shows(title, shown, levels=levels) is same
