"""A channel per call, none of them closed, all in the client's table of stubs.

leaks: stubs | STUBS
kept: Channel
issue: https://github.com/googleapis/python-pubsub/issues/4
needs: grpcio
"""

import grpc
from steady import rounds

STUBS = {}


def call(number):
    channel = grpc.insecure_channel(f"127.0.0.1:{20000 + number % 30000}")
    STUBS[number] = channel.unary_unary("/echo.Echo/Say")


for number in rounds(20, warm_up=40):
    call(number)
