"""The last thousand events are kept, in a deque with a limit."""

from collections import deque

from steady import rounds

EVENTS = deque(maxlen=1000)

for number in rounds(300):
    EVENTS.append({"number": number, "kind": f"kind {number % 5}"})
