"""Where things are, and the interop package made importable: its server and its speech are used here too."""

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent
ROOT = FOLDER.parents[1]
INTEROP = ROOT / "Tests/Interop"
sys.path.insert(0, str(INTEROP))
