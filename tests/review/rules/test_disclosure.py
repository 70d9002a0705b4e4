"""What an upload gives away: keys and links to everyone, and the authors of an anonymous paper."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.review.test_small_papers import ACL, BIB, review, tex

LONG = "a1B2c3D4" * 8

SECRETS = (
    f"OPENAI_API_KEY=sk-proj-{LONG[:48]}",
    f"sk-ant-api03-{LONG[:40]}",
    "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "ASIAIOSFODNN7EXAMPLE",
    "https://hooks.slack.com/services/T000/B000/abcdefghijklmnop",
    "-----BEGIN PGP PRIVATE KEY BLOCK-----",
    "https://www.overleaf.com/1234567890abcdefghijkl",
    "https://www.overleaf.com/read/abcdefghijkl",
    "https://drive.google.com/drive/folders/1AbCdEfGhIjKlMnOpQrStUvWxYz?usp=sharing",
    "https://1drv.ms/w/s!AbCdEfGhIj",
    "https://bob:s3cretpw@git.example.org/x.git",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N",
    f"npm_{LONG[:36]}",
    f"sk_live_{LONG[:24]}",
    f"123456789:AA{LONG[:33]}",
    f"WANDB_API_KEY={LONG[:40]}",
    "password: hunter2",
    "password = correcthorse",
    'passwd = "tr0ub4dor"',
    "the password is hunter2",
)
PROSE = (
    "The password is required to be long; passwords are strings: they matter.",
    "We hash each password: SHA-256 with a salt, and a password: the user's own word, is kept.",
    "See sk-learn-based-models-for-large-tables and the risk-averse case.",
    "The access token of a lexer = one word. A secret key is drawn at random.",
    "https://www.overleaf.com/learn/latex/Bibliography_management",
    "https://docs.google.com/forms and https://user@example.org",
    "The data are at https://drive.google.com/drive/folders/1AbCdEfGhIjKlMnOpQrStUvWxYz.",
)


@pytest.mark.parametrize("text", SECRETS)
def test_secrets(text: str, tmp_path: Path) -> None:
    _, result = review(tmp_path / "paper", {"main.tex": tex(f"% {text}")})
    found = [(item["code"], item["line"]) for item in result["findings"] if item["code"] != "PITH842"]
    assert found == [("PITH841", 10)]
    assert not any(text[12:] in item["message"] for item in result["findings"])


@pytest.mark.parametrize("text", PROSE)
def test_no_secrets(text: str, tmp_path: Path) -> None:
    _, result = review(tmp_path / "paper", {"main.tex": tex(text)})
    assert result["findings"] == []


def test_secrets_of_what_goes_up_beside_the_sources(tmp_path: Path) -> None:
    token = f"ghp_{LONG[:36]}"
    files: dict[str, str | bytes] = {
        "main.tex": tex("\\cite{known}\\bibliographystyle{plain}\\bibliography{refs}\\lstinputlisting{run.py}"),
        "refs.bib": BIB.replace("A Result", token),
        "run.py": f"TOKEN = '{token}'\n",
        "anc/more.py": f"TOKEN = '{token}'\n",
        "left/other.py": f"TOKEN = '{token}'\n",
    }
    _, result = review(tmp_path / "paper", files)
    places = {Path(item["file"]).name for item in result["findings"] if item["code"] == "PITH841"}
    assert places == {"refs.bib", "run.py", "more.py"}


LEAKS = {
    "\\textbf{Acknowledgements.} We thank Bob.": "PITH844",
    "This work was partially supported by the Science Fund.": "PITH844",
    "Mail to ann.author@uni.example for the data.": "PITH845",
    "Ann, \\url{https://orcid.org/0000-0001-2345-6789}": "PITH845",
    "\\url{https://sites.google.com/view/annauthor}": "PITH845",
    "As we showed in \\cite{a}, it holds.\\begin{thebibliography}{1}\\bibitem{a}A.\\end{thebibliography}": "PITH846",
    "The work was done by hand, and the study supports it.": None,
    "Mail to info@example.org for the data.": None,
}


@pytest.mark.parametrize("text", LEAKS)
def test_leaks_of_an_anonymous_paper(text: str, tmp_path: Path) -> None:
    _, result = review(tmp_path / "paper", {"main.tex": tex(text, "\\usepackage[review]{acl}\n"), "acl.sty": ACL})
    code = LEAKS[text]
    assert [(item["code"], item["line"]) for item in result["findings"]] == ([(code, 11)] if code else [])


def test_the_box_of_the_authors_is_hidden_anyway(tmp_path: Path) -> None:
    box = "Ann Author\\\\ \\texttt{ann.author@uni.example} \\orcidlink{0000-0001-2345-6789}\\thanks{Funded by X.}"
    paper = tex("\\email{ann.author@uni.example}", "\\usepackage[review]{acl}\n").replace("Ann Author", box)
    _, result = review(tmp_path / "paper", {"main.tex": paper, "acl.sty": ACL})
    assert result["findings"] == []


@pytest.mark.parametrize(
    ("author", "hidden"),
    [
        ("Anonymous Author(s)", True),
        ("Anonymous submission", True),
        ("Paper \\#123", True),
        ("Author names withheld", True),
        ("Ann Author", False),
        ("Anonymus Bosch", False),
    ],
)
def test_authors_who_are_called_anonymous(author: str, hidden: bool, tmp_path: Path) -> None:
    paper = tex("See \\section*{Acknowledgements} Bob.").replace("Ann Author", author)
    _, result = review(tmp_path / "paper", {"main.tex": paper})
    assert [item["code"] for item in result["findings"]] == (["PITH844"] if hidden else [])
