"""What a person sees of a haiku in the making: the poem line by line, then each picture and recording as it ends."""

import contextlib
from typing import Any

import msgspec
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from core.contracts.events import Event
from core.contracts.haiku import Draft, Poem
from core.contracts.image import Picture
from core.contracts.speech import Recording
from local.home import Home
from local.poem_lines import PoemLines

JOBS_AFTER_THE_POEM = 6
NAMES = {"haiku.compose": "poem", "haiku.scenes": "scenes", "image.paint": "picture", "speech.say": "voice"}


class Unfolding:
    """Prints downwards and keeps what it printed, so that it reads the same in a terminal, a log and a narrow window."""

    def __init__(self, topic: str, *, quiet: bool = False) -> None:
        self._console = Console(highlight=False, soft_wrap=True, quiet=quiet)
        self._status = self._console.status("")
        self._topic = topic
        self._lines: list[str] = []
        self._done = 0
        self._poem_lines = PoemLines()
        self._begun = False
        self._waits = True

    def start(self, home: Home) -> None:
        """Nothing runs there, so a platform is started for this haiku alone."""
        self._say(Text(f"Starting Kotonoha in {home.path} for this haiku …", style="dim"))
        self._wait_for("Starting")

    def part(self, label: str, seconds: float) -> None:
        self._wait_for(f"{label} is ready")

    def begin(self) -> None:
        self._begun = True
        self._say(Text.assemble("A haiku about ", (self._topic, "italic"), "\n"))
        self._wait_for("The poet is thinking")

    def see(self, event: Event) -> None:
        self._poem_lines.hear(event)
        self._waits = self._waits and event.type != "job.started"
        match event.type, event.data.get("kind"):
            case "job.delta", "haiku.compose":
                # The last line may not be whole yet.
                self._show_lines(event.data["text"].split("\n")[:-1])
            case "job.succeeded", "haiku.compose":
                self._show_poem(msgspec.convert(event.data["result"], Draft))
            case "job.succeeded", "image.paint":
                picture = msgspec.convert(event.data["result"], Picture)
                self._tick(f"picture {picture.number}", f"{picture.width} × {picture.height}, {picture.alt}")
            case "job.succeeded", "speech.say":
                recording = msgspec.convert(event.data["result"], Recording)
                self._tick(f"voice {recording.number}", f"  {recording.duration_seconds:.1f} s")
            case (("job.retrying" | "job.failed"), kind):
                number = self._poem_lines.of(event)
                what = f"{NAMES.get(str(kind), kind)}{f' {number}' if number else ''}"
                self._cross(f"{what}: {_detail(event.data)}", again=event.type == "job.retrying")

    def hear_nothing(self, seconds: float, doctor: str) -> None:
        """`doctor` is the command that knows more."""
        reason = "Waiting for a worker" if self._waits else "Still at work"
        silence = f"nothing was heard for {seconds:.0f} s. What is wrong, if anything, says: {doctor}"
        self._say(Text(f"  … {reason}: {silence}", style="dim"))

    def stopping(self) -> None:
        """Told to stop: what was asked for is canceled, and that is told when it is done; before that there is nothing."""
        self._status.stop()
        if not self._begun:
            with contextlib.suppress(OSError, SystemExit):
                self._say(Text("\nStopped before anything was asked for."))

    def close(self) -> None:
        """However it ends, the cursor is there again."""
        self._status.stop()

    def canceled(self, *, told: bool) -> None:
        self._status.stop()
        self._say(Text("\nCanceled." if told else "\nLeft. The API could not be told; it will finish what it can."))

    def saved(self, folder: str, seconds: float) -> None:
        self._status.stop()
        self._say(Text.assemble(f"\nDone in {seconds:.1f} s. Everything is in ", (folder, "bold")))

    def _show_lines(self, lines: list[str]) -> None:
        for line in lines[len(self._lines) :]:
            self._say(Text(f"  {line}", style="bold"))
            self._lines.append(line)

    def _show_poem(self, draft: Draft) -> None:
        poem = draft.poem
        final = [line.japanese for line in poem.lines]
        if self._lines != final[: len(self._lines)]:
            # An attempt that did not end left other words behind.
            self._lines = []
        self._show_lines(final)
        self._say(_readings(poem))
        # What a poet could not do with the topic is said here and nowhere else.
        self._say(Text(f"  {draft.reply}\n"))
        self._say(Text(f"  {poem.season}: {poem.season_word}, {poem.season_word_english}\n  {draft.composed_by}\n", style="dim"))
        self._wait_for("Painting and reading aloud")

    def _tick(self, what: str, more: str) -> None:
        self._done += 1
        self._say(Text.assemble(("  ✓ ", "green"), f"{what:<10}", (more.strip(), "dim")))
        self._wait_for(f"Painting and reading aloud: {self._done} of {JOBS_AFTER_THE_POEM}")

    def _cross(self, sentence: str, *, again: bool) -> None:
        self._say(Text.assemble(("  ✗ ", "red"), sentence, (" Trying again.", "dim") if again else ""))

    def _say(self, text: Text) -> None:
        self._console.print(text)

    def _wait_for(self, sentence: str) -> None:
        """Only where somebody watches; a spinner in a file is noise."""
        if self._console.is_terminal and not self._console.quiet:
            self._status.update(sentence)
            self._status.start()


def _readings(poem: Poem) -> Text:
    """A kana fills two cells, so columns are measured in cells."""
    width = max(cell_len(line.reading) for line in poem.lines)
    rows = (f"  {set_cell_size(line.reading, width)}  {line.english}\n" for line in poem.lines)
    return Text("\n" + "".join(rows))


def _detail(data: dict[str, Any]) -> str:
    error: dict[str, str] = data.get("error") or {}
    return error.get("detail", "it did not work this time.")
