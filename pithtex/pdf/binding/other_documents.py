"""Words that say what a document is to the paper whose title it bears: a comment, a correction, a referee's report.

One list, of words that stand anywhere in a line above a title or directly below it, in the languages of journals.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from pithtex.patterns import folded, pattern

_MAX_WORDS: Final = 16
"""A longer line is a sentence, such as a publisher's notice."""

_WHOSE: Final = r"(?:authors?|editors?|our|an?|in|the)\W?s?"
_JUDGEMENT: Final = "(?:rapport|avis|bericht|informe)"
# All of them in the form of `folded`.
_WORDS: Final = rf"""
    comments? | commentar(?:y|ies) | comentarios? | commentaires? | kommentare? | commento | rebuttals? | rejoinders?
    | critiques? | objections? | discussion (?:of|on) | {_WHOSE} responses? | {_WHOSE} reply | {_WHOSE} replies
    | {_WHOSE} answers? | responses? (?:to|from|by) | letter of response | reply (?:to|from|by|of)
    | replies (?:to|from|by|of) | answers? (?:to|from|by|of) | respuestas? | resposta | risposta | antwort | erwiderung
    | entgegnung | stellungnahme | replik | r[ée]plica | svar | reactie | vastaus | odpowied[źz] | v[áa]lasz
    | r[ée]ponses? (?:à|a|aux?|des?) | ответ | referees? | reviewers?
    | (?:critical|meta|open|post-publication|ethics|statistical|artifact)[ -]review | review form | matters arising
    | (?:peer[ -])?review (?:files?|history|reports?|comments?|information|record) | book review | decision letter
    | cover letter | gutachten | parecer | отзыв | cr[ií]tica (?:d[aeo]l?|a) | kritik an | compte[ -]rendu | rese[ñn]a
    | resenha | \w*rezension | \w*besprechung | \w*recensi(?:one?|e) | \w*bespreking | recenz(?:ja|e|ie) | recensent
    | anmeldelse | arvostelu | beoordeling | leserbrief | lettre (?:à la|au) r[ée]dact\w+
    | cartas? al (?:editor|director) | cartas? ao editor | lettera al (?:direttore|editore) | r[ée]pondre | odpov\w+
    | odgovor | reazione a | anmerkung(?:en)? (?:zu|über) | rapport de (?:relecture|lecture) | nota del editor
    | uwagi do | {_JUDGEMENT} d\w+ rapporteur\w* | {_JUDGEMENT} d\w+ relecteur\w* | {_JUDGEMENT} d\w+ gutachter\w*
    | {_JUDGEMENT} d\w+ revisor\w* | opmerkingen | (?:an|be)merkungen (?:zu|über) | (?:notes|remarques) sur
    | osservazioni s\w+ | observa(?:ciones|ções) sobre

    | corrections?(?! codes?) | errat(?:um|as?) | addend(?:um|a) | expressions? of concern | withdrawn | withdrawal
    | publisher\W?s? note | corre[çc][ãa]o | rettifica | fe de erratas | rectificatif | correctif | gegendarstellung
    | oprav[ay] | ispravak | ispravka | correctie | oikaisu | errat[aà] corrige | nachtrag | till[äæ]gg | dodatek
    | lisäys | r[æä]ttelse | rettelse | sprostowanie | helyesb[ií]t[ée]s | d[üu]zeltme

    | supporting (?:information|material|online) | additional (?:files?|data|information|materials?)
    | extended (?:files?|data|information|materials?) | (?:zusatz|begleit)material\w* | erg[äa]nzende\w* \w+ | bijlage
    | bilaga | liite | za[łl][ąa]cznik | p[řr][íi]loha | mell[ée]klet | appendi(?:x|ces) | anhang | annex(?:e|es)?
    | beilagen? | ap[éeê]ndices? | appendice | anexos? | allegat[oi] | material(?:es)? complementari\w+
    | aanvullen\w+ \w+ | supplerende \w+ | приложени[ея] | (?:press|news|media) release | for immediate release
    | communiqu\w+ de presse | (?:comunicado|nota) de prensa | persbericht | pressemeddelelse | comunicato stampa
    | komunikat prasowy | (?:graphical|visual) abstract | study guide
    | (?:speaker|discussion|reading|group|study|release|editor|editorial|author)\W?s? notes? | notes? (?:on|to) the
    | checklist | (?:english |a )translation | translat(?:ed|ion of) | traduc(?:tion|ci[oó]n) | tradu[çc][ãa]o
    | traduzione | vertaling | käännös | översättning | overs[æe]ttelse | oversettelse | překlad
    | ford[íi]t[áa]s | [üu]bersetzung | t[łl]umaczenie | перевод | zusammenfassung (?:von|de|del|di)
    | r[ée]sum[ée] (?:von|de|del|di) | resumen (?:von|de|del|di) | riassunto (?:von|de|del|di)
    | (?:executive|lay|plain[ -]language|reporting|editor\W?s|author\W?s) summary | research highlights?
    | (?:thesis|dissertation|doctoral|phd|project) proposal | in memoriam | nachruf | podcast | video abstract
    | (?:presentation|lecture|talk|conference) slides | vortragsfolien | \w*folien | diapositiv\w+ | excerpts?
    | removal notice | notice of (?:\w+ )?(?:plagiarism|removal|violation|concern|duplicat\w+|redundan\w+)
    | parody (?:of|on) | curriculum vitae | reading list | minutes of
"""
"""Answers and judgements; corrections; parts, repetitions, and what others make of a paper."""
_STEMS: Final = r"""
    plagia | fraudul | hoax | spoof | refut | r[ée]fut | widerleg | debunk | komment[aá] | koment[aář] | coment[áa]ri
    | комментари | σχόλι | возражени | revisor | rapports? d\W | informe de (?:revisi|los) | рецензи | corrigend
    | korrigendum | r[ée]tract | retrata[çc] | retratado | ritratt | retirad[oa] | widerruf | ingetrokken
    | til(?:bage|bake)tr[uæ]k | tillbakadrag | wycofan | geri [çc]ekil | peruutet | visszavon | correcci[oó]n
    | correzion | rectificat | berichtigung | korrektur | zur[üu]ckgezogen | дополнени | исправлени | опечатк | поправк
    | διόρθωσ | (?<!\d )sup+l[ée]ment(?!s? series|s? issue) | suplement | reproducib | reproduktion
    | reproduc\w+ (?:of|report|study|de) | replicat | replicaci | pressemitteilung | пресс-релиз
"""
"""Beginnings of words."""
_ALONE: Final = r"""
    discussion | translation | reproduction | highlights | exercises | solutions | transcript | interview | parody
    | satire | obituary | superseded(?: version)? | (?:lecture |talk )?slides(?: (?:for|of|on))? | slide deck
    | blog ?post | presentation | talk | vortrag | pr[ée]sentation | presentaci[oó]n | apresenta[çc][ãa]o | exam | quiz
    | homework | fake(?: news)? | user guide | readme | patents? | us patent\W.* | foreword | afterword | preface
    | epilogue | prologue | dedication | vorwort | nachwort | avant-propos | pr[óo]logo | prefazione | obsolete
    | deprecated | outdated | abridged(?: version)? | r[ée]ponse | cevap | yorum | kommentti | preview | announcement
    | annotated bibliography | abstract only | news (?:&|and) views | frequently asked questions | faq
    | (?:talk|seminar) announcement | patent application | (?:grant|research) proposal | letters? to the editors?
    | notes? de lecture | cheat ?sheet | user\W?s? manual | advertisement
"""
"""As the whole of a line."""
_EAST: Final = """
    关于 關於 评论 評論 回复 回覆 答复 勘误 勘誤 更正 撤稿 附录 附錄 补充 補充 审稿 審稿 新闻稿
    訂正 正誤 補足 補遺 査読 付録 返答 コメント 撤回 翻译 翻訳 정정 부록 논평 응답
"""
"""Anywhere in a line."""
_FORMS: Final = ((_WORDS, r"\b(?:{})\b"), (_STEMS, r"\b(?:{})"), (_ALONE, r"^\W*(?:{})\W*$"))
_PEER_REVIEW: Final = ("peer", r"\bpeer[ -]review\W*$")
_MAY_DIFFER: Final = pattern(r"\((?:[^()]|\([^()]*\))*\)[?*+]?|\[[^]]*\][?*+]?|\\.[?*+]?|.[?*+]")
"""What stands in a pattern for other letters, or for letters that may be missing."""
_LETTERS_APART: Final = pattern(r"\W*(?:\w ){5}")
_SPACED: Final = pattern(
    r"\W*(?:comment|repl[iy]|response|errat|corr[ei]|supplement|referee|reviewer|rebuttal|retract|withdrawn|appendi)",
)
"""How headings begin that are set with a space between their letters."""
_HARMLESS: Final = pattern(
    r"\bcomments?(?: are| most| very| and suggestions)* (?:welcome|appreciated)\b"
    r"|^\W*(?:re(?:printed|issued|produced)|revised|updated)\b.{0,20}\bcorrections?\b",
)
"""What authors ask of readers of a draft, and where a paper that was printed again comes from."""
_LONG: Final = pattern(r"\w{4,}")
_AT_THE_START: Final = pattern(
    r"\W*(?:(?:an? |the |my |our |further )?(?:reply|replies|responses?|answers?|remarks?|summary|correspondence on)\b"
    r"|review(?:ed|er\W?s report) by \w|rezensiert von|recensito da|rese[ñn]ado por|a refutation)",
)


