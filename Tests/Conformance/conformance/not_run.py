"""Rows that are not run, and why."""

TRANSLATION = "translation sessions are not built yet"
SIP = "SIP is not built yet"
NPM = "needs clients from npm"

NOT_RUN = {
    "RT-016": TRANSLATION,
    "RT-017": TRANSLATION,
    "RT-081": TRANSLATION,
    "RT-125": TRANSLATION,
    "RT-211": TRANSLATION,
    "RT-021": SIP,
    "RT-022": SIP,
    "RT-023": SIP,
    "RT-029": SIP,
    "RT-207": SIP,
    "RT-030": "companion endpoints are not built yet",
    "RT-168": "no engine tells speakers apart yet",
    "RT-169": "no engine gives log probabilities yet",
    "RT-170": "the echo guard is not built yet",
    "RT-212": "the Live protocol is not built",
    "RT-213": "the Live protocol is not built",
    "RT-220": NPM,
    "RT-221": NPM,
    "RT-222": NPM,
}
