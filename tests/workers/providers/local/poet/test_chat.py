"""Chat turns: what the learner wishes for holds in the next poem, and the reply says truthfully what was done."""

import re

import pytest

from core.contracts.haiku import Compose, Draft, Line, Message, Poem
from tests.workers.providers.local.poet.by_hand import faults, morae
from tests.workers.providers.local.poet.conversation import Learner, english_of, text_of, unheard
from workers.providers.local.poet.fragments import read_bank
from workers.providers.local.poet.meet import MOODS
from workers.tools import Poet

SEEDS = range(4)
SPEAKS_OF_SNOW = r"雪|snow"
SPEAKS_OF_RAIN = r"雨|傘|しぐれ|夕立|\brain|umbrella|shower"
_TRAINS = "電車|列車|汽車|駅|改札|切符|貨車|汽笛|終電|空席|寝台車|満員車|のぞみ号"
IN_JAPANESE = {"winter": "冬", "summer": "夏", "spring": "春", "autumn": "秋", "new year": "新年"}
MOODS_IN_JAPANESE = {"bright": "明るい", "lonely": "さびしい"}
MOOD_OF = {fragment.japanese: fragment.moods for slot in read_bank().slots for fragment in slot}


def speaks_of(draft: Draft, pattern: str) -> bool:
    return re.search(pattern, f"{text_of(draft.poem)} {english_of(draft.poem)}", re.IGNORECASE) is not None


def balance(poem: Poem, mood: str) -> int:
    """Lines that have the mood less lines that spoil it."""
    welcome, unbearable = MOODS[mood]
    moods = [MOOD_OF[line.japanese] for line in poem.lines]
    return sum(bool(welcome & one) for one in moods) - sum(bool(unbearable & one) for one in moods)


def changed_lines(before: Poem, after: Poem) -> set[int]:
    return {number for number, (one, other) in enumerate(zip(before.lines, after.lines, strict=True), 1) if one != other}


def numbers_named(reply: str) -> set[int]:
    if re.search("All three lines changed|三行とも変わりました", reply):
        return {1, 2, 3}
    if japanese := re.search("((?:[一二三]行目と?)+)を変えました", reply):
        return {"一二三".index(number) + 1 for number in re.findall("[一二三]", japanese[1])}
    named = re.search(r"I changed lines? ([123](?:, [123])*(?: and [123])?)\.", reply)
    return set(map(int, re.findall(r"[123]", named[1]))) if named else set()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("topic", "turn", "season"),
    [
        ("autumn rain", "winter instead", "winter"),
        ("snow", "I'd prefer summer, please", "summer"),
        ("the sea", "not in summer but in spring", "spring"),
        ("cat", "new year", "new year"),
        ("秋の雨", "冬にして", "winter"),
        ("猫", "夏じゃなくて秋がいい", "autumn"),
        ("海", "季節は春でお願いします", "spring"),
    ],
)
async def test_a_season_wished_for_is_the_season(poet: Poet, topic: str, turn: str, season: str, seed: int) -> None:
    learner = Learner(poet, topic, seed)
    await learner.begin()

    draft = await learner.say(turn)

    assert draft.poem.season == season
    assert re.search(rf"(?i)it is (?:the )?{season}|季節は(?:もう)?{IN_JAPANESE[season]}です", draft.reply)
    assert not re.search("could not|できません", draft.reply)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("topic", "turn", "gone"),
    [
        ("rain at the station", "without rain", SPEAKS_OF_RAIN),
        ("autumn rain", "I don't want any rain in it", SPEAKS_OF_RAIN),
        ("雨の夜", "雨なしで", SPEAKS_OF_RAIN),
        ("snow", "no snow please", SPEAKS_OF_SNOW),
        ("雪", "雪はいらない", SPEAKS_OF_SNOW),
        ("cat", "drop the cat", r"猫|\bcats?\b"),
        ("コーヒー", "コーヒーなしで", r"コーヒー|coffee|喫茶"),
    ],
)
async def test_what_should_go_is_gone(poet: Poet, topic: str, turn: str, gone: str, seed: int) -> None:
    learner = Learner(poet, topic, seed)
    await learner.begin()

    draft = await learner.say(turn)

    assert not speaks_of(draft, gone)
    assert re.match("There is no “|「.*」は(?:もともと)?入っていません", draft.reply)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("topic", "turn", "there"),
    [
        ("autumn rain", "make it about a cat", r"猫|\bcat"),
        ("love", "add some snow", SPEAKS_OF_SNOW),
        (
            "work",
            "can it have a train in it?",
            rf"{_TRAINS}|train|station|ticket|platform|subway",
        ),
        ("秋の雨", "猫を入れて", r"猫"),
        ("冬", "電車にして", _TRAINS),
    ],
)
async def test_what_should_be_there_is_there(poet: Poet, topic: str, turn: str, there: str, seed: int) -> None:
    learner = Learner(poet, topic, seed)
    await learner.begin()

    draft = await learner.say(turn)

    assert speaks_of(draft, there)
    assert re.search("It turns to “|“.*” is in it already|「.*」が入っています|「.*」はもう入っています", draft.reply)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("topic", "turn", "mood"),
    [
        ("the sea", "gloomier", "gloomy"),
        ("autumn rain", "happier", "bright"),
        ("loneliness", "less sad please", "bright"),
        ("festival", "make it quieter", "quiet"),
        ("雨", "もっと明るく", "bright"),
        ("夏祭り", "さびしくして", "lonely"),
    ],
)
async def test_a_mood_wished_for_outweighs_its_opposite(poet: Poet, topic: str, turn: str, mood: str, seed: int) -> None:
    learner = Learner(poet, topic, seed)
    await learner.begin()

    draft = await learner.say(turn)

    assert balance(draft.poem, mood) >= 1
    assert re.match(f"The mood is {mood}|(?:もう)?{MOODS_IN_JAPANESE.get(mood)}感じです", draft.reply)


