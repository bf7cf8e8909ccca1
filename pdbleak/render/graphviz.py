"""A child that draws Graphviz's language with pygraphviz, stdin to stdout; the program never imports it."""

from __future__ import annotations

import sys

import pygraphviz


def main() -> None:
    """Read a graph, write a picture in the form that the second argument names."""
    graph = pygraphviz.AGraph(string=sys.stdin.buffer.read().decode())
    sys.stdout.buffer.write(graph.draw(format=sys.argv[2], prog="dot"))


if __name__ == "__main__":
    main()
