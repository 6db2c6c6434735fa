"""Polly's Japanese voices: https://docs.aws.amazon.com/polly/latest/dg/available-voices.html"""

from msgspec import Struct

from local.fakes.complaint import Complaint


class PollyVoice(Struct, frozen=True, rename="pascal"):
    """As DescribeVoices tells it."""

    id: str
    gender: str
    name: str
    supported_engines: tuple[str, ...]
    language_code: str = "ja-JP"
    language_name: str = "Japanese"


VOICES = (
    PollyVoice("Kazuha", "Female", "Kazuha", ("neural",)),
    PollyVoice("Mizuki", "Female", "Mizuki", ("standard",)),
    PollyVoice("Takumi", "Male", "Takumi", ("neural", "standard")),
    PollyVoice("Tomoko", "Female", "Tomoko", ("neural",)),
)


def check_voice(voice: str, engine: str) -> None:
    """Raises Complaint for a voice that does not speak Japanese, or not with this engine."""
    found = next((one for one in VOICES if one.id == voice), None)
    if found is None:
        raise Complaint("LanguageNotSupportedException", f"The voice {voice} does not speak Japanese.")
    if engine not in found.supported_engines:
        raise Complaint("EngineNotSupportedException", f"This voice does not support the selected engine: {engine}")
