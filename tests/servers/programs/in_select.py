"""A main thread in `select`, which serves every connection itself."""

import selectors

import lines

selector = selectors.DefaultSelector()
listening = lines.listen()
selector.register(listening, selectors.EVENT_READ)
while True:
    for key, _ in selector.select():
        if key.fileobj is listening:
            selector.register(listening.accept()[0], selectors.EVENT_READ)
        elif asked := key.fileobj.recv(65536):
            key.fileobj.sendall(asked)
        else:
            selector.unregister(key.fileobj)
            key.fileobj.close()
