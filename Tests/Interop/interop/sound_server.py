"""A sound card that is not there: Firefox runs no AudioContext without one."""

import subprocess
import tempfile
from pathlib import Path

from .waiting import until


class SoundServer:
    """A PulseAudio of the test's own with one output that keeps time and plays to nobody."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="parley-sound-")
        socket = Path(self._folder.name) / "socket"
        self.environment = {"PULSE_SERVER": f"unix:{socket}", "PULSE_RUNTIME_PATH": self._folder.name}
        modules = ["module-null-sink", f"module-native-protocol-unix auth-anonymous=1 socket={socket}"]
        self._process = subprocess.Popen(
            ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--disallow-exit=yes", "--use-pid-file=no"]
            + [part for module in modules for part in ("-L", module)],
            env={"HOME": self._folder.name, "PATH": "/usr/bin:/bin", "XDG_RUNTIME_DIR": self._folder.name},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until(socket.exists, "PulseAudio's socket")

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()
        self._folder.cleanup()