NIGHT = r"夜|天の川|星|月|蛍|花火|銀河|オリオン|虫|終|night|stars?|moon"
DAWN = r"朝|始発|初日|初明|茜|蓮|夢|dawn|morning"


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("turn", "hour"), [("at night", NIGHT), ("夜にして", NIGHT), ("in the morning", DAWN)])
async def test_an_hour_wished_for_is_written_out(poet: Poet, turn: str, hour: str, seed: int) -> None:
    learner = Learner(poet, "cat", seed)
    await learner.begin()

    draft = await learner.say(turn)

    assert speaks_of(draft, hour), text_of(draft.poem)
    assert re.match("It happens|時間は(?:もう)?夜です", draft.reply)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("turn", "line"),
    [
        ("keep the first line", 1),
        ("keep the last line", 3),
        ("I like the second line", 2),
        ("一行目はそのままで", 1),
        ("don't change line 3", 3),
    ],
)
async def test_a_kept_line_stays_and_something_else_changes(poet: Poet, turn: str, line: int, seed: int) -> None:
    learner = Learner(poet, "autumn rain", seed)
    before = await learner.begin()

    draft = await learner.say(turn)

    assert line not in changed_lines(before.poem, draft.poem)
    assert changed_lines(before.poem, draft.poem)
    assert re.match("The .* line stayed|一行目はそのままです", draft.reply)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("turn", "line"),
    [("change the last line", 3), ("another first line", 1), ("I don't like the second line", 2), ("最後の行を変えて", 3)],
)
async def test_a_line_to_change_is_new(poet: Poet, turn: str, line: int, seed: int) -> None:
    learner = Learner(poet, "the moon", seed)
    before = await learner.begin()

    draft = await learner.say(turn)

    assert line in changed_lines(before.poem, draft.poem)
    assert re.match("The .* line is new|三行目は新しくなりました", draft.reply)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("turn", ["something else", "try again", "別のにして", "もう一句"])
async def test_something_else_shares_no_line(poet: Poet, turn: str, seed: int) -> None:
    learner = Learner(poet, "love", seed)
    before = await learner.begin()

    draft = await learner.say(turn)

    assert changed_lines(before.poem, draft.poem) == {1, 2, 3}
    assert draft.reply.startswith(("All of it is new.", "すべて新しくなりました。"))


