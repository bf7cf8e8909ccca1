"""What an injected process runs first; its text is sent there, where pdbleak is not known yet.

Nothing may leave `begin`: it would be raised in whatever the program is doing. No name of it stays.
"""


def begin(package: str, suffix: str, answer: str, page: int) -> None:
    """Load pdbleak from `package`, or else the process's own, listen, and write to a file how it went.

    `page` is the memory that has to be given back at the end.
    """
    import os  # noqa: PLC0415 - its globals are thrown away
    import sys  # noqa: PLC0415
    import threading  # noqa: F401, PLC0415 - first imported elsewhere, it would take that thread for the main one
    from importlib import machinery, util  # noqa: PLC0415

    told = "listens"
    try:
        if machinery.EXTENSION_SUFFIXES[0] != suffix:
            running = f"{sys.version_info[0]}.{sys.version_info[1]}{sys.abiflags}"
            raise ImportError(f"it runs Python {running} ({sys.executable})")  # noqa: TRY301
        if package and "pdbleak" not in sys.modules:
            spec = util.spec_from_file_location(
                "pdbleak", f"{package}/__init__.py", submodule_search_locations=[package]
            )
            if spec is None or spec.loader is None:
                raise ImportError(f"no package at {package}")  # noqa: TRY301
            module = util.module_from_spec(spec)
            spec.loader.exec_module(module)
            sys.modules["pdbleak"] = module
        from pdbleak.remote import server  # noqa: PLC0415

        server.listen(once=True, page=page)
    except BaseException as error:  # noqa: BLE001 - see above
        told = f"{type(error).__name__}: {error}"
    with open(f"{answer}.new", "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(told)
    os.rename(f"{answer}.new", answer)  # noqa: PTH104
