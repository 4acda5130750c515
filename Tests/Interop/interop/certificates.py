"""A CA and a server certificate made by the project's own script."""

import subprocess
from pathlib import Path

from .server import ROOT


def make_certificates(folder: Path) -> dict[str, str]:
    """The `https` settings of the configuration."""
    script = ROOT / "Certs/make-certificates.sh"
    subprocess.run([script, "-d", folder], check=True, capture_output=True)
    return {
        "certificate": str(folder / "server.pem"),
        "private-key": str(folder / "server.key"),
        "ca-certificate": str(folder / "ca.pem"),
    }
