"""One element of each feed is kept, and with it the whole document it belongs to.

leaks: TITLES
kept: _Element
issue: https://github.com/andresriancho/w3af/issues/8614
needs: lxml
"""

from lxml import etree
from steady import rounds

TITLES = {}


def read_feed(number):
    items = "".join(f"<item><id>{number}-{item}</id><text>{'x' * 200}</text></item>" for item in range(100))
    return etree.fromstring(f"<feed><title>feed {number}</title>{items}</feed>")


for number in rounds(60, warm_up=80):
    TITLES[number] = read_feed(number).find("title")
