"""A mock stands in for a client in a staging service, and remembers every call.

leaks: mock_calls | _mock_mock_calls | call_args_list | mocks
kept: _Call
issue: https://github.com/python/cpython/issues/106823
"""

from unittest import mock

from steady import rounds

mailer = mock.Mock(name="mailer")

for number in rounds(60):
    mailer.send(to=f"user{number}@example.org", body=[f"line {line}" for line in range(20)])
