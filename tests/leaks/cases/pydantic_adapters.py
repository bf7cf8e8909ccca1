"""Type adapters are cached without a limit, for models that are made for each request.

leaks: CachedTypeAdapter | lru_cache TypeAdapter
kept: TypeAdapter
issue: https://github.com/openai/openai-python/pull/2873
needs: pydantic
"""

from functools import lru_cache

from pydantic import TypeAdapter, create_model
from steady import rounds

CachedTypeAdapter = lru_cache(maxsize=None)(TypeAdapter)


def parse(text, fields):
    model = create_model("Answer", **dict.fromkeys(fields, (str, "")))
    return CachedTypeAdapter(model).validate_json(text)


for number in rounds(30, warm_up=60):
    parse('{"title": "x"}', ("title", f"note_{number}"))
