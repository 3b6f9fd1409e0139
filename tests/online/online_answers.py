"""Answers in the publishers' layouts, with invented figures that add up in the head."""

from __future__ import annotations

import http.server
import json
import socket
from collections.abc import Callable
from typing import Any

Reply = Callable[[http.server.BaseHTTPRequestHandler], None]


def body(
    data: bytes | str, status: int = 200, kind: str = "application/json", **headers: str
) -> Reply:
    """Answer with these bytes."""
    raw = data.encode() if isinstance(data, str) else data

    def reply(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(raw)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(raw)

    return reply


def cut(data: bytes) -> Reply:
    """Promise more than is sent, then hang up."""

    def reply(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(data) * 3))
        handler.end_headers()
        handler.wfile.write(data)
        handler.wfile.flush()
        handler.connection.shutdown(socket.SHUT_RDWR)

    return reply


COMTRADE = "/comtradeapi.un.org/public/v1/preview/C/A/HS"
COMTRADE_KEYED = "/comtradeapi.un.org/data/v1/get/C/A/HS"


def record(
    reporter: tuple[int, str, str],
    partner: tuple[int, str, str],
    flow: str,
    year: int,
    value: float,
    commodity: str = "TOTAL",
) -> dict[str, Any]:
    """Give one record with the 47 fields of the service."""
    imports = flow == "M"
    return {
        "typeCode": "C", "freqCode": "A", "refPeriodId": year * 10000 + 101, "refYear": year, "refMonth": 52,
        "period": str(year), "reporterCode": reporter[0], "reporterISO": reporter[1], "reporterDesc": reporter[2],
        "flowCode": flow, "flowDesc": "Import" if imports else "Export", "partnerCode": partner[0],
        "partnerISO": partner[1], "partnerDesc": partner[2], "partner2Code": 0, "partner2ISO": "W00",
        "partner2Desc": "World", "classificationCode": "H6", "classificationSearchCode": "HS",
        "isOriginalClassification": True, "cmdCode": commodity, "cmdDesc": "All Commodities", "aggrLevel": 0,
        "isLeaf": False, "customsCode": "C00", "customsDesc": "TOTAL CPC", "mosCode": "0", "motCode": 0,
        "motDesc": "TOTAL MOT", "qtyUnitCode": -1, "qtyUnitAbbr": "N/A", "qty": None, "isQtyEstimated": False,
        "altQtyUnitCode": -1, "altQtyUnitAbbr": "N/A", "altQty": None, "isAltQtyEstimated": False, "netWgt": None,
        "isNetWgtEstimated": False, "grossWgt": None, "isGrossWgtEstimated": False,
        "cifvalue": value if imports else None, "fobvalue": None if imports else value, "primaryValue": value,
        "legacyEstimationFlag": 0, "isReported": True, "isAggregate": False,
    }  # fmt: skip


KAZ = (398, "KAZ", "Kazakhstan")
CHN = (156, "CHN", "China")


def comtrade(*records: dict[str, Any]) -> str:
    """Give an answer of the service with these records."""
    return json.dumps(
        {"elapsedTime": "0.1 secs", "count": len(records), "data": records, "error": ""}
    )


EUROSTAT = "/ec.europa.eu/eurostat/api/comext/dissemination/sdmx/2.1/data/DS-045409/"
EUROSTAT_CSV = (
    "DATAFLOW,LAST UPDATE,freq,reporter,partner,product,flow,indicators,TIME_PERIOD,OBS_VALUE,OBS_FLAG\n"
    "ESTAT:DS-045409(1.0),15/09/26 11:00:00,A,DE,KZ,TOTAL,2,VALUE_IN_EUROS,2022,2500000000,\n"
    "ESTAT:DS-045409(1.0),15/09/26 11:00:00,A,DE,KZ,TOTAL,2,VALUE_IN_EUROS,2023,3500000000,\n"
)
EUROSTAT_FAULT = (
    '<?xml version="1.0"?><S:Fault xmlns:S="http://schemas.xmlsoap.org/soap/envelope/">'
    "<faultcode>413</faultcode><faultstring>EXTRACTION_TOO_BIG: The requested extraction is too big"
    "</faultstring></S:Fault>"
)
EUROSTAT_NOTHING = EUROSTAT_FAULT.replace("413", "100").replace(
    "EXTRACTION_TOO_BIG: The requested extraction is too big",
    "NO_RESULTS: The query did not return any results",
)

