"""A live server against the Realtime protocol's contract, row by row."""
