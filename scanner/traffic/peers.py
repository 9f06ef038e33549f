"""The two ends of a flow as a dump holds them, made once per connection."""

from collections import OrderedDict
from typing import Any

from scanner.traffic.flow_file import Ready, dumps

_MAX_PEERS = 1024


class Peers:
    """Connections as they stand in the file, kept as bytes: they repeat in every flow and are most
    of the work of writing one. Certificates are left out.
    """

    def __init__(self) -> None:
        """Start empty."""
        self._known: OrderedDict[str, tuple[Any, Ready]] = OrderedDict()

    def state(self, flow: Any) -> Any:
        """Return the state of a flow with its connections ready to write."""
        client, server = flow.client_conn, flow.server_conn
        flow.client_conn, flow.server_conn = _Peer(self._of(client)), _Peer(self._of(server))
        try:
            return flow.get_state()
        finally:
            flow.client_conn, flow.server_conn = client, server

    def _of(self, connection: Any) -> Ready:
        seen = (connection.timestamp_start, connection.timestamp_end, connection.error,
                connection.peername, connection.tls_version, connection.sni)  # fmt: skip
        known = self._known.get(connection.id)
        if known is not None and known[0] == seen:
            return known[1]
        state = connection.get_state()
        state["certificate_list"] = []
        if "mitmcert" in state:
            state["mitmcert"] = None
        ready = Ready(dumps(state))
        self._known[connection.id] = (seen, ready)
        if len(self._known) > _MAX_PEERS:
            self._known.popitem(last=False)
        return ready


class _Peer:
    """Stands in for a connection while the state of its flow is taken."""

    def __init__(self, ready: Ready) -> None:
        self._ready = ready

    def get_state(self) -> Ready:
        """Return the prepared state."""
        return self._ready
