"""What is spoken is what is written: the phonemes OpenJTalk will say, mora by mora."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import GiveUp, Invalid
from core.kana import count_morae, romaji, split_morae
from workers.providers.local.pronounce import utter

SPOKEN = [
    ("あきさめ わ", "a k I s a m e w a"),
    ("はは わ わらう", "h a h a w a w a r a u"),
    ("きょう わ はれ", "ky o o w a h a r e"),
    ("うみ え ゆく", "u m i e y u k u"),
    ("ほたる お みる", "h o t a r u o m i r u"),
    ("へや え", "h e y a e"),
    ("きょうわはれ", "ky o o w a h a r e"),
    ("あるいは", "a r u i h a"),
    ("はな わ はは え", "h a n a w a h a h a e"),
    ("とうきょう", "t o o ky o o"),
    ("とおやま に", "t o o y a m a n i"),
    ("おもう", "o m o u"),
    ("みずうみ", "m i z u u m i"),
    ("そっと ふく", "s o cl t o f U k u"),
    ("こんいん", "k o N i N"),
    ("つづき", "ts u z u k i"),
    ("コーヒー の ゆげ", "k o o h i i n o y u g e"),
    ("ヴァイオリン", "v a i o r i N"),
    ("はる、 なつ", "h a r u pau n a ts u"),
    ("おうじょ", "o o j o"),
    ("ねぇ", "n e e"),
]

BASHO_TO_SHIKI = [
    *("ふるいけ や", "かわず とびこむ", "みず の おと", "なつくさ や", "つわもの ども が", "ゆめ の あと"),
    *("しずかさ や", "いわ に しみいる", "せみ の こえ", "さみだれ お", "あつめて はやし", "もがみがわ"),
    *("はる の うみ", "ひねもす のたり", "のたり かな", "かき くえば", "かね が なる なり", "ほうりゅうじ"),
    *("とおやま に", "ひ の あたりたる", "かれの かな", "ゆき とけて", "むら いっぱい の", "こども かな"),
]

MORAE = [*"あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわ"]
MORAE += [*"がぎぐげござじずぜぞだぢづでどばびぶべぼぱぴぷぺぽん"]
MORAE += [onset + glide for onset in "きぎしじちにひびぴみり" for glide in "ゃゅょ"]
words = st.lists(st.lists(st.sampled_from(MORAE), min_size=1, max_size=5).map("".join), min_size=1, max_size=4)


def phonemes(line: str) -> list[str]:
    labels = utter(line.split()).labels
    return [label.split("-", 1)[1].split("+", 1)[0] for label in labels]


def spoken_morae(line: str) -> list[str]:
    """Each mora as its phonemes written together, in lower case: devoiced vowels count as what they are."""
    morae = [""]
    for phoneme in phonemes(line):
        if phoneme in ("sil", "pau"):
            continue
        morae[-1] += phoneme.lower()
        if phoneme in ("N", "cl") or phoneme in "aiueoAIUEO":
            morae.append("")
    return morae[:-1]


def sounds_like(spoken: str, before: str, written: str) -> bool:
    """Whether a spoken mora is the written one; as a longer vowel (おう, えい) it may repeat the one before it."""
    longer = {("o", "u"), ("e", "i")}
    sound = {"っ": "cl", "ッ": "cl"}.get(written, romaji(written))
    return spoken == sound or (spoken == before[-1:] and (written == "ー" or (spoken, sound) in longer))


def assert_spoken_as_written(line: str) -> None:
    spoken, written = spoken_morae(line), split_morae(line)

    assert len(spoken) == len(written)
    assert all(map(sounds_like, spoken, ["", *spoken], written)), (spoken, written)


@pytest.mark.parametrize(("line", "expected"), SPOKEN)
def test_a_line_is_spoken_as_these_phonemes(line: str, expected: str) -> None:
    assert phonemes(line)[1:-1] == expected.split()


@pytest.mark.parametrize("line", BASHO_TO_SHIKI)
def test_a_classic_line_is_spoken_mora_for_mora(line: str) -> None:
    assert_spoken_as_written(line)


@given(words)
@settings(deadline=None)  # the first example loads OpenJTalk
def test_any_words_of_common_morae_are_spoken_mora_for_mora(line: list[str]) -> None:
    assert_spoken_as_written(" ".join(line))


@pytest.mark.parametrize("particle", ["わ", "お", "え", "に", "の", "が", "も", "から"])
def test_a_particle_belongs_to_the_accent_phrase_of_its_noun(particle: str) -> None:
    alone, together = utter(["さくら"]).labels, utter(["さくら", particle]).labels

    # A full-context label ends in /K: breath groups + accent phrases - morae.
    assert together[0].rsplit("/K:", 1)[1] == f"1+1-{count_morae('さくら' + particle)}"
    assert alone[0].rsplit("/K:", 1)[1] == "1+1-3"


def test_each_word_begins_at_its_own_label() -> None:
    utterance = utter(["みず", "の", "おと"])

    assert [phonemes("みず の おと")[start] for start in utterance.word_starts] == ["m", "n", "o"]


@pytest.mark.parametrize("line", ["ぬゃ", "ー", "ヷ"])
def test_kana_no_word_has_are_given_up_rather_than_spoken_as_something_else(line: str) -> None:
    with pytest.raises(GiveUp, match="mora for mora"):
        utter([line])


def test_kanji_are_refused() -> None:
    with pytest.raises(Invalid, match="is not kana"):
        utter(["古池"])
