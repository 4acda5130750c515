"""Whole calls with real clients against a `parley serve` of the test's own."""
