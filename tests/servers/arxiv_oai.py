"""The OAI-PMH part of the fake arXiv: ListRecords in arXivRaw, with sets, days, resumption tokens and error documents.

The form of its responses is that of arXiv's own server code (../shared/arxiv/oaipmh_generated).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, unquote, urlencode
from xml.sax.saxutils import escape, quoteattr

from tests.servers.http import Request, Response

if TYPE_CHECKING:
    from tests.servers.arxiv import Record

_XML = {"Content-Type": "application/xml"}
_EARLIEST = date(2005, 9, 16)
_PHYSICS = {"astro-ph", "cond-mat", "gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math-ph"}
_PHYSICS |= {"nlin", "nucl-ex", "nucl-th", "physics", "quant-ph"}
_SAID = {
    "badArgument": "The request includes illegal arguments, is missing required arguments, includes a repeated "
    "argument, or values for arguments have an illegal syntax.",
    "badResumptionToken": "The value of the resumptionToken argument is invalid or expired.",
    "badVerb": "Value of the verb argument is not a legal OAI-PMH verb, the verb argument is missing, or the verb "
    "argument is repeated.",
    "cannotDisseminateFormat": "The metadata format identified by the value given for the metadataPrefix argument is "
    "not supported by the item or by the repository.",
    "noRecordsMatch": "The combination of the values of the from, until, set and metadataPrefix arguments results in "
    "an empty list.",
}


class _RefusedError(Exception):
    pass


def respond_oai(
    request: Request, records: Iterable[Record], today: date, page_size: int
) -> Response:
    """Responds to a request; as the protocol requires, refusals are documents with status 200."""
    asked = dict(request.query)
    try:
        listed = _list(asked, records, today, page_size)
        shown = "".join(f" {key}={quoteattr(value)}" for key, value in asked.items())
    except _RefusedError as error:
        code = str(error)
        shown = "" if code != "noRecordsMatch" else "".join(f' {k}="{v}"' for k, v in asked.items())
        listed = f"    <error code='{code}'>{_SAID[code]} Reason: as asked</error>\n"
    document = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" \n'
        '         xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"\n'
        '         xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/ '
        'http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">\n'
        f"    <responseDate>{today}T15:06:35Z</responseDate>\n"
        f"    <request{shown}>https://oaipmh.arxiv.org/oai</request>\n{listed}</OAI-PMH>"
    )
    return Response(200, document.encode(), _XML)


def _list(asked: dict[str, str], records: Iterable[Record], today: date, page_size: int) -> str:
    if asked.get("verb") != "ListRecords":
        raise _RefusedError("badVerb")
    skip, question, token = 0, asked, asked.get("resumptionToken")
    if token is not None:
        question = {k: v[0] for k, v in parse_qs(unquote(token)).items()}
        if "skip" not in question:
            raise _RefusedError("badResumptionToken")
        skip = int(question.pop("skip"))
    if question.get("metadataPrefix") != "arXivRaw":
        raise _RefusedError("cannotDisseminateFormat")
    first = _day(question.get("from"), _EARLIEST)
    last = _day(question.get("until"), today)
    if first < _EARLIEST or last > today + timedelta(days=1):
        raise _RefusedError("badArgument")
    found = [
        record
        for record in records
        if record.announced <= today
        and first <= record.datestamp <= last
        and any(_is_in(name, question.get("set", "")) for name in record.categories)
    ]
    found.sort(key=lambda record: (record.datestamp, record.id))
    shown = found[skip : skip + page_size]
    if not shown:
        raise _RefusedError("noRecordsMatch")
    end = ""
    if skip + page_size < len(found):
        following = urlencode({**question, "skip": str(skip + page_size)})
        end = f"<resumptionToken expirationDate='{today + timedelta(days=1)}T00:00:00Z'>{quote(following, safe='')}"
        end += "</resumptionToken>\n"
    elif token is not None:
        end = "<resumptionToken/>\n"
    body = "".join(map(_record, shown))
    return f"    <ListRecords>\n{body}{end}    </ListRecords>\n"


def _day(text: str | None, otherwise: date) -> date:
    try:
        return date.fromisoformat(text) if text else otherwise
    except ValueError:
        raise _RefusedError("badArgument") from None


def sets_of(category: str) -> str:
    archive, _, subject = category.partition(".")
    group = "physics" if archive in _PHYSICS else archive
    return ":".join(part for part in (group, archive, subject) if part)


def _is_in(category: str, wanted: str) -> bool:
    return not wanted or f"{sets_of(category)}:".startswith(f"{wanted}:")


def _record(record: Record) -> str:
    versions = "".join(
        f'<version version="v{n}"><date>{record.submitted + timedelta(days=n - 1):%a, %d %b %Y %H:%M:%S} GMT</date>'
        f"<size>8kb</size>{'<source_type>I</source_type>' * (record.is_withdrawn and n == record.version)}</version>\n"
        for n in range(1, record.version + 1)
    )
    further = "".join(
        f"<{tag}>{escape(value)}</{tag}>\n"
        for tag, value in (
            ("comments", record.comment),
            ("journal-ref", record.journal_ref),
            ("doi", record.doi),
        )
        if value
    )
    sets = "".join(f"<setSpec>{sets_of(name)}</setSpec>" for name in record.categories)
    return (
        f"<record><header><identifier>oai:arXiv.org:{record.id}</identifier><datestamp>{record.datestamp}</datestamp>"
        f"{sets}</header>\n<metadata>"
        '<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xsi:schemaLocation="http://arxiv.org/OAI/arXivRaw/ https://oaipmh.arxiv.org/OAI/arXivRaw.xsd">\n'
        f"<id>{record.id}</id><submitter>{escape(record.authors[0])}</submitter>\n{versions}"
        f"<title>{escape(record.title)}</title>\n<authors>{escape(', '.join(record.authors))}</authors>\n"
        f"<categories>{' '.join(record.categories)}</categories>\n{further}"
        "<license>http://arxiv.org/licenses/nonexclusive-distrib/1.0/</license>\n"
        f"<abstract>{escape(record.abstract)}</abstract>\n</arXivRaw></metadata></record>\n"
    )
