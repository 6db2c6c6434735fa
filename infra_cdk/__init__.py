"""The AWS topology as code. It imports nothing of ours; the tests hold its names against the rest of the house."""

import os
import sys
from pathlib import Path

# The CDK speaks to a Node of its own, the one that was installed beside this Python.
os.environ.setdefault("JSII_NODE", str(Path(sys.executable).parent / "node"))
