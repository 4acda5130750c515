"""Whole conversations with the embedded engine, measured."""
