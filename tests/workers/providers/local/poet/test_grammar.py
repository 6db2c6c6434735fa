"""The grammar: what it hears in a topic; its lines count and read well, its poems are sound and can be talked about."""

from itertools import product

import pytest

from core.contracts.haiku import Describe
from core.kana import to_hiragana
from tests.workers.providers.local.poet.by_hand import faults, morae, season_words_in
from tests.workers.providers.local.poet.conversation import Learner, a_poem_on, english_of
from workers.providers.local.poet.grammar.forms import Form, read_forms
from workers.providers.local.poet.grammar.lexicon import Lexicon, Noun
from workers.providers.local.poet.grammar.opening import Grammar
from workers.providers.local.poet.poet import LocalPoet

HEARD = {
    "waiting for a letter from my brother": ("文を待つ", "I wait for a letter—"),
    "waiting for the ferry in thick fog": ("フェリー待つ", "I wait for the ferry—"),
    "my mother's letter": ("母の文", "my mother's letter—"),
    "the empty chair at the dinner table": ("空の椅子", "the empty chair—"),
    "sitting in silence with an old friend": ("友といて", "here with a friend—"),
    "I wish I could see my sister again": ("姉恋し", "I long for my sister—"),
    "homesick for the sea in the middle of the prairie": ("海恋し", "I long for the sea—"),
    "grandpa looking for his glasses": ("眼鏡どこ", "where did his glasses go—"),
    "my dad asleep in front of the tv": ("父眠る", "my father asleep—"),
    "I wish it would finally rain on our fields": ("雨を待つ", "I wait for rain—"),
    "running along the river before work": ("川走る", "I run along the river—"),
    "jazz bar": ("ジャズのバー", "the jazz bar—"),
    "the last bus in the rain": ("雨のバス", "the bus in the rain—"),
    "drone": ("ドローンや", "a drone—"),
    "友達を待つ駅": ("友を待つ", "I wait for a friend—"),
    "母の手紙": ("母の文", "Mother's letter—"),
    "犬の昼寝": ("犬眠る", "a dog asleep—"),
}
BANKED = [
    "autumn rain", "first love", "母の手", "my grandmother's kitchen", "snow on the last train", "loneliness", "xqzptw",
    "headphones", "swimming pool", "reading old letters in the attic", "the smell of rain on hot asphalt",
]  # fmt: skip
"""What a line of the bank says as fully, or nobody can."""


@pytest.mark.parametrize("topic", HEARD)
async def test_a_poem_opens_with_what_its_topic_says(poet: LocalPoet, topic: str) -> None:
    opening = (await a_poem_on(poet, topic)).lines[0]

    assert (opening.japanese, opening.english) == HEARD[topic]


@pytest.mark.parametrize("topic", BANKED)
async def test_a_line_of_the_bank_that_says_as_much_comes_first(poet: LocalPoet, topic: str) -> None:
    poem = await a_poem_on(poet, topic)

    assert poem.lines[0].japanese in {opening.japanese for opening in poet._anthology.bank.openings}


@pytest.mark.parametrize(("topic", "seed"), list(product(HEARD, range(3))))
async def test_poems_of_the_grammar_are_sound(poet: LocalPoet, topic: str, seed: int) -> None:
    poem = await a_poem_on(poet, topic, seed)

    assert [morae(line.reading) for line in poem.lines] == [5, 7, 5]
    assert faults(poem) == []


async def test_a_season_that_was_told_is_the_season_of_a_noun_too(poet: LocalPoet) -> None:
    poem = await a_poem_on(poet, "a parasol in spring")

    assert poem.season == "spring"
    assert "日傘" not in poem.lines[0].japanese


async def test_a_poem_with_a_made_line_can_be_talked_about_and_painted(poet: LocalPoet) -> None:
    learner = Learner(poet, "waiting for a letter from my brother")
    first = (await learner.begin()).poem
    kept = (await learner.say("keep the first line, but winter")).poem
    other = (await learner.say("something else")).poem

    assert kept.season == "winter"
    assert kept.lines[0] == first.lines[0]
    assert other.lines[0] != first.lines[0]
    assert poet._opener.recall(first.lines[0].japanese) is not None


async def test_a_made_line_has_a_picture_that_is_drawn_and_not_only_said(poet: LocalPoet) -> None:
    poem = await a_poem_on(poet, "drone")
    first, *_ = (await poet.describe(Describe(poem, seed=1))).value.scenes

    assert poem.lines[0].japanese == "ドローンや"
    assert "drone" not in first.description
    assert "「" not in first.alt_japanese


async def test_small_words_are_those_of_the_learner(poet: LocalPoet) -> None:
    assert english_of(await a_poem_on(poet, "dancing in the kitchen")).startswith("in the kitchen")
    assert english_of(await a_poem_on(poet, "feeding a goat")).startswith("food for a goat")


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon()


def test_every_form_counts_as_many_readings_and_sentences_as_ways() -> None:
    for form in read_forms():
        assert len(form.says) == len(form.kana), form.name
        assert isinstance(form.english, str) or len(form.english) == len(form.says), form.name


def test_every_noun_is_read_as_a_dictionary_reads_it_or_is_a_listed_exception(poet: LocalPoet, lexicon: Lexicon) -> None:
    read = poet._subjects.read_kanji
    differ = {noun.japanese for noun in lexicon.nouns if noun.kana.replace(" ", "") != to_hiragana(read(noun.japanese))}

    assert differ == set(NOUNS_READ_OTHERWISE.split())


def test_every_noun_fits_a_line(lexicon: Lexicon) -> None:
    assert [noun.japanese for noun in lexicon.nouns if morae(noun.kana.replace(" ", "")) > 5] == []


def test_no_noun_tells_a_season_it_does_not_own(lexicon: Lexicon) -> None:
    for noun in lexicon.nouns:
        if noun.season is None:
            assert not season_words_in(noun.japanese), noun.japanese


def test_most_nouns_become_a_line(lexicon: Lexicon) -> None:
    """Some that count three morae wait for a verb or an owner."""
    made = [noun for noun in lexicon.nouns if any(_ways(form, noun) for form in read_forms() if form.is_bare)]

    assert len(made) >= 0.7 * len(lexicon.nouns)


def test_no_line_says_more_in_english_than_in_japanese(lexicon: Lexicon) -> None:
    """Two articles, or one too many, show a pattern that was filled with more than a noun."""
    grammar = Grammar()
    for noun in lexicon.nouns:
        for made in grammar.openings(f"waiting for {noun.english}", None):
            assert not {" a a ", " an a ", " the a ", " a the "} & {f" {made.fragment.english} "}, made.fragment.english


def _ways(form: Form, noun: Noun) -> list[tuple[str, str, str]]:
    return list(form.ways(noun)) if form.fits(noun) else []


NOUNS_READ_OTHERWISE = """
    燕 市場 避難所 文 餃子 ビル風 街の灯 宴 正義 宝物 箱 しゃぼん玉 米 雁 蛙 立ち木 落葉 紅葉 楓 蓮 葱 高原 平野 茶畑 鶏小屋
    山道 河原 河口 春風 白雲 露 三日月 虫の音 鐘の音 氷柱 薪 石仏 墓石 帆船 登山靴 角 曽祖母 曽祖父 翁 尼 白髪
"""
"""Native readings where Sudachi takes the Chinese one, voiced compounds, and words whose parts it reads apart."""
