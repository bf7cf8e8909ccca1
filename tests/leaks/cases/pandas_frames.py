"""Frames of every batch stay in a list that is concatenated at the end, which never comes.

leaks: FRAMES
kept: DataFrame
issue: https://github.com/pandas-dev/pandas/issues/29411
needs: pandas
"""

import pandas as pd
from steady import rounds

FRAMES = []


def read_batch(number):
    return pd.DataFrame({"id": range(number, number + 200), "value": [float(number)] * 200})


for number in rounds(30, warm_up=50):
    FRAMES.append(read_batch(number))  # noqa: PERF401 - it never ends
