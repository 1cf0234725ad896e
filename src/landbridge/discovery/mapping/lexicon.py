"""Words of many languages to concepts: the alphabet in which columns and phrases are compared."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files

from landbridge.discovery.mapping.normalise import ColumnName, fold, without_umlaut_spelling

ONLY = "only"
LANGUAGES = (
    *(
        "en",
        "de",
        "fr",
        "es",
        "it",
        "pt",
        "nl",
        "pl",
        "sv",
        "da",
        "cs",
        "fi",
        "hu",
        "ro",
        "tr",
        "ru",
    ),
    *("ja", "zh", "ko"),
)
STOP = "stop"
_LONGEST = 6
_SHORT_PARTS = frozenset({"ip", "os", "id", "vm", "db", "hw", "sw", "ci", "rz", "nr", "no", "pc"})
_LINKS = ("", "s", "es", "n", "en", "e")
_ENDINGS = ("s", "es", "n", "en", "e", "er", "es")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORD = re.compile(r"[^\w#%]+")


def read_data(name: str) -> list[tuple[str, str]]:
    """The `key: text` lines of a data file of this package, comments left out."""
    text = files("landbridge.discovery.mapping").joinpath("data", name).read_text("utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return [(k.strip(), v.strip()) for k, _, v in (line.partition(":") for line in lines)]


class Lexicon:
    """The words of one language.

    Attributes:
        words: single words and groups of words, normalised, to concepts.
        squashed: groups of words written as one.
    """

    __slots__ = ("language", "squashed", "words")

    def __init__(self, language: str) -> None:
        self.language = language
        self.words: dict[str, str] = {}
        self.squashed: dict[str, str] = {}
        for concept, text in read_data(f"lexicon/{language}.txt"):
            own = [concept.replace("_", " ")] if language == "en" else []
            for word in (*text.split(","), *own):
                key = " ".join(t for t in _WORD.split(fold(word)) if t)
                self.words.setdefault(key, concept)
                if " " in key:
                    self.squashed.setdefault(key.replace(" ", ""), concept)


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of a language, read once."""
    return Lexicon(language)


def concepts(
    tokens: Sequence[str],
    languages: tuple[str, ...] = ("en",),
    cut: frozenset[str] = frozenset(),
) -> tuple[str, ...]:
    """The concepts that the words of a column name stand for, in order.

    A word of no lexicon is its own concept, so that two names that share it still meet.
    Words of other languages than the given are looked up too, unless `ONLY` is among them.

    Args:
        tokens: the words.
        languages: the languages of the table, the likeliest first.
        cut: words that are abbreviated; they stand for the words they begin.
    """
    return _concepts(tuple(tokens), languages, cut)


@lru_cache(maxsize=65536)
def _concepts(
    tokens: tuple[str, ...], languages: tuple[str, ...], cut: frozenset[str]
) -> tuple[str, ...]:
    found: list[str] = []
    position = 0
    while position < len(tokens):
        length, concept = _longest_group(tokens, position, languages)
        if concept is None:
            token = tokens[position]
            spelt_out = _spelt_out(token, languages) if token in cut else None
            found.extend((spelt_out,) if spelt_out else _single(token, languages))
            length = 1
        else:
            found.append(concept)
        position += length
    return tuple(c for c in dict.fromkeys(found) if c != STOP)


def _longest_group(
    tokens: tuple[str, ...], position: int, languages: tuple[str, ...]
) -> tuple[int, str | None]:
    own = tuple(x for x in languages if x != ONLY)
    others = () if ONLY in languages else tuple(x for x in LANGUAGES if x not in languages)
    for length in range(min(_LONGEST, len(tokens) - position), 1, -1):
        group = " ".join(tokens[position : position + length])
        for language in own + others:
            words = lexicon(language).words
            concept = words.get(group) or (words.get(group[:-1]) if group[-1] == "s" else None)
            if concept is not None:
                return length, concept
    return 1, None


