"""Tie a part's life to the supervisor's, then become that part: `leash.py PARENT SIGNAL COMMAND…`.

A script of its own rather than a `preexec_fn`, for two reasons: code between fork and exec may deadlock in a program with
threads, and the death signal must be set after `unshare` or `setpriv`, since a change of credentials clears it (prctl(2)).
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main(parent: str, signum: str, *command: str) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, int(signum), 0, 0, 0):
        sys.exit(f"prctl failed: {os.strerror(ctypes.get_errno())}")
    # The supervisor may have died before the signal was set; then nobody would ever send it.
    if os.getppid() != int(parent):
        sys.exit("The supervisor is gone.")
    os.execvp(command[0], command)  # noqa: S606  the supervisor's own command


if __name__ == "__main__":
    main(*sys.argv[1:])
