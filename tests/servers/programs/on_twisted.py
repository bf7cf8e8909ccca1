"""twisted's reactor with a line receiver; it has a SIGINT handler and a wake-up descriptor of its own."""

import sys

from twisted.internet import protocol, reactor
from twisted.protocols.basic import LineReceiver
from twisted.python import log


class Answer(LineReceiver):
    delimiter = b"\n"

    def lineReceived(self, line):
        self.sendLine(line)


log.startLogging(sys.stdout)
reactor.listenTCP(int(sys.argv[1]), protocol.Factory.forProtocol(Answer), interface="127.0.0.1")
reactor.run()
