"""Where things are, and the converse and interop packages made importable: their calls, recordings and scores are used here too."""

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent
ROOT = FOLDER.parents[1]
sys.path.insert(0, str(ROOT / "Tests/Converse"))
import converse.paths  # noqa: E402, F401

DOCUMENT = ROOT / "docs/networks.md"
