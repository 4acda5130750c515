"""Where things are, and the interop package made importable: its server and browsers are used here too."""

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent
ROOT = FOLDER.parents[1]
# After this package, whose cases have the name of others.
sys.path.append(str(ROOT / "Tests/Interop"))
sys.path.append(str(ROOT / "Tests/Converse"))
