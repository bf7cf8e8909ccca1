"""A report is made of a frame in each round, and dropped.

needs: pandas
"""

import pandas as pd
from steady import rounds

sales = pd.DataFrame({"shop": [n % 5 for n in range(1000)], "sum": [float(n) for n in range(1000)]})

for number in rounds(20, warm_up=40):
    report = sales[sales["sum"] > number % 900].groupby("shop")["sum"].agg(["mean", "max"]).to_dict()
