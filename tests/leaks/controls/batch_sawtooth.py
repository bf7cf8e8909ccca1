"""Rows are gathered to batches of five hundred, written, and dropped."""

from steady import rounds

BATCH = []
written = 0

for number in rounds(170):
    BATCH.append({"row": number, "cells": [number] * 10})
    if len(BATCH) == 500:
        written += len(BATCH)
        BATCH.clear()
