"""Words that say what a document is to the paper whose title it bears: a comment, a correction, a referee's report.

One list, of words that stand anywhere in a line above a title or directly below it, in the languages of journals.
"""

from __future__ import annotations

from typing import Final

from pithtex.patterns import folded, pattern

_MAX_WORDS: Final = 16
"""A longer line is a sentence, such as a publisher's notice."""

_WORDS: Final = (
    # Answers and judgements
    r"comments?|commentar(?:y|ies)|comentarios?|commentaires?|kommentare?|commento|rebuttals?|rejoinders?|critiques?"
    r"|objections?|discussion (?:of|on)|(?:authors?|editors?|our|an?|in|the)\W?s? (?:responses?|reply|replies|answers?)"
    r"|responses? (?:to|from|by)|letter of response|(?:reply|replies|answers?) (?:to|from|by|of)|respuestas?|resposta"
    r"|risposta|antwort|erwiderung|entgegnung|stellungnahme|replik|r[ée]plica|svar|reactie|vastaus|odpowied[źz]|v[áa]lasz"
    r"|r[ée]ponses? (?:à|a|aux?|des?)|ответ|(?:referee|reviewer)s?|(?:critical|meta|open|post-publication)[ -]review"
    r"|(?:peer[ -])?review (?:files?|history|reports?|comments?|information|record)|book review|decision letter"
    r"|cover letter|gutachten|parecer|отзыв|cr[ií]tica (?:d[aeo]l?|a)|kritik an|compte[ -]rendu|rese[ñn]a|resenha"
    r"|rezension|besprechung|recensi(?:one?|e)|recenz(?:ja|e|ie)|beoordeling|leserbrief|nota del editor|uwagi do"
    r"|(?:rapport|avis|bericht|informe) d\w+ (?:rapporteur|relecteur|gutachter|revisor)\w*|opmerkingen"
    r"|(?:an|be)merkungen (?:zu|über)|(?:notes|remarques) sur|osservazioni s\w+|observa(?:ciones|ções) sobre"
    # Corrections
    r"|corrections?(?! codes?)|errat(?:um|as?)|addend(?:um|a)|expressions? of concern|withdrawn|withdrawal"
    r"|publisher\W?s? note|corre[çc][ãa]o|rettifica|fe de erratas|rectificatif|correctif|gegendarstellung|oprav[ay]"
    r"|r[æä]ttelse|rettelse|sprostowanie|helyesb[ií]t[ée]s|d[üu]zeltme"
    # Parts, repetitions, and what others make of a paper
    r"|supporting (?:information|material|online)|(?:additional|extended) (?:files?|data|information|materials?)"
    r"|(?:zusatz|begleit)material\w*|erg[äa]nzende\w* \w+|bijlage|bilaga|liite|za[łl][ąa]cznik|p[řr][íi]loha"
    r"|mell[ée]klet|appendi(?:x|ces)|anhang|annex(?:e|es)?|beilagen?|ap[ée]ndices?|appendice|приложени[ея]"
    r"|(?:press|news|media) release|for immediate release|communiqu\w+ de presse|(?:comunicado|nota) de prensa"
    r"|persbericht|pressemeddelelse|comunicato stampa|komunikat prasowy|(?:graphical|visual) abstract|study guide"
    r"|(?:speaker|discussion|reading|group|study|release|editor|editorial|author)\W?s? notes?|notes? (?:on|to) the"
    r"|checklist|(?:english |a )translation|translat(?:ed|ion of)|traduc(?:tion|ci[oó]n)|tradu[çc][ãa]o|traduzione"
    r"|[üu]bersetzung|t[łl]umaczenie|перевод|(?:zusammenfassung|r[ée]sum[ée]|resumen|riassunto) (?:von|de|del|di)"
    r"|(?:executive|lay|plain[ -]language|reporting|editor\W?s|author\W?s) summary"
)
_STEMS: Final = (
    r"refut|r[ée]fut|widerleg|debunk|komment[aá]|koment[aář]|coment[áa]ri|комментари|σχόλι|возражени|revisor"
    r"|rapports? d\W|informe de (?:revisi|los)|рецензи|corrigend|korrigendum|retract|correcci[oó]n|correzion|rectificat"
    r"|berichtigung|korrektur|zur[üu]ckgezogen|дополнени|исправлени|опечатк|поправк|διόρθωσ"
    r"|(?<!\d )sup+l[ée]ment(?!s? series|s? issue)|suplement|reproducib|reproduktion|reproduc\w+ (?:of|report|study|de)"
    r"|replicat|replicaci|pressemitteilung|пресс-релиз"
)
"""Beginnings of words."""
_EAST: Final = (
    "关于|關於|评论|評論|回复|回覆|答复|勘误|勘誤|更正|撤稿|附录|附錄|补充|補充|审稿|審稿|新闻稿"
    "|訂正|正誤|補足|補遺|査読|付録|返答|コメント|勘誤|撤回|翻译|翻訳|정정|부록|논평|응답"
)
_ALONE: Final = (
    r"discussion|translation|reproduction|highlights|exercises|solutions|transcript|interview|parody|satire|obituary"
    r"|superseded(?: version)?|(?:lecture |talk )?slides(?: (?:for|of|on))?|slide deck|blog ?post|abstract only"
    r"|news (?:&|and) views|frequently asked questions|faq|(?:talk|seminar) announcement|patent application"
    r"|(?:grant|research) proposal|letters? to the editors?|notes? de lecture|cheat ?sheet|user\W?s? manual"
    r"|advertisement"
)
"""As the whole of a line."""
# All of them in the form of `folded`: to compile them for letters of either case takes three times as long.
_ANYWHERE: Final = pattern(
    rf"\b(?:(?:{_WORDS})\b|{_STEMS})|^\W*(?:{_ALONE})\W*$|\bpeer[ -]review\W*$|{_EAST}",
)
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
    r"\W*(?:an? |the |my |our |further )?(?:reply|replies|responses?|answers?|remarks?|summary|correspondence on)\b",
)


def other_document(text: str, title: str) -> bool:
    """Tells whether a line says that its page is another document of the paper with that title.

    Args:
        text: the line. A short form of the title, such as a running head, says nothing.
        title: the paper's.
    """
    text = folded(text)
    if _SPACED.match(text.replace(" ", "")) and _LETTERS_APART.match(text):
        return True
    text = _HARMLESS.sub("", text)
    if len(text.split()) > _MAX_WORDS or not (_ANYWHERE.search(text) or _AT_THE_START.match(text)):
        return False
    long = _LONG.findall(text)
    own = sum(word in title.casefold() for word in long)
    return own < 2 or 2 * own < len(long)
