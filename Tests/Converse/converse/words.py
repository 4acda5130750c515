"""Word errors: what is written made comparable, counted, and how sure the difference of two counts is."""

from __future__ import annotations

import re

import numpy as np

SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
# A longer row of digits is read digit by digit, as people dictate it.
LONGEST_NUMBER = 4
SIGNS = {"%": " percent ", "@": " at ", "&": " and ", "+": " plus "}
# One spelling of each.
SAME = {"mr": "mister", "okay": "ok", "mmhmm": "mmhm", "oh": "zero"}
RESAMPLES = 10_000


def normalised(text: str) -> list[str]:
    """Small letters without punctuation; numbers in words without "and"; money, times and addresses as they are said."""
    text = text.lower().replace("’", "'")
    text = re.sub(r"[£$€](\d+)\.(\d\d)\b", r"\1 pounds \2", text)
    text = re.sub(r"(\d):(\d\d)", r"\1 \2", text)
    text = re.sub(r"(?<=\w)\.(?=[a-z]\w)", " dot ", text)
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    for sign, word in SIGNS.items():
        text = text.replace(sign, word)
    text = re.sub(r"\d+(st|nd|rd|th)\b", lambda found: ordinal(int(found[0][:-2])), text)
    text = re.sub(r"\d+", lambda found: f" {spelled(found[0])} ", text)
    text = re.sub(r"[^a-z0-9' ]", lambda found: "" if found[0] == "." else " ", text.replace("-", " ")).replace("'", "")
    words = [SAME.get(word, word) for word in text.split()]
    return [word for index, word in enumerate(words) if not _joins_numbers(words, index)]


def _joins_numbers(words: list[str], index: int) -> bool:
    """"and" in "one hundred and forty"."""
    return words[index] == "and" and 0 < index < len(words) - 1 and words[index - 1] in ("hundred", "thousand")


def spelled(digits: str) -> str:
    if len(digits) > LONGEST_NUMBER or (digits[0] == "0" and len(digits) > 1):
        return " ".join(SMALL[int(digit)] for digit in digits)
    return cardinal(int(digits))


def cardinal(number: int) -> str:
    if number < 20:
        return SMALL[number]
    if number < 100:
        return TENS[number // 10 - 2] + (f" {SMALL[number % 10]}" if number % 10 else "")
    unit, name = (100, "hundred") if number < 1000 else (1000, "thousand")
    return f"{cardinal(number // unit)} {name}" + (f" {cardinal(number % unit)}" if number % unit else "")


def ordinal(number: int) -> str:
    known = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth", "twelve": "twelfth"}
    *front, last = cardinal(number).split()
    return " ".join([*front, known.get(last, (last[:-1] + "ieth" if last.endswith("y") else last + "th"))])


def errors(reference: list[str], heard: list[str]) -> int:
    """Substitutions, insertions and deletions of the cheapest alignment."""
    row = list(range(len(heard) + 1))
    for index, word in enumerate(reference, 1):
        diagonal, row[0] = row[0], index
        for place, other in enumerate(heard, 1):
            diagonal, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, diagonal + (word != other))
    return row[-1]


def interval(differences: np.ndarray, lengths: np.ndarray) -> tuple[float, float]:
    """95 % of the rate sum(differences) / sum(lengths), utterances drawn anew with a fixed seed."""
    drawn = np.random.default_rng(4).integers(0, len(lengths), (RESAMPLES, len(lengths)))
    rates = differences[drawn].sum(1) / lengths[drawn].sum(1)
    return float(np.percentile(rates, 2.5)), float(np.percentile(rates, 97.5))