IMF = "/api.imf.org/external/sdmx/2.1/data/IMF.STA,IMTS/"
IMF_HEADER = (
    "DATAFLOW,COUNTRY,INDICATOR,COUNTERPART_COUNTRY,FREQUENCY,TIME_PERIOD,OBS_VALUE,SCALE,PRECISION,"
    "DECIMALS_DISPLAYED,TRADE_FLOW,VALUATION,UNIT,DERIVATION_TYPE,OVERLAP,STATUS\n"
)
IMF_IMPORTS = IMF_HEADER + (
    "IMF.STA:IMTS(1.0.0),UZB,MG_CIF_USD,CHN,A,2022,6400000000,,,,MG,CIF,USD,,OL,\n"
    "IMF.STA:IMTS(1.0.0),UZB,MG_CIF_USD,CHN,A,2023,11300000000,,,,MG,CIF,USD,,OL,\n"
)
IMF_EXPORTS = IMF_HEADER + (
    "IMF.STA:IMTS(1.0.0),CHN,XG_FOB_USD,UZB,A,2022,7500000000,,,,XG,FOB,USD,,OL,\n"
)

OECD = "/sdmx.oecd.org/public/rest/data/"
OECD_CSV = (
    "DATAFLOW,REF_AREA,COUNTERPART_AREA,TRADE_FLOW,BALANCED,PRODUCT_CPA,PRODUCT_HS,FREQ,UNIT_MEASURE,"
    "TIME_PERIOD,OBS_VALUE,UNIT_MULT\n"
    "OECD.SDD.TPS:DSD_BIMTS@DF_BIMTS_CPA_2_1(1.1),DEU,CHN,X,C,_T,_Z,A,USD_EXC,2021,120000,6\n"
)

WITS = "/wits.worldbank.org/API/V1/SDMX/V21/rest/data/DF_WITS_TradeStats_Trade/"
WITS_XML = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<message:StructureSpecificData xmlns:message="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message">\n'
    "<message:Header><message:ID>IDREF1</message:ID><message:Test>false</message:Test></message:Header>\n"
    '<message:DataSet><Series FREQ="A" REPORTER="KGZ" PARTNER="CHN" PRODUCTCODE="Total" INDICATOR="MPRT-TRD-VL">'
    '<Obs TIME_PERIOD="2021" OBS_VALUE="1463800.5" DATASOURCE="WITS-WITS-TRADESTATS-TRADE"/>'
    "</Series></message:DataSet></message:StructureSpecificData>\n"
)

WORLD_BANK = "/api.worldbank.org/v2/country/"


def world_bank(indicator: str, *rows: tuple[str, str, float | None]) -> str:
    """Give an answer of the indicators service: (alpha-3, year, value)."""
    listed = [
        {"indicator": {"id": indicator, "value": "…"}, "country": {"id": "", "value": ""}, "countryiso3code": area,
         "date": year, "value": value, "unit": "", "obs_status": "", "decimal": 2}
        for area, year, value in rows
    ]  # fmt: skip
    head = {
        "page": 1,
        "pages": 1,
        "per_page": 20000,
        "total": len(listed),
        "lastupdated": "2026-07-01",
    }
    return json.dumps([head, listed])


WORLD_BANK_ERROR = '[{"message":[{"id":"120","key":"Invalid value","value":"The provided parameter value is not valid"}]}]'

ECB = "/data-api.ecb.europa.eu/service/data/EXR/"


def ecb(rates: dict[str, float], month: str, days: int) -> str:
    """Give daily rates of the euro, the same on each of the first days of a month."""
    lines = [
        "KEY,FREQ,CURRENCY,CURRENCY_DENOM,EXR_TYPE,EXR_SUFFIX,TIME_PERIOD,OBS_VALUE,OBS_STATUS,TITLE_COMPL"
    ]
    for currency, value in rates.items():
        lines += [
            f'EXR.D.{currency}.EUR.SP00.A,D,{currency},EUR,SP00,A,{month}-{day:02d},{value},A,"ECB rate, 2.15 pm"'
            for day in range(1, days + 1)
        ]
    return "\n".join(lines) + "\n"


UNSD = "/unstats.un.org/unsd/classifications/Econ/tables/"
PAGE = "<!DOCTYPE html><html><head><title>Service unavailable</title></head><body>Maintenance</body></html>"
