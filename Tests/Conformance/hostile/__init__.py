"""Broken and hostile clients against a live server: it answers or closes as documented, keeps its memory, and another
session notices nothing."""

from .attacks import ATTACKS
from .run import run_attacks

__all__ = ["ATTACKS", "run_attacks"]
