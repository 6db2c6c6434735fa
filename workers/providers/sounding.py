"""What any voice can be asked to speak: kana, so that no reading is guessed, of a length and at a speed it can keep."""

from core.contracts.speech import Say
from core.errors import GiveUp, Invalid
from core.kana import count_morae

SLOWEST, FASTEST = 0.5, 2.0


def sounding_words(ask: Say, longest_characters: int) -> list[str]:
    """The words that sound. Raises GiveUp, before anybody is asked, for an ask no voice can speak."""
    if len(ask.pronunciation) > longest_characters:
        raise GiveUp(
            f"One recording takes {longest_characters} characters; this text has {len(ask.pronunciation)}.", is_free=True
        )
    if not SLOWEST <= ask.speed <= FASTEST:
        raise GiveUp(f"The voice speaks at {SLOWEST} to {FASTEST} times its own speed, not at {ask.speed}.", is_free=True)
    try:
        words = [word for word in ask.pronunciation.split() if count_morae(word)]
    except Invalid as error:
        message = "The voice is given kana only, and there is something else in this line."
        raise GiveUp(message, is_free=True) from error
    if not words:
        raise GiveUp("There is nothing to speak in this line.", is_free=True)
    return words
