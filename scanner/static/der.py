"""Just enough DER to find certificates and read whose they are (X.690, RFC 5652, RFC 5280).

Nothing is verified here; a certificate is named by its bytes. Never raises on any bytes.
"""

from typing import NamedTuple

_SEQUENCE, _SET, _CONTEXT_0, _INTEGER, _OID = 0x30, 0x31, 0xA0, 0x02, 0x06
_BMP_STRING, _UNIVERSAL_STRING, _TELETEX_STRING = 0x1E, 0x1C, 0x14
_LONG_FORM, _MOST_LENGTH_BYTES = 0x80, 4
_MOST_NODES = 4096

_NAMES = {
    "550403": "CN",
    "550406": "C",
    "550407": "L",
    "550408": "ST",
    "550409": "STREET",
    "55040a": "O",
    "55040b": "OU",
    "550405": "SERIALNUMBER",
    "2a864886f70d010901": "E",
    "0992268993f22c640119": "DC",
    "0992268993f22c640101": "UID",
}
"""Attribute types of X.520 and RFC 4519 (hex of the encoded OID) -> short names."""


class Node(NamedTuple):
    """One element: tag byte, where it starts, its content's range, all within `data`."""

    data: bytes
    tag: int
    start: int
    body: int
    end: int

    @property
    def raw(self) -> bytes:
        """Return the whole encoding."""
        return self.data[self.start : self.end]

    @property
    def content(self) -> bytes:
        """Return the content octets."""
        return self.data[self.body : self.end]

    def children(self) -> list["Node"]:
        """Return the elements inside, as far as they can be read."""
        found: list[Node] = []
        at = self.body
        while at < self.end and len(found) < _MOST_NODES:
            node = read(self.data, at, self.end)
            if node is None:
                break
            found.append(node)
            at = node.end
        return found


def read(data: bytes, at: int = 0, end: int | None = None) -> Node | None:
    """Return the element at an offset, or None when there is none that fits."""
    end = len(data) if end is None else end
    if at + 2 > end:
        return None
    tag, length = data[at], data[at + 1]
    body = at + 2
    if length & _LONG_FORM:
        width = length & 0x7F
        if not width or width > _MOST_LENGTH_BYTES or body + width > end:
            return None
        length = int.from_bytes(data[body : body + width], "big")
        body += width
    if body + length > end:
        return None
    return Node(data, tag, at, body, body + length)


class Certificate(NamedTuple):
    """A certificate: its DER bytes, issuer and serial as encoded, subject as text."""

    der: bytes
    issuer: bytes
    serial: bytes
    subject: str


def certificate(der: bytes) -> Certificate | None:
    """Read a certificate, or None when the bytes are not one."""
    outer = read(der)
    inner = outer.children()[:1] if outer is not None and outer.tag == _SEQUENCE else []
    if outer is None or not inner:
        return None
    fields = inner[0].children()
    if fields and fields[0].tag == _CONTEXT_0:
        fields = fields[1:]
    # serial, algorithm, issuer, validity, subject
    wanted = (_INTEGER, _SEQUENCE, _SEQUENCE, _SEQUENCE, _SEQUENCE)
    if tuple(f.tag for f in fields[: len(wanted)]) != wanted:
        return None
    serial, _, issuer, _, subject = fields[: len(wanted)]
    return Certificate(outer.raw, issuer.raw, serial.content, name_text(subject))


def name_text(name: Node) -> str:
    """Return a distinguished name as `CN=..., O=...` in the order written."""
    parts: list[str] = []
    for group in name.children():
        for pair in group.children():
            members = pair.children()
            if len(members) == 2 and members[0].tag == _OID:  # noqa: PLR2004 - type and value
                key = _NAMES.get(members[0].content.hex(), members[0].content.hex())
                parts.append(f"{key}={_string(members[1])}")
    return ", ".join(parts)


def _string(node: Node) -> str:
    encoding = {
        _BMP_STRING: "utf-16-be",
        _UNIVERSAL_STRING: "utf-32-be",
        _TELETEX_STRING: "latin-1",
    }.get(node.tag, "utf-8")
    text = node.content.decode(encoding, "replace")
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def pkcs7_signers(data: bytes) -> list[Certificate]:
    """Return the certificates that signed a PKCS #7 block, in the block's order.

    Certificates of the chain that signed nothing are left out; when no signer can be matched, all
    certificates are returned.
    """
    outer = read(data)
    members = outer.children() if outer is not None else []
    wrapped = members[1].children() if len(members) > 1 else []
    fields = wrapped[0].children() if wrapped else []
    certificates = [
        found
        for field in fields
        if field.tag == _CONTEXT_0
        for node in field.children()
        if (found := certificate(node.raw)) is not None
    ]
    signers = _signer_ids(fields)
    chosen = [c for c in certificates if (c.issuer, c.serial) in signers]
    return chosen or certificates


def _signer_ids(fields: list[Node]) -> set[tuple[bytes, bytes]]:
    """Return (issuer, serial) of the signer infos: the last SET of the signed data."""
    sets = [f for f in fields if f.tag == _SET]
    ids: set[tuple[bytes, bytes]] = set()
    for info in sets[-1].children() if sets else []:
        members = info.children()
        pair = members[1].children() if len(members) > 1 else []
        if len(pair) == 2:  # noqa: PLR2004 - issuer and serial
            ids.add((pair[0].raw, pair[1].content))
    return ids
