"""The bank: every fragment counts, reads as a dictionary reads it, and finds its way into a poem."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from sudachipy import Dictionary, Morpheme, SplitMode  # type: ignore[import-untyped]  # no stubs are published

from core.kana import romaji, to_hiragana
from tests.workers.providers.local.poet.by_hand import morae
from workers.providers.local.minilm.embed import MiniLM
from workers.providers.local.poet import vocabulary
from workers.providers.local.poet.combine import Triples
from workers.providers.local.poet.doings import doing_of, excluded_by
from workers.providers.local.poet.fragments import Bank, Fragment
from workers.providers.local.poet.tag_vectors import all_tags, read_tag_vectors

_OLD_NIGHT = "夜 is よ in verse where よる would not fit"
_MOMIJI = "紅葉 is もみじ as a season word, こうよう in prose"
_VOICED = "the second part of a compound is voiced (rendaku)"
_COMPOUND = "the compound is not in the dictionary, which reads its parts apart"
_MONTH = "months are しがつ, しちがつ and くがつ"
READ_OTHERWISE = {
    "秋雨に": "あきさめ is the season word, しゅうう the Chinese reading",
    "月の夜に": _OLD_NIGHT,
    "秋の夜に": _OLD_NIGHT,
    "長き夜や": _OLD_NIGHT,
    "春の夜に": _OLD_NIGHT,
    "梅雨の夜に": _OLD_NIGHT,
    "夏の夜に": _OLD_NIGHT,
    "雪の夜に": _OLD_NIGHT,
    "冬の夜に": _OLD_NIGHT,
    "眠れぬ夜": _OLD_NIGHT,
    "短夜や": "みじかよ is the season word",
    "初紅葉": _MOMIJI,
    "夕紅葉": _MOMIJI,
    "紅葉かな": _MOMIJI,
    "霧深し": "two words with a particle left out, not the adjective 霧深い",
    "栗ごはん": _COMPOUND,
    "終戦日": _COMPOUND,
    "初電車": _COMPOUND,
    "しゃぼん玉": _COMPOUND,
    "古時計": _COMPOUND,
    "若葉風": _COMPOUND,
    "落ち葉焚": _COMPOUND,
    "台風過": "たいふうか, as in 台風一過",
    "行く秋や": "ゆくあき is the season word",
    "草の露": "つゆ, as the season word is read; ろ only in compounds",
    "蓮の花": "the flower is はす, れん only in compounds",
    "涼風や": "すずかぜ and りょうふう are both season words",
    "猫を抱く": "a cat is held (だく); いだく is for hopes",
    "風邪の床": "a sickbed is とこ, a floor is ゆか",
    "灯の下に立つ": "ひ is the reading of verse for 灯",
    "灯のともりゆく": "ひ is the reading of verse for 灯",
    "潮の香のする": "a scent is か, incense is こう",
    "水面にゆれる": "みなも is the native reading",
    "詩集一冊": "counters change their numbers",
    "鳥一羽": "counters change their numbers",
    "市場かな": "a place with stalls is いちば, an economy しじょう",
    "四畳半": "the name of a room is よじょうはん",
    "慰霊の碑": "a monument is ひ in compounds and their like",
    "花見酒": _VOICED,
    "彼岸花": "ひがんばな is the name of the flower",
    "部活帰りの": _VOICED,
    "きのこ狩り": _VOICED,
    "若駒や": _VOICED,
    "手花火や": "てはなび is the season word",
    "城跡や": "しろあと is the native reading",
    "雨の香や": "a scent is か, incense is こう",
    "大掃除": "おおそうじ is the only reading of the word",
    "初景色": _VOICED,
    "冬日和": _VOICED,
    "一目惚れ": _VOICED,
    "子ども部屋": _VOICED,
    "初御空": "みそら is the sky of verse",
    "雁の列": "かり is the wild goose of verse, がん the bird of prose",
    "パンの香のする": "a scent is か, incense is こう",
    "ジム帰り": _VOICED,
    "電池切れ": _VOICED,
    "ピアノの音": "the tone of an instrument is ね",
    "豚小屋や": _VOICED,
    "旱空": _VOICED,
    "松風や": "まつかぜ is the native reading",
    "一葉落つ": "ひとは is the season word",
    "種ひとつ": "a seed is たね, a kind しゅ",
    "箱を積む": "a box that stands alone is はこ",
    "白髪抜く": "the hair one pulls out is しらが",
    "美とは何": "what stands alone is なに",
    "四月来る": _MONTH,
    "七月や": _MONTH,
    "九月来る": _MONTH,
    "だじゃれ言う": "言う is いう before it is slurred",
    "葱きざむ": "a leek is ねぎ, き only in old compounds",
    "紅をさす": "the red of lips is べに",
    "毛布抱く": "a blanket is held (だく)",
    "水車小屋": _VOICED,
    "出さぬ文": "a letter is ふみ in verse",
    "病窓や": "the window of a sickroom is びょうそう",
}
"""Where the bank and Sudachi read a line in different ways, and why the bank is right."""


@pytest.fixture(scope="module")
def hung(bank: Bank, joined: Triples) -> set[tuple[str, str]]:
    """Every middle beside every closing it stands before."""
    return {(bank.middles[m].japanese, bank.closings[c].japanese) for _, m, c in joined}


@pytest.fixture(scope="module")
def opened(bank: Bank, joined: Triples) -> set[tuple[str, str]]:
    """Every opening beside every line that follows it somewhere."""
    return {
        (bank.openings[o].japanese, text) for o, m, c in joined for text in (bank.middles[m].japanese, bank.closings[c].japanese)
    }


def fragments(bank: Bank) -> Iterator[Fragment]:
    return (fragment for slot in bank.slots for fragment in slot)


def test_the_bank_is_large_enough_to_surprise(bank: Bank) -> None:
    lines = {fragment.japanese for fragment in fragments(bank)}

    assert len(lines) >= 500
    assert min(len(slot) for slot in bank.slots) >= 150


def test_every_fragment_has_the_morae_of_its_line(bank: Bank) -> None:
    wrong = [
        f.japanese for slot, count in zip(bank.slots, (5, 7, 5), strict=True) for f in slot if morae(f.line.reading) != count
    ]

    assert wrong == []


def test_every_reading_is_the_dictionarys_or_a_listed_exception(bank: Bank) -> None:
    tokenizer = Dictionary().tokenizer()

    def readings(text: str) -> set[str]:
        modes = (SplitMode.A, SplitMode.C)
        return {to_hiragana("".join(token.reading_form() for token in tokenizer.tokenize(text, mode))) for mode in modes}

    differ = {f.japanese for f in fragments(bank) if f.line.reading not in readings(f.japanese)}

    assert differ == set(READ_OTHERWISE)


def test_a_pronunciation_is_spoken_kana_that_romanises_word_for_word(bank: Bank) -> None:
    for fragment in fragments(bank):
        words = fragment.line.pronunciation.split(" ")

        assert re.fullmatch(r"[ぁ-ゖー ]+", fragment.line.pronunciation), fragment.japanese
        assert not {"は", "へ", "を"} & set(words), fragment.japanese
        assert len(romaji(fragment.line.pronunciation).split()) == len(words), fragment.japanese


@pytest.mark.parametrize(
    ("japanese", "written"),
    [
        ("幸せは", "shiawase wa"),
        ("海へ出てゆく", "umi e dete yuku"),
        ("猫を抱く", "neko o daku"),
        ("自由とは", "jiyū to wa"),
        ("忘れえず", "wasure ezu"),
        ("かすかに届く", "kasuka ni todoku"),
        ("ラーメン屋", "rāmen'ya"),
        ("母の日や", "haha no hi ya"),
    ],
)
def test_romaji_reads_well(bank: Bank, japanese: str, written: str) -> None:
    fragment = next(fragment for fragment in fragments(bank) if fragment.japanese == japanese)

    assert romaji(fragment.line.pronunciation) == written


def test_a_compound_is_one_word_in_romaji(bank: Bank) -> None:
    tokenizer = Dictionary().tokenizer(mode=SplitMode.A)
    parted = []
    for fragment in fragments(bank):
        tokens = list(tokenizer.tokenize(fragment.japanese))
        spaces = np.cumsum([len(word) for word in fragment.kana.split()]).tolist()
        at = np.cumsum([len(token.reading_form()) for token in tokens]).tolist()
        seams = [end for one, other, end in zip(tokens, tokens[1:], at, strict=False) if _one_compound(one, other)]
        parted += [fragment.japanese] if set(seams) & set(spaces) else []

    assert parted == []


def _one_compound(one: Morpheme, other: Morpheme) -> bool:
    """Two nouns side by side; counters, adverbs such as ひとり and what is written in kana are words of their own."""
    if re.fullmatch(r"[ぁ-ん]+", other.surface()):
        return False
    kinds = [token.part_of_speech() for token in (one, other)]
    return all(kind[0] in ("名詞", "接頭辞", "接尾辞") and kind[1] != "数詞" and kind[2] != "副詞可能" for kind in kinds)


def test_a_name_is_given_to_one_thing() -> None:
    words = tomllib.loads((Path(vocabulary.__file__).parent / "words.toml").read_text(encoding="utf-8"))
    given = Counter(name for word in words.values() for name in (*word.get("english", ()), *word.get("japanese", ())))

    assert [name for name, times in given.items() if times > 1] == []


def test_no_opening_is_a_person_of_whom_nothing_is_said(bank: Bank) -> None:
    persons = re.compile(r"(生|客|人|者|員|みな|坊|たち|母|父)$")

    assert [opening.japanese for opening in bank.openings if persons.search(opening.japanese)] == []


def test_a_line_that_hangs_on_a_noun_keeps_to_the_language_of_verse(bank: Bank) -> None:
    """出会いし橋, not 出会った橋: や and かな stand beside it."""
    tokenizer = Dictionary().tokenizer()
    last = {f.japanese: list(tokenizer.tokenize(f.japanese))[-1] for f in bank.middles if f.adnominal}

    assert [text for text, token in last.items() if token.part_of_speech()[4] == "助動詞-タ" or text.endswith("ない")] == []


def test_what_excludes_a_doing_is_excluded_by_it(bank: Bank) -> None:
    acting = [fragment for fragment in fragments(bank) if fragment.doing]
    one_way = [
        (one.japanese, other.japanese)
        for one, other in combinations(acting, 2)
        if (doing_of(one) <= excluded_by(other)) != (doing_of(other) <= excluded_by(one))
    ]

    assert len(acting) > 80
    assert one_way == []


def test_a_season_word_stands_in_its_line(bank: Bank) -> None:
    seasonal = [fragment for fragment in fragments(bank) if fragment.season]

    assert len(seasonal) > 150
    assert [f.japanese for f in seasonal if f.season_word not in f.japanese or not f.season_word_english] == []


def test_every_line_has_english_and_a_picture_in_both_languages(bank: Bank) -> None:
    for fragment in fragments(bank):
        assert re.fullmatch(r"[A-Za-z][A-Za-z' ,-]*[A-Za-z,:—]", fragment.english), fragment.english
        assert re.fullmatch(r"[A-Za-z][A-Za-z',\- ]{10,89}", fragment.scene), fragment.scene
        assert fragment.scene_japanese.endswith("。"), fragment.scene_japanese


def test_a_fragment_without_a_season_shows_no_season(bank: Bank) -> None:
    seasonal = re.compile(r"snow|cherry|maple|plum|firefl|cicada|blossom|frost|lotus|new leaf|\bripe|withered")

    assert [f.scene for f in fragments(bank) if not f.season and seasonal.search(f.scene)] == []


def test_every_fragment_is_in_some_poem(bank: Bank, joined: Triples) -> None:
    for slot, numbers in zip(bank.slots, joined.T, strict=True):
        assert [slot[n].japanese for n in set(range(len(slot))) - set(numbers.tolist())] == []


@pytest.mark.parametrize(
    ("middle", "closing"),
    [
        ("宿題残る", "校舎裏"),
        ("思い出残る", "石だたみ"),
        ("灯のともりゆく", "停留所"),
        ("平和を祈る", "川辺道"),
        ("からすのとまる", "帰り道"),
        ("旅の荷を解く", "台所"),
        ("あしたへつづく", "いわし雲"),
        ("昔と同じ", "流れ星"),
    ],
)
def test_a_middle_hangs_on_no_noun_it_does_not_suit(hung: set[tuple[str, str]], middle: str, closing: str) -> None:
    assert (middle, closing) not in hung
    assert {middle, closing} <= {text for pair in hung for text in pair}


@pytest.mark.parametrize(
    ("opening", "other"),
    [
        ("青田風", "里の道"),
        ("春の川", "並木道"),
        ("かかし立つ", "並木道"),
        ("秋の海", "坂の町"),
        ("漢字書く", "手の届かざる"),
        ("ストーブや", "寺の門"),
        ("扇風機", "橋の上"),
        ("髪を切る", "ふいに出会いし"),
        ("コンビニや", "言葉にならぬ"),
        ("雪つぶて", "ふるさとの唄"),
        ("夜食とる", "母のみそ汁"),
        ("日曜日", "仕事終えれば"),
    ],
)
def test_an_opening_stands_before_no_other_ground_and_no_other_story(
    opened: set[tuple[str, str]], opening: str, other: str
) -> None:
    assert (opening, other) not in opened
    assert {opening, other} <= {text for pair in opened for text in pair}


def test_an_hour_or_a_weather_leans_on_a_verb(bank: Bank, joined: Triples) -> None:
    """春の夜に灯りの残る, not 春の夜に昔のままの; and never 春の夜の, which would take hold of any noun."""
    tokenizer = Dictionary().tokenizer()
    leaning = [n for n, opening in enumerate(bank.openings) if opening.japanese.endswith("に")]
    middles = {bank.middles[m].japanese for m in joined[np.isin(joined[:, 0], leaning)][:, 1]}
    last = {text: list(tokenizer.tokenize(text))[-1].part_of_speech()[0] for text in middles}

    assert len(leaning) > 5
    assert len(middles) > 50
    assert [text for text, kind in last.items() if kind not in ("動詞", "助動詞") and not text.endswith("し")] == []
    assert [opening.japanese for opening in bank.openings if opening.japanese.endswith("の")] == []


def test_the_kept_vectors_are_those_of_the_banks_tags(bank: Bank) -> None:
    """Run `python -m workers.providers.local.poet.embed_tags` when this fails."""
    kept = read_tag_vectors()
    some = np.random.default_rng(1).choice(len(kept.tags), 80, replace=False)

    assert kept.tags == all_tags(bank)
    assert np.abs(kept.vectors[some] - MiniLM().embed([kept.tags[n] for n in some])).max() < 1e-3