@pytest.mark.parametrize("seed", range(8))
async def test_earlier_wishes_still_hold_when_later_ones_come(poet: Poet, seed: int) -> None:
    learner = Learner(poet, "snow", seed)
    await learner.begin()

    winter = await learner.say("winter")
    bare = await learner.say("then without snow")
    happy = await learner.say("happier")

    assert winter.poem.season == bare.poem.season == happy.poem.season == "winter"
    assert not speaks_of(bare, SPEAKS_OF_SNOW)
    assert not speaks_of(happy, SPEAKS_OF_SNOW)
    assert balance(happy.poem, "bright") >= 2


async def test_a_later_wish_replaces_the_one_it_contradicts(poet: Poet) -> None:
    learner = Learner(poet, "sea", 1)
    await learner.begin()
    await learner.say("no rain")
    await learner.say("in winter")

    draft = await learner.say("rain after all, and in summer")

    assert draft.poem.season == "summer"
    assert speaks_of(draft, SPEAKS_OF_RAIN + "|梅雨")
    assert "could not" not in draft.reply


async def test_a_wish_that_cannot_be_met_is_said_so(poet: Poet) -> None:
    learner = Learner(poet, "spring wind", 1)
    first = await learner.begin()
    assert first.poem.lines[0].japanese == "春の風"

    kept = await learner.say("keep all: first line, second line and last line, but make it winter")
    august = await learner.say("keep the first line and put August in it")

    assert "I could not" in kept.reply
    assert "I could not bring in “august”" in august.reply


async def test_a_wish_lost_to_a_newer_one_is_admitted(poet: Poet) -> None:
    learner = Learner(poet, "the sea", 1)
    await learner.begin()
    await learner.say("in summer")

    draft = await learner.say("with snow")

    assert speaks_of(draft, SPEAKS_OF_SNOW)
    assert "I could not move it to summer" in draft.reply


async def test_what_was_not_understood_is_admitted(poet: Poet) -> None:
    learner = Learner(poet, "the sea", 1)
    before = await learner.begin()

    draft = await learner.say("hm, well")

    assert draft.reply.startswith("I did not quite understand")
    assert draft.poem == before.poem


@pytest.mark.parametrize("turn", ["thank you, it's perfect", "I love it", "ありがとう", "beautiful!"])
async def test_thanks_leave_the_poem_alone(poet: Poet, turn: str) -> None:
    learner = Learner(poet, "the sea", 1)
    before = await learner.begin()

    draft = await learner.say(turn)

    assert draft.poem == before.poem
    assert draft.reply.startswith(("The poem stays as it is.", "句はそのままです。"))


TURNS = (
    "winter instead",
    "without snow",
    "happier",
    "add a cat",
    "keep the last line",
    "at night",
    "something else",
    "春で",
    "夜なしで",
    "静かに",
)


@pytest.mark.parametrize("seed", range(3))
async def test_every_turn_makes_a_sound_poem_and_names_the_lines_it_changed(poet: Poet, seed: int) -> None:
    learner = Learner(poet, "the last train", seed)
    before = (await learner.begin()).poem

    for turn in TURNS:
        draft = await learner.say(turn)

        assert [morae(line.reading) for line in draft.poem.lines] == [5, 7, 5]
        assert faults(draft.poem) == []
        assert changed_lines(before, draft.poem) == numbers_named(draft.reply)
        assert (draft.poem == before) == bool(re.search("I left the poem as it is|句はそのままにしました", draft.reply))
        assert draft.poem == before or draft.poem.season_word in draft.reply
        before = draft.poem


async def test_a_poem_from_elsewhere_can_be_talked_about(poet: Poet) -> None:
    pond = (
        Line("古池や", "ふるいけや", "ふるいけ や", "an old pond—"),
        Line("蛙飛びこむ", "かわずとびこむ", "かわず とびこむ", "a frog jumps in,"),
        Line("水の音", "みずのおと", "みず の おと", "the sound of water"),
    )
    said = (Message("learner", "frog"), Message("poet", "Here."), Message("learner", "keep the first line, in winter"))
    ask = Compose("frog", said, Poem(pond, "spring", "蛙", "a frog"), seed=1)

    draft = (await poet.converse(ask, unheard)).value

    assert draft.poem.season == "winter"
    assert "I could not keep the first line" in draft.reply
