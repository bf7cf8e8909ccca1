"""Django keeps every query that it ran, under DEBUG.

leaks: queries_log
kept: dict
issue: https://github.com/scrapy/scrapy/issues/1685
needs: Django
"""

import django
from django.conf import settings

settings.configure(
    DEBUG=True,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
)
django.setup()

from django.db import connection, models
from steady import rounds


class Article(models.Model):
    title = models.CharField(max_length=100)

    class Meta:
        app_label = "news"


def serve(number):
    article, _ = Article.objects.get_or_create(id=number % 20, defaults={"title": f"article {number % 20}"})
    return article.title, Article.objects.filter(title__contains="1").count()


with connection.schema_editor() as editor:
    editor.create_model(Article)
for number in rounds(100):
    serve(number)