def other_document(text: str, title: str) -> bool:
    """Tells whether a line says that its page is another document of the paper with that title.

    Args:
        text: the line. A short form of the title, such as a running head, says nothing.
        title: the paper's.
    """
    text = folded(text)
    if _LETTERS_APART.match(text) and _SPACED.match(text.replace(" ", "")):
        return True
    if "comment" in text or "correction" in text:
        text = _HARMLESS.sub("", text)
    if len(text.split()) > _MAX_WORDS or not (_is_named(text) or _AT_THE_START.match(text)):
        return False
    long = _LONG.findall(text)
    own = sum(word in title.casefold() for word in long)
    return own < 2 or 2 * own < len(long)


def _is_named(text: str) -> bool:
    """Tells whether a line, as `folded` gives it, has one of the words."""
    return any(letters in text and re.search(form, text) for letters, form in _rows()) or any(
        word in text for word in _EAST.split()
    )


@cache
def _rows() -> list[tuple[str, str]]:
    """Returns a pattern for each of the words, and the letters that each text has that it matches.

    One pattern of them all takes longer to compile than a page to read, and few lines have the letters of any.
    """
    return [
        (max(_MAY_DIFFER.split(word), key=len), form.format(word))
        for words, form in _FORMS
        for word in " ".join(words.split()).split(" | ")
    ] + [_PEER_REVIEW]
