"""Deliberately broken servers: a proxy spoils real frames in one named way, and a check has to notice."""

from .mutants import MUTANTS
from .run import run_mutants

__all__ = ["MUTANTS", "run_mutants"]
