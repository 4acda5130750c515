"""Where things are, and the interop package made importable: its server is used here too."""

import os
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent
ROOT = FOLDER.parents[1]
sys.path.insert(0, str(ROOT / "Tests/Interop"))

# The recordings are laid beside the clone (README.md there); the models are where `make models` puts them.
SPEECH = ROOT.parent / "shared/speech"
MODELS = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "parley"
CONVERSATION = ROOT / "docs/conversation.md"
ENGINES = ROOT / "docs/engines-measured.md"
