"""Known causes that are caches and tables of the interpreter and its library which only grow."""

from __future__ import annotations

from pdbleak.analyses.holders.known import KnownHolder

REGISTRIES = (
    KnownHolder(
        "an lru_cache without maxsize on a method keeps its instances, too",
        r"(type|abc\.ABCMeta|\S+Meta) \.\S+ → functools\._lru_cache_wrapper \(cache\) → dict "
        r"(?!.*_lru_list_elem)",
        "cache on the instance (functools.cached_property), or give lru_cache a maxsize",
        "https://docs.python.org/3/faq/programming.html#faq-cache-method-calls",
        least=5000,
        least_size=32 << 20,
    ),
    KnownHolder(
        "an lru_cache without maxsize (or functools.cache) keeps every result and its arguments",
        r"functools\._lru_cache_wrapper \(cache\) → dict (?!.*_lru_list_elem)",
        "give it a maxsize; cache_clear() empties it now",
        "https://docs.python.org/3/library/functools.html#functools.lru_cache",
        least=5000,
        least_size=32 << 20,
    ),
    KnownHolder(
        "every name of a logger is kept for ever",
        r"logging\.Manager \.loggerDict → dict ",
        "one logger per module; put what changes into the message, or use logging.LoggerAdapter",
        "https://docs.python.org/3/library/logging.html#logging.LoggerAdapter",
        least=5000,
    ),
    KnownHolder(
        "each warning with a text of its own is remembered by its module",
        r" \.__warningregistry__ → ",
        "warn with a constant text; of what a filter 'ignore' or 'always' covers nothing is remembered",
        "https://docs.python.org/3/library/warnings.html#the-warnings-filter",
    ),
    KnownHolder(
        "linecache keeps the lines of every file, also of generated ones",
        r"module linecache \.cache → dict \S+ → tuple$",
        "give generated code one name of a file; linecache.clearcache() empties it",
        "https://docs.python.org/3/library/linecache.html#linecache.clearcache",
        least=5000,
        least_size=64 << 20,
    ),
    KnownHolder(
        "classes are made again and again, and something keeps them",
        r"(\[\*\]|\{\S+\}) → (type|abc\.ABCMeta|enum\.EnumType|\S+Meta(class)?)$",
        "make the class once, at import: a class costs 1-10 kB and stays in its base's list of subclasses",
        "https://docs.python.org/3/library/stdtypes.html#type.__subclasses__",
        least=3000,
    ),
    KnownHolder(
        "an abstract base class remembers each class that was tested against it",
        r"_abc\._abc_data \(registry and caches\) → set ",
        "classes are made per request, or isinstance is asked for them: make the class once, at import",
        "https://docs.python.org/3/library/abc.html",
        least=20_000,
    ),
    KnownHolder(
        "code is loaded again and again (reload, exec), and a function of each copy keeps its namespace",
        r" → function \.__globals__ → dict$",
        "take the old copy's callbacks out before the new one registers its own; or load the code once",
        "https://docs.python.org/3/library/importlib.html#importlib.reload",
        least=3000,
    ),
)
