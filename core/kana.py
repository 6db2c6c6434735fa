"""Kana: counting morae, and Hepburn from pronunciation."""

import unicodedata
from collections.abc import Iterator

from core.errors import Invalid


def _row(kana: str, romaji: str) -> dict[str, str]:
    return dict(zip(kana, romaji.split(), strict=True))


_PLAIN: dict[str, str] = {
    **_row("あいうえお", "a i u e o"),
    **_row("かきくけこがぎぐげご", "ka ki ku ke ko ga gi gu ge go"),
    **_row("さしすせそざじずぜぞ", "sa shi su se so za ji zu ze zo"),
    **_row("たちつてとだぢづでど", "ta chi tsu te to da ji zu de do"),
    **_row("なにぬねの", "na ni nu ne no"),
    **_row("はひふへほばびぶべぼぱぴぷぺぽ", "ha hi fu he ho ba bi bu be bo pa pi pu pe po"),
    **_row("まみむめもやゆよらりるれろ", "ma mi mu me mo ya yu yo ra ri ru re ro"),
    **_row("わゐゑをんゔゕゖ", "wa i e o n vu ka ke"),
    **_row("ヷヸヹヺ", "va vi ve vo"),
}
_SMALL = _row("ぁぃぅぇぉゃゅょゎ", "a i u e o ya yu yo wa")
_GLIDED = {
    **_row("きぎしじちぢにひびぴみり", "ky gy sh j ch j ny hy by py my ry"),
    **_row("てでふゔ", "ty dy fy vy"),
}
"""What a kana sounds like before ゃゅょ."""
_FOREIGN = _row("いうきくぐしじすずちつてでとどふほゔ", "y w ky kw gw sh j s z ch ts t d t d f hw v")
"""What a kana sounds like before ぁぃぅぇぉゎ."""

_LONGER = {"a": "あぁ", "u": "うぅ", "e": "えぇ", "o": "おぉうぅ"}
"""The kana that lengthen a vowel; い is missing because ii and ei are written out."""
_MACRONS = {"a": "ā", "i": "ī", "u": "ū", "e": "ē", "o": "ō"}

# Two vowels that meet between two parts of a word stay apart (ALA-LC), which kana alone cannot show.
# Only words that are nothing else when spelled so: 思う, but not 拾う, which is also 疲労.
_SEAMS = {
    "".join(parts): parts
    for parts in (
        ("みず", "うみ"),
        ("ば", "あい"),
        *((stem, "う") for stem in ("おも", "にお", "さそ", "まよ", "かよ", "そろ", "つど", "ただよ", "うつろ", "うるお")),
        *((stem, "う") for stem in ("よそお", "つくろ", "くる", "すく", "ぬぐ", "ぬ")),
    )
}

_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_KATAKANA = {hiragana: katakana for katakana, hiragana in _HIRAGANA.items()}


def to_hiragana(text: str) -> str:
    """Katakana become hiragana, one for one; ー and everything else stay."""
    return text.translate(_HIRAGANA)


def to_katakana(text: str) -> str:
    """Hiragana become katakana, one for one; everything else stays."""
    return text.translate(_KATAKANA)


def count_morae(reading: str) -> int:
    """Raises Invalid as `split_morae` does."""
    return len(split_morae(reading))


def split_morae(reading: str) -> tuple[str, ...]:
    """The morae in the script they came in; spaces and punctuation are dropped.

    A small kana joins the kana before it (きゃ, ファ); where it only lengthens the vowel (ねぇ) or has nothing to join
    (っぁ) it is a mora of its own, as are っ, ん and ー. Raises Invalid for a character that is neither kana, space
    nor punctuation.
    """
    morae: list[str] = []
    for word in _words(reading):
        start = len(morae)
        for kana in word:
            if len(morae) > start and _joins(morae[-1], kana):
                morae[-1] += kana
            else:
                morae.append(kana)
    return tuple(morae)


def romaji(pronunciation: str) -> str:
    """Modified Hepburn of kana as spoken, in the manner of the ALA-LC Japanese romanization table (2012).

    Macrons for long vowels inside a word (おう and おお → ō, うう → ū, ああ → ā, ええ → ē, ー → macron of any vowel);
    ei and ii are written out; ん is n, and n' before a vowel or y; っ doubles the next consonant, っち is tch; を is o.
    Foreign sounds follow the extended katakana of the same system (ティ ti, ファ fa, ヴァ va). っ with no consonant
    after it, which ALA-LC leaves open, is an apostrophe. Words stay parted as they came, punctuation parts them too.
    おもう and みずうみ keep their vowels apart by a short list; such a word outside it gets a macron, for kana do not
    show where one part of a word ends. Raises Invalid as `split_morae` does.
    """
    return " ".join(filter(None, map(_word_romaji, _words(pronunciation))))


def _words(text: str) -> list[str]:
    return "".join(map(_kana_or_gap, text)).split()


def _kana_or_gap(character: str) -> str:
    kana = to_hiragana(character)
    if kana in _PLAIN or kana in _SMALL or kana in "っー":
        return character
    if character.isspace() or unicodedata.category(character).startswith("P"):
        return " "
    raise Invalid(f"'{character}' is not kana, so its morae cannot be counted.")


def _joins(mora: str, kana: str) -> bool:
    small = _SMALL.get(to_hiragana(kana))
    sound = _PLAIN.get(to_hiragana(mora))
    return small is not None and sound is not None and sound != "n" and sound[-1] != small


def _word_romaji(word: str) -> str:
    hiragana = to_hiragana(word)
    return "".join(_spell(split_morae(part)) for part in _SEAMS.get(hiragana, (hiragana,)))


def _spell(morae: tuple[str, ...]) -> str:
    spelled = ""
    for mora, sound, following in _with_following(morae):
        if mora == "ー" or mora in _LONGER.get(spelled[-1:], ""):
            spelled = spelled[:-1] + _MACRONS.get(spelled[-1:], spelled[-1:])
        elif mora == "っ":
            spelled += _doubled(following)
        elif mora == "ん" and following[:1] in tuple("aiueoy"):
            spelled += "n'"
        else:
            spelled += sound
    return spelled


def _with_following(morae: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    sounds = [_sound(mora) for mora in morae]
    return zip(morae, sounds, [*sounds[1:], ""], strict=True)


def _doubled(following: str) -> str:
    if following.startswith("ch"):
        return "t"
    return "'" if following[:1] in tuple("aiueo") or not following else following[0]


def _sound(mora: str) -> str:
    kana = to_hiragana(mora)
    if len(kana) == 1:
        return _PLAIN.get(kana) or _SMALL.get(kana, "")
    before, small = kana[0], kana[1]
    if small in "ゃゅょ" and before in _GLIDED:
        return _GLIDED[before] + _SMALL[small][-1]
    if small not in "ゃゅょ" and before in _FOREIGN:
        return _FOREIGN[before].removesuffix("w" if small == "ゎ" else "") + _SMALL[small]
    return _PLAIN[before] + _SMALL[small]
