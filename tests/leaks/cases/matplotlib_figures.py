"""Figures are drawn and never closed: pyplot keeps them all.

leaks: Gcf | figs
kept: Figure
issue: https://github.com/quantopian/alphalens/pull/241
needs: matplotlib
"""

import io

import matplotlib as mpl

mpl.use("Agg")
mpl.rcParams["figure.max_open_warning"] = 0

from matplotlib import pyplot as plt
from steady import rounds


def draw(number):
    figure, axes = plt.subplots(figsize=(2, 2), dpi=50)
    axes.plot([number % 7, 3, number % 5])
    picture = io.BytesIO()
    figure.savefig(picture)
    return picture.getvalue()


for number in rounds(6, warm_up=5):
    draw(number)
