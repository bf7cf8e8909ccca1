"""Every request makes cycles and drops them: the collector has work, and nothing stays."""

from steady import rounds


class Request:
    def __init__(self, number):
        self.number = number
        self.response = Response(self)


class Response:
    def __init__(self, request):
        self.request = request
        self.lines = [f"line {line} of {request.number}" for line in range(10)]


for number in rounds(300):
    Request(number)
