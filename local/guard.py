"""Outlive the supervisor by a moment: `python -m local.guard HOME`, started with a pipe nobody writes to.

The kernel ends each part when the supervisor dies (`leash.py`), but not the children of that part. The pipe closes when
the supervisor is gone, however it went; then whatever it recorded and did not stop is ended here.
"""

import sys
from pathlib import Path

from local.claim import claim_now
from local.home import Home
from local.leftovers import end_leftovers


def main() -> None:
    home = Home(Path(sys.argv[1]))
    sys.stdin.buffer.read()
    # No claim: the supervisor is alive and stops in good order, or the next one already does this work.
    with claim_now(home) as ours:
        if ours:
            end_leftovers(home)


if __name__ == "__main__":
    main()
