"""Owns SDMX-ML: generic and structure specific data messages of SDMX 2.1, read by the sdmx1 library."""

from __future__ import annotations

import contextlib
import io
import logging
import re
import warnings
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler

from sources.delimited import too_large
from sources.errors import InputError, Problem
from sources.figures import Reading
from sources.readers import Head, Source, sdmx_data

NAME = "sdmx_ml"
ABOUT = "SDMX-ML 2.1: generic and structure specific data with reporter, partner and flow (xml)"
EXAMPLE = (
    '<?xml version="1.0"?><message:StructureSpecificData'
    ' xmlns:message="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message"'
    ' xmlns:common="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/common"'
    ' xmlns:ss="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/structurespecific">'
    "<message:Header><message:ID>E</message:ID><message:Test>false</message:Test>"
    '<message:Prepared>2024-01-04T16:21:49</message:Prepared><message:Sender id="STAT"/>'
    '<message:Structure structureID="T" dimensionAtObservation="TIME_PERIOD"><common:Structure>'
    '<Ref agencyID="STAT" id="TRADE" version="1.0"/></common:Structure></message:Structure></message:Header>'
    '<message:DataSet ss:structureRef="T"><Series REF_AREA="KAZ" COUNTERPART_AREA="CHN" FLOW="X" UNIT_MEASURE="USD"'
    ' UNIT_MULT="6"><Obs TIME_PERIOD="2023" OBS_VALUE="14722.3" OBS_STATUS="A"/></Series></message:DataSet>'
    "</message:StructureSpecificData>\n"
)
MAX_OBSERVATIONS = 1_000_000
MAX_DEPTH = 60
_NAMESPACE = "sdmx.org/resources/sdmxml/schemas"
_DATA = re.compile(
    r"<(?:\w+:)?(?:GenericData|GenericTimeSeriesData|StructureSpecificData|StructureSpecificTimeSeriesData|"
    r"CompactData|Structure|Error)\b"
)


def recognises(head: Head) -> float:
    """Score by the SDMX namespace on the root element."""
    start = head.text[:8192]
    return 0.97 if _NAMESPACE.lower() in start.lower() and start.lstrip()[:1] == "<" else 0.0


class _Guard(ContentHandler):
    """Count elements and depth while the document is checked for declarations that could expand."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name, self.depth, self.observations = name, 0, 0

    def startElement(self, name: str, attrs: object) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise too_large(
                self.name, "", f"elements nested more than {MAX_DEPTH} deep", f"{MAX_DEPTH} levels"
            )
        if name.rpartition(":")[2] == "Obs":
            self.observations += 1
            if self.observations > MAX_OBSERVATIONS:
                raise too_large(
                    self.name,
                    "",
                    f"over {MAX_OBSERVATIONS:,} observations",
                    f"{MAX_OBSERVATIONS:,}",
                )

    def endElement(self, name: str) -> None:
        self.depth -= 1


def check(data: bytes, name: str) -> None:
    """Refuse XML with a DTD or entities, damaged XML and XML beyond the limits. Raises InputError."""
    import defusedxml.sax
    from defusedxml.common import DefusedXmlException

    try:
        defusedxml.sax.parseString(data, _Guard(name), forbid_dtd=True)
    except DefusedXmlException as error:
        raise InputError(
            Problem(name, "", "XML with a DTD or entities, which could expand without end or read other files",
                    "Save the message without a document type declaration.", "HOSTILE_FILE")
        ) from error  # fmt: skip
    except (SAXParseException, LookupError, ValueError) as error:
        raise InputError(
            Problem(name, "", f"the XML is damaged: {str(error)[:120]}", "Download it again.", "CORRUPT_FILE")
        ) from error  # fmt: skip


def read(source: Source) -> Reading:
    """Read n observations into n figures; a message without trade gives none. Raises InputError."""
    import sdmx
    from lxml.etree import LxmlError
    from sdmx.exceptions import XMLParseError

    check(source.data, source.name)
    head = Head(source).text[:65536]
    kind = _DATA.search(head)
    if kind is not None and kind[0].endswith(("Structure", "Error")):
        return sdmx_data.nothing(source, NAME, "an SDMX message without data")
    if "schemas/v2_0/" in head or "CompactData" in head:
        raise InputError(
            Problem(source.name, "", "SDMX-ML 2.0, of which only 2.1 is read",
                    "Ask the service for version 2.1, or for SDMX-CSV.", "NO_READER")
        )  # fmt: skip
    # The library prints what it could not use; the message below says it.
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        logging.getLogger("sdmx").setLevel(logging.ERROR)
        try:
            message = sdmx.read_sdmx(io.BytesIO(source.data), format="XML")
        except (
            XMLParseError,
            LxmlError,
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            AssertionError,
            NotImplementedError,
            LookupError,
        ) as error:
            raise InputError(
                Problem(source.name, "", f"the SDMX message cannot be read: {str(error)[:120]}",
                        "Ask the service for generic data, or for SDMX-CSV.", "CORRUPT_FILE")
            ) from error  # fmt: skip
    table, labels = sdmx_data.observations(message)
    if table.empty:
        return sdmx_data.nothing(source, NAME, "an SDMX message without observations")
    return sdmx_data.figures(table, source, NAME, labels, publisher=_sender(message))


def _sender(message: object) -> str:
    sender = getattr(getattr(message, "header", None), "sender", None)
    return str(getattr(sender, "id", "") or "")
