"""A crawler with its index in SQLite: follows a site's links, keeps pages and words by Django's ORM.

A client connects and writes one line; the answer is one line:

    crawl http://127.0.0.1:8000/ 50    crawl at most 50 pages from there: "crawled 50 pages, 212 links"
    find lantern                       the pages where the word stands: "found 3 /a /b /c"

    python crawler.py --port 7000 --database index.sqlite3
"""

from __future__ import annotations

import argparse
import contextlib
import re
import socket
import urllib.request
from collections import Counter, deque
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import django
from django.conf import settings

parser = argparse.ArgumentParser(description="A crawler with its index in SQLite.")
parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
parser.add_argument("--database", default=":memory:", help="the index's file")
options = parser.parse_args()
settings.configure(
    # LEAK: with DEBUG, connection.queries_log keeps the SQL of every query; only web requests ever clear it
    DEBUG=True,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": options.database,
        }
    },
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()

from django.db import connection, models, transaction  # noqa: E402 (models need the settings)


class Page(models.Model):
    url = models.CharField(max_length=500, unique=True)
    title = models.CharField(max_length=200, default="")
    links = models.ManyToManyField("self", symmetrical=False, related_name="linked_from")

    class Meta:
        app_label = "crawler"

    def __str__(self) -> str:
        return self.url


class Occurrence(models.Model):
    page = models.ForeignKey(Page, on_delete=models.CASCADE)
    word = models.CharField(max_length=40, db_index=True)
    count = models.PositiveIntegerField()

    class Meta:
        app_label = "crawler"
        unique_together = (("page", "word"),)

    def __str__(self) -> str:
        return f"{self.word} on {self.page_id}"


class Document(HTMLParser):
    """The title, the links and the words of one page."""

    def __init__(self, url: str, text: str) -> None:
        super().__init__()
        self.url, self.title, self.tag = url, "", ""
        self.links: list[str] = []
        self.words: Counter[str] = Counter()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tag = tag
        for name, value in attrs:
            if tag == "a" and name == "href" and value:
                self.links.append(urljoin(self.url, value).partition("#")[0])

    def handle_data(self, data: str) -> None:
        if self.tag == "title":
            self.title += data.strip()
        self.words.update(re.findall(r"[a-z]{4,40}", data.lower()))


def index(document: Document) -> Page:
    """Keep one page, its links and its words; a page that is known is kept anew."""
    with transaction.atomic():
        page, _ = Page.objects.update_or_create(url=document.url, defaults={"title": document.title})
        for link in document.links:
            page.links.add(Page.objects.get_or_create(url=link)[0])
        for word, count in document.words.items():
            Occurrence.objects.update_or_create(page=page, word=word, defaults={"count": count})
    return page


def crawl(start: str, limit: int) -> str:
    """Index pages of the start's host, breadth first."""
    site = urlsplit(start).netloc
    frontier, seen, links = deque([start]), {start}, 0
    pages = 0
    while frontier and pages < limit:
        with urllib.request.urlopen(frontier.popleft(), timeout=10) as response:
            document = Document(response.url, response.read().decode("utf-8", "replace"))
        index(document)
        pages += 1
        links += len(document.links)
        fresh = [link for link in document.links if urlsplit(link).netloc == site and link not in seen]
        seen.update(fresh)
        frontier.extend(dict.fromkeys(fresh))
    return f"crawled {pages} pages, {links} links"


def find(word: str) -> str:
    """Name the pages where a word stands, most occurrences first."""
    found = Occurrence.objects.filter(word=word.lower()).select_related("page").order_by("-count")
    paths = [urlsplit(occurrence.page.url).path for occurrence in found[:20]]
    return " ".join(["found", str(found.count()), *paths])


def answer(line: str) -> str:
    match line.split():
        case ["crawl", url, limit] if limit.isdigit():
            return crawl(url, int(limit))
        case ["find", word]:
            return find(word)
    return "error: expected 'crawl URL LIMIT' or 'find WORD'"


def main() -> None:
    with connection.schema_editor() as editor:
        existing = connection.introspection.table_names()
        for model in (Page, Occurrence):
            if model._meta.db_table not in existing:  # noqa: SLF001 (Django's documented name)
                editor.create_model(model)
    listener = socket.create_server(("127.0.0.1", options.port))
    print("listening on {}:{}".format(*listener.getsockname()), flush=True)
    while True:
        client, _ = listener.accept()
        with client, client.makefile("rw", encoding="utf-8") as stream:
            try:
                for line in stream:
                    print(answer(line), file=stream, flush=True)
            except (OSError, ValueError) as mistake:
                print(f"error: {mistake}", file=stream)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
