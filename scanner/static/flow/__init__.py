"""Data flow: whether personal data that the code reads leaves the app.

The engine is an abstract interpreter over Dalvik code, driven by the app's lifecycle; see
docs/data-flow.md.
"""

from scanner.static.flow.engine import FlowResult, find_flows

__all__ = ["FlowResult", "find_flows"]
