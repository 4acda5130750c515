"""An answer that was written for the eye, as language models write them: what is spoken of it, and what the client reads."""

from __future__ import annotations

import asyncio
import re

from .. import canned, recogniser, sdk
from ..lab import Lab
from ..report import Row
from ..words import errors, normalised

TITLE = "answers written for the eye"
SHORT = True

ANSWER = """## Breakfast

Here is **what** you need:

- two *fresh* eggs 🥚
- a slice of `bread` 🍞
1. Heat the pan.

```python
print("hello")
```
See [the recipe](https://example.com/eggs?id=7#top) & <b>enjoy</b> it! 😀"""
# Of the transcript: marks that nobody says.
MARKS = re.compile(r"[*`#<>\[\]]|https?:|\(http|[\U0001F300-\U0001FAFF]")
SPOKEN = (
    "breakfast here is what you need two fresh eggs a slice of bread one heat the pan print hello "
    "see the recipe and enjoy it")
# The recogniser hears headings and single items without their sentence: some words in a hundred.
WORD_BAR = 0.2


def run(lab: Lab) -> list[Row]:
    with canned.model(ANSWER) as model, lab.gateway(llm=model) as server:
        answer = asyncio.run(asked(server.url))
    heard = recogniser.another().hear(answer.samples())
    wanted, words = normalised(SPOKEN), normalised(heard)
    wrong = errors(wanted, words)
    marks = MARKS.findall(answer.transcript)
    return [
        Row("marks, addresses and emoji in the transcript", "0", f"{len(marks)}: “{answer.transcript}”",
            not marks and answer.status == "completed"),
        Row("what is heard of it", f"its {len(wanted)} words, at most {WORD_BAR:.0%} wrong",
            f"{wrong} wrong: “{heard}”", wrong <= WORD_BAR * len(wanted)),
    ]


async def asked(url: str) -> sdk.Answer:
    async with sdk.conversation(url) as talk:
        await talk.write("What do I need for breakfast?")
        return await talk.answer()
