"""The parts, in the order of their document. Each is a module of this folder with

    TITLE            what it shows, a few words
    SHORT            whether it has a part in the short form, which .ci/run runs
    run(lab)         the rows of its table (converse.report.Row)

A part that cannot run on a machine returns rows that are not run and say why; what went wrong otherwise is an exception.
"""

# make converse: the embedded engine.
CONVERSATION = [
    "questions", "dialogue", "speakable", "wer", "latency", "barge_in", "four", "memory", "faults", "disk", "offline", "voices",
]
# make engines: stages elsewhere.
ENGINES = ["servers", "upstream", "mcp", "faults_remote", "waterfall", "fifty"]