@lru_cache(maxsize=65536)
def _single(token: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    own = tuple(x for x in languages if x != ONLY)
    others = () if ONLY in languages else tuple(x for x in LANGUAGES if x not in languages)
    for group in (own, others):
        for form in _forms(token):
            for language in group:
                if language == "en" and form not in _english_forms(token):
                    continue
                words = lexicon(language)
                concept = words.words.get(form) or words.squashed.get(form)
                if concept is not None:
                    return (concept,)
        parts = _split(token, group) if group is own or _CJK.search(token) else None
        if parts:
            return parts
    near = _nearest(token, own)
    return (near or token,)


@lru_cache(maxsize=4096)
def _spelt_out(token: str, languages: tuple[str, ...]) -> str | None:
    """The concept that most words beginning like this abbreviation stand for."""
    for language in languages:
        if language == ONLY:
            continue
        words = lexicon(language).words
        if token in words:
            return words[token]
        counts = Counter(c for w, c in words.items() if " " not in w and w.startswith(token))
        if counts:
            return counts.most_common(1)[0][0]
    return None


def _forms(token: str) -> list[str]:
    forms = [token]
    plain = without_umlaut_spelling(token)
    if plain != token:
        forms.append(plain)
    if len(token) > 4:
        forms.extend(
            t[: -len(e)]
            for t in tuple(forms)
            for e in _ENDINGS
            if t.endswith(e) and len(t) - len(e) >= 4
        )
    return forms


def _english_forms(token: str) -> tuple[str, ...]:
    """English words end in -s or -es only: a poller is no poll."""
    plain = without_umlaut_spelling(token)
    return (token, plain, token.removesuffix("s"), token.removesuffix("es"))


def _split(token: str, languages: tuple[str, ...]) -> tuple[str, ...] | None:
    """Take a compound apart: `servertyp`, `cpucount`, `ホスト名一覧`."""
    if _CJK.search(token):
        return _split_cjk(token, languages)
    if not 4 <= len(token) <= 40:
        return None
    best: dict[int, tuple[int, tuple[str, ...]]] = {0: (0, ())}
    plain = without_umlaut_spelling(token)
    for end in range(2, len(plain) + 1):
        for start in range(max(0, end - 24), end - 1):
            if start not in best:
                continue
            count, parts = best[start]
            concept = _part(plain[start:end], languages, last=end == len(plain))
            if concept is not None and count < 4:
                candidate = (count + 1, (*parts, concept))
                if end not in best or candidate[0] < best[end][0]:
                    best[end] = candidate
    result = best.get(len(plain))
    return result[1] if result and result[0] > 1 else None


def _part(text: str, languages: tuple[str, ...], *, last: bool) -> str | None:
    for link in ("",) if last else _LINKS:
        stem = text[: len(text) - len(link)] if link and text.endswith(link) else text
        if link and stem == text:
            continue
        if len(stem) < 3 and stem not in _SHORT_PARTS:
            continue
        for language in languages:
            words = lexicon(language)
            concept = words.words.get(stem) or words.squashed.get(stem)
            if concept is not None and concept != STOP:
                return concept
    return None


def _split_cjk(token: str, languages: tuple[str, ...]) -> tuple[str, ...] | None:
    found: list[str] = []
    known = 0
    position = 0
    words = {
        w: c
        for x in languages
        if x in {"ja", "zh", "ko", "en"}
        for w, c in lexicon(x).words.items()
    }
    while position < len(token):
        for end in range(len(token), position, -1):
            concept = words.get(token[position:end])
            if concept is not None and (end - position > 1 or _CJK.match(token[position])):
                found.append(concept)
                known += 1
                position = end
                break
        else:
            position += 1
    return tuple(found) if known else None


def _nearest(token: str, languages: tuple[str, ...]) -> str | None:
    """The concept of a word that differs by one letter; only for long words."""
    if len(token) < 6 or not token.isascii() or not token.isalpha():
        return None
    from rapidfuzz.distance import Levenshtein
    from rapidfuzz.process import extractOne

    for language in languages:
        words = lexicon(language).words
        hit = extractOne(token, _long_words(language), scorer=Levenshtein.distance, score_cutoff=1)
        other_ending = language == "en" and hit is not None and hit[0][:-1] == token[:-1]
        if hit and hit[0][:3] == token[:3] and not other_ending:
            return words[hit[0]]
    return None


@cache
def _long_words(language: str) -> list[str]:
    return [w for w in lexicon(language).words if " " not in w and len(w) >= 6]


def languages_of(names: Sequence[ColumnName]) -> tuple[str, ...]:
    """The languages a table's header is written in, the likeliest first; English is always one.

    A word counts for a language only if English does not have it. Where nearly all words are
    English, `ONLY` keeps false friends of other languages out.
    """
    english = lexicon("en")
    foreign = []
    for name in names:
        joined = " ".join(name.tokens)
        own = [
            t
            for t in name.tokens
            if len(t) > 1 and t not in english.words and t not in english.squashed
        ]
        foreign.append(("" if joined in english.words else joined, own))
    hits: dict[str, float] = {}
    for language in LANGUAGES[1:]:
        words = lexicon(language).words
        score = 0.0
        counted: set[str] = set()
        for joined, own in foreign:
            if joined and joined in words and joined not in counted:
                counted.add(joined)
                score += 1.0
            elif own:
                new = [t for t in own if t not in counted]
                counted.update(new)
                known = sum(1 for t in new if any(f in words for f in _forms(t)[:2]))
                cjk = language in {"ja", "zh", "ko"} and any(_CJK.search(t) for t in own)
                score += min(1.0, 0.7 * known) if known else (0.3 if cjk else 0.0)
        hits[language] = score
    order = sorted(hits, key=lambda x: -hits[x])
    need = max(0.9, 0.18 * len(names))
    chosen = [x for x in order[:2] if hits[x] >= need and hits[x] >= 0.6 * hits[order[0]]]
    if not chosen and len(names) >= 4 and _english_share(names) >= 0.6:
        return ("en", ONLY)
    return (*chosen, "en")


def _english_share(names: Sequence[ColumnName]) -> float:
    english = lexicon("en")
    words = [t for n in names for t in n.tokens if len(t) > 1]
    known = sum(1 for t in words if t in english.words or t in english.squashed)
    return known / len(words) if words else 0.0
