"""Morae and Hepburn, by table and by property."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from core.kana import count_morae, romaji, split_morae, to_hiragana, to_katakana

HIRAGANA = "".join(chr(code) for code in range(ord("ぁ"), ord("ゖ") + 1))
KATAKANA = "".join(chr(code) for code in range(ord("ァ"), ord("ヺ") + 1))
PUNCTUATION = "、。！？・「」 \u3000"
kana_text = st.text(alphabet=HIRAGANA + KATAKANA + "ー" + PUNCTUATION, max_size=40)

MORAE = [
    ("ふるいけや", "ふ る い け や"),
    ("かわずとびこむ", "か わ ず と び こ む"),
    ("みずのおと", "み ず の お と"),
    ("とうきょう", "と う きょ う"),
    ("らっきょう", "ら っ きょ う"),
    ("しゅんぎょう", "しゅ ん ぎょ う"),
    ("がっこう", "が っ こ う"),
    ("にっぽん", "に っ ぽ ん"),
    ("こんいん", "こ ん い ん"),
    ("ラーメン", "ラ ー メ ン"),
    ("チョコレート", "チョ コ レ ー ト"),
    ("ファン", "ファ ン"),
    ("ティー", "ティ ー"),
    ("ヴァイオリン", "ヴァ イ オ リ ン"),
    ("くゎし", "くゎ し"),
    ("ねぇ", "ね ぇ"),
    ("きゃあ", "きゃ あ"),
    ("きゃぁ", "きゃ ぁ"),
    ("あっ", "あ っ"),
    ("ゃ", "ゃ"),
    ("んぁ", "ん ぁ"),
    ("はる の うみ", "は る の う み"),
    ("き ゃ", "き ゃ"),
    ("ゆき、ゆき。", "ゆ き ゆ き"),
    ("", ""),
]

HEPBURN = [
    ("そっち", "sotchi"),
    ("まっちゃ", "matcha"),
    ("いっしょ", "issho"),
    ("みっつ", "mittsu"),
    ("きっと", "kitto"),
    ("こんいん", "kon'in"),
    ("しんよう", "shin'yō"),
    ("ほん や", "hon ya"),
    ("ほんや", "hon'ya"),
    ("しんぶん", "shinbun"),
    ("さんま", "sanma"),
    ("おんな", "onna"),
    ("とうきょう", "tōkyō"),
    ("おおきい", "ōkii"),
    ("おおう", "ōu"),
    ("せんせい", "sensei"),
    ("くうき", "kūki"),
    ("ふうりん", "fūrin"),
    ("おかあさん", "okāsan"),
    ("おねえさん", "onēsan"),
    ("にいさん", "niisan"),
    ("もの うり", "mono uri"),
    ("はる の うみ", "haru no umi"),
    ("みずうみ", "mizuumi"),
    ("おもう", "omou"),
    ("うつろう かげ", "utsurou kage"),
    ("ほん を よむ", "hon o yomu"),
    ("わたし わ", "watashi wa"),
    ("ち ぢ つ づ", "chi ji tsu zu"),
    ("ゐ ゑ", "i e"),
    ("じゃ ぢゃ じゅ ぎょ りゃ", "ja ja ju gyo rya"),
    ("ラーメン", "rāmen"),
    ("コーヒー", "kōhī"),
    ("スキー", "sukī"),
    ("ティー パーティー", "tī pātī"),
    ("ファン フォーク フィルム フェリー", "fan fōku firumu ferī"),
    ("ヴァイオリン ヴ", "vaiorin vu"),
    ("ウィスキー ウェブ ウォッカ", "wisukī webu wokka"),
    ("チェック シェフ ジェット", "chekku shefu jetto"),
    ("トゥ ドゥ ディスク デュオ テュ フュ", "tu du disuku dyuo tyu fyu"),
    ("ツァ クォ グァ イェ スィ ズィ", "tsa kwo gwa ye si zi"),
    ("くゎし", "kwashi"),
    ("ねぇ", "nē"),
    ("あっ", "a'"),
    ("あっ、いぬ", "a' inu"),
    ("んー", "n"),
    ("ー", ""),
    ("  ふるいけ\u3000や ", "furuike ya"),
    ("", ""),
]


@pytest.mark.parametrize(("reading", "morae"), MORAE)
def test_a_reading_is_split_into_its_morae(reading: str, morae: str) -> None:
    assert split_morae(reading) == tuple(morae.split())
    assert count_morae(reading) == len(morae.split())


@pytest.mark.parametrize(("pronunciation", "hepburn"), HEPBURN)
def test_a_pronunciation_is_written_in_modified_hepburn(pronunciation: str, hepburn: str) -> None:
    assert romaji(pronunciation) == hepburn


def test_bashos_frog_counts_5_7_5() -> None:
    assert [count_morae(line) for line in ("ふるいけや", "かわずとびこむ", "みずのおと")] == [5, 7, 5]


@pytest.mark.parametrize("text", ["古池", "haiku", "ふる池や", "ﾊﾙ", "はる5", "か\u3099", "ゝ", "🌸"])
def test_what_is_not_kana_is_refused_by_name(text: str) -> None:
    for read in (count_morae, romaji):
        with pytest.raises(Invalid, match="is not kana"):
            read(text)


@given(kana_text)
def test_the_count_is_the_number_of_morae(reading: str) -> None:
    assert count_morae(reading) == len(split_morae(reading))


@given(kana_text)
def test_the_morae_put_together_are_the_reading_without_its_gaps(reading: str) -> None:
    assert "".join(split_morae(reading)) == reading.translate(dict.fromkeys(map(ord, PUNCTUATION)))


@given(kana_text)
def test_both_scripts_count_and_sound_the_same(reading: str) -> None:
    assert count_morae(to_hiragana(reading)) == count_morae(reading)
    assert romaji(to_hiragana(reading)) == romaji(reading)


@given(kana_text)
def test_romaji_has_only_latin_letters_macrons_and_apostrophes(reading: str) -> None:
    assert re.fullmatch(r"[a-zāīūēō' ]*", romaji(reading))


@given(kana_text, kana_text)
def test_a_space_keeps_two_words_apart(first: str, second: str) -> None:
    assert romaji(f"{first} {second}") == f"{romaji(first)} {romaji(second)}".strip()


@given(st.text())
def test_katakana_becomes_hiragana_one_for_one(text: str) -> None:
    hiragana = to_hiragana(text)

    assert len(hiragana) == len(text)
    assert not re.search("[ァ-ヶ]", hiragana)


@given(st.text(alphabet=KATAKANA[: KATAKANA.index("ヷ")] + "ー、 a"))
def test_katakana_survives_the_way_to_hiragana_and_back(katakana: str) -> None:
    assert to_katakana(to_hiragana(katakana)) == katakana
