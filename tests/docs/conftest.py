"""Lets the tests of the pages import the recorder beside them."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))
