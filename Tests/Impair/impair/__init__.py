"""Calls through a network that spoils packets on purpose, measured."""
