"""What NimBLE looks at before it touches an attribute and Bumble does not: may it be read, may it be written.

Bumble writes whatever is written to, takes parts of a long write from anybody, and never answers where its own
handler raises. So each request is looked at first, and refused with NimBLE's error.
"""

from collections.abc import Callable
from typing import Any

from bumble import att
from bumble.gatt_server import Server

READS = (att.ATT_Read_Request, att.ATT_Read_Blob_Request)
WRITES = (att.ATT_Write_Request, att.ATT_Write_Command, att.ATT_Prepare_Write_Request)

# Says whether this link may do it (connection, handle, whether it writes): raises att.ATT_Error.
Check = Callable[[Any, int, bool], None]


def guard(server: Server, check: Check) -> None:
    """From here on `server` looks first."""
    obey = server.on_gatt_pdu

    def on_gatt_pdu(bearer: Any, pdu: att.ATT_PDU) -> None:
        try:
            for handle, writes in touched(pdu):
                may(server, handle, writes)
                check(bearer, handle, writes)
        except att.ATT_Error as error:
            if not isinstance(pdu, att.ATT_Write_Command):  # it wants no answer
                server.send_response(bearer, att.ATT_Error_Response(pdu.op_code, handle, error.error_code))
            return
        obey(bearer, pdu)

    server.on_gatt_pdu = on_gatt_pdu


def touched(pdu: att.ATT_PDU) -> list[tuple[int, bool]]:
    """(handle, whether it is written) of everything a request names."""
    if isinstance(pdu, READS):
        return [(pdu.attribute_handle, False)]
    if isinstance(pdu, WRITES):
        return [(pdu.attribute_handle, True)]
    if isinstance(pdu, att.ATT_Read_Multiple_Request):
        return [(handle, False) for handle in pdu.set_of_handles]
    return []


def may(server: Server, handle: int, writes: bool) -> None:
    """Raises att.ATT_Error where nobody may."""
    attribute = server.get_attribute(handle)
    if attribute is None:
        raise att.ATT_Error(att.ErrorCode.INVALID_HANDLE)
    if writes and not attribute.permissions & att.Attribute.WRITEABLE:
        raise att.ATT_Error(att.ErrorCode.WRITE_NOT_PERMITTED)
    if not writes and not attribute.permissions & att.Attribute.READABLE:
        raise att.ATT_Error(att.ErrorCode.READ_NOT_PERMITTED)
