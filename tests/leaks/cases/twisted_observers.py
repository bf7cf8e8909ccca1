"""Every connection adds an observer of the log, and none removes it.

leaks: _observers
kept: Echo
issue: https://github.com/twisted/twisted/issues/8142
needs: Twisted
"""

from steady import Pace
from twisted.internet import endpoints, protocol, reactor
from twisted.logger import Logger, globalLogPublisher


class Echo(protocol.Protocol):
    log = Logger()

    def connectionMade(self):
        self.seen = []
        globalLogPublisher.addObserver(self.observe)

    def observe(self, event):
        if event.get("connection") is self:
            self.seen.append(event["log_level"].name)

    def dataReceived(self, data):
        self.transport.write(data)
        self.transport.loseConnection()


class Client(protocol.Protocol):
    def connectionMade(self):
        self.transport.write(b"hello")

    def connectionLost(self, reason=None):
        reactor.callLater(pace.wait(), connect)


def connect():
    endpoint = endpoints.TCP4ClientEndpoint(reactor, "127.0.0.1", port.getHost().port)
    endpoints.connectProtocol(endpoint, Client())


pace = Pace(40)
factory = protocol.Factory.forProtocol(Echo)
port = reactor.listenTCP(0, factory, interface="127.0.0.1")
reactor.callWhenRunning(connect)
reactor.run()
