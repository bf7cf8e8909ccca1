"""Flask on Werkzeug's own server."""

import logging
import sys

from flask import Flask, request

app = Flask(__name__)
logging.getLogger("werkzeug").setLevel(logging.WARNING)


@app.get("/<number>")
def answer(number):
    return request.path


app.run(port=int(sys.argv[1]))
