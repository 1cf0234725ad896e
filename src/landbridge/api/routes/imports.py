"""Imports: send files, see what was read of them and what is wrong with their rows."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from landbridge.api.auth import CanImport, CanView, EngagementContext
from landbridge.api.bodies import OneOf
from landbridge.api.downloads import attachment, download
from landbridge.api.errors import (
    FieldTooLarge,
    NothingUploaded,
    PayloadTooLarge,
    TooManyFields,
    TooManyFiles,
    UnreadableBody,
    UnsupportedMediaType,
)
from landbridge.api.exporting import CanExport
from landbridge.api.idempotency import Key, once
from landbridge.api.schemas import PAGE, PREFIX, Cursor, Limit, PageOf, problems
from landbridge.api.uploads import FILES_AT_ONCE, Upload, Uploaded
from landbridge.database.listing import Wanted
from landbridge.database.refusals import AccountLeaving, QuotaExceeded
from landbridge.discovery.imports import queries, service
from landbridge.discovery.imports.choices import read_options
from landbridge.discovery.imports.errors import HeaderRowInvalid, UnknownEncoding
from landbridge.discovery.imports.formats.encodings import USUAL
from landbridge.discovery.imports.queries import ImportRow, IssueRow
from landbridge.discovery.imports.service import ImportResult
from landbridge.discovery.imports.templates import Template, template_csv
from landbridge.kit.pagination import InvalidCursor

router = APIRouter(prefix=PREFIX, tags=["imports"])

Text = Annotated[str, Query(max_length=200)]
UPLOAD_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["files"],
                    "properties": {
                        "files": {
                            "type": "array",
                            "items": {"type": "string", "format": "binary"},
                            "minItems": 1,
                            "maxItems": FILES_AT_ONCE,
                        },
                        "encoding": {
                            "type": "string",
                            "enum": list(USUAL),
                            "description": "Of the text, instead of the recognised one.",
                        },
                        "delimiter": {
                            "type": "string",
                            "description": "Between the cells; `tab` for a tab.",
                        },
                        "header_row": {
                            "type": "integer",
                            "minimum": -1,
                            "description": "Index of the header, from 0; -1 for none.",
                        },
                        "sheets": {
                            "type": "string",
                            "description": "Names of the only sheets to read, one on a line.",
                        },
                    },
                }
            }
        },
    }
}


class FileOut(BaseModel):
    """A file that was received and stored unchanged."""

    id: UUID
    name: str
    size_bytes: int
    sha256: str


class NewImport(BaseModel):
    """Files that were received together. Start a flow on them to have them read."""

    id: UUID
    files: list[FileOut]


@router.post(
    "/imports",
    summary="Send files",
    status_code=201,
    response_model=NewImport,
    responses=problems(
        *(NothingUploaded, TooManyFiles, TooManyFields, FieldTooLarge, PayloadTooLarge),
        *(UnreadableBody, UnsupportedMediaType, UnknownEncoding, HeaderRowInvalid),
        *(QuotaExceeded, AccountLeaving),
    ),
    openapi_extra=UPLOAD_BODY,
)
def create_import(upload: Uploaded, context: CanImport, key: Key) -> Response:
    """A multipart form with one or more files. They are stored as they are, and read as the
    other fields say.
    """
    request = upload.fingerprint() if key else b""
    return once(context, key, "create_import", request, lambda: store(context, upload))


def store(context: EngagementContext, upload: Upload) -> NewImport:
    """Store an upload as one import of the engagement."""
    fields = upload.fields
    options = read_options(
        encoding=fields.get("encoding"),
        delimiter=fields.get("delimiter"),
        header_row=fields.get("header_row"),
        sheets=fields.get("sheets", "").splitlines(),
    )
    import_id = service.create_import(context.session, context.engagement_id).id
    files = []
    for file in upload.files:
        kept = service.receive_file(
            context.session, import_id, file.name, file.content, options=options
        )
        files.append(
            FileOut(
                id=kept.id, name=kept.name, size_bytes=kept.size_bytes, sha256=kept.sha256.hex()
            )
        )
    return NewImport(id=import_id, files=files)


@router.get("/imports", summary="The newest imports", responses=problems())
def list_imports(context: CanView) -> PageOf[ImportRow]:
    """The 50 newest, newest first."""
    return PageOf(items=queries.imports(context.session, context.engagement_id))


@router.get(
    "/import-template.csv",
    summary="An empty file to fill in",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}}, **problems()},
)
def template(context: CanView, columns: Template = Template.FULL) -> Response:
    """Its columns are all recognised; `required` has the few that most decisions need."""
    name = f"landbridge-{columns.value}.csv"
    return Response(
        template_csv(columns), media_type="text/csv; charset=utf-8", headers=attachment(name)
    )


@router.get("/imports/{import_id}", summary="One import", responses=problems())
def show_import(context: CanView, import_id: UUID) -> ImportResult:
    """Its files, the tables read of them with their counts, and the issues by code."""
    queries.require_import(context.session, context.engagement_id, import_id)
    return service.import_result(context.session, import_id)


@router.get(
    "/imports/{import_id}/issues",
    summary="Everything that is wrong with the rows",
    responses=problems(InvalidCursor),
)
def list_issues(
    context: CanView,
    import_id: UUID,
    q: Text = "",
    code: Text = "",
    severity: Text = "",
    table: Text = "",
    sort: Annotated[str, OneOf(queries.ISSUES.sorts)] = "place",
    descending: bool = False,
    limit: Limit = PAGE,
    cursor: Cursor = None,
) -> PageOf[IssueRow]:
    """In the order of the files; each names row, column, value and code."""
    queries.require_import(context.session, context.engagement_id, import_id)
    filters = {"q": q, "code": code, "severity": severity, "table": table}
    wanted = Wanted(filters, sort, descending, limit, cursor)
    page = queries.issues(context.session, context.engagement_id, import_id, wanted)
    return PageOf(items=page.items, next=page.next)


@router.get(
    "/imports/{import_id}/failed-rows.csv",
    summary="Rows with issues, as a file to correct and send again",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {}}}, **problems()},
)
def failed_rows(context: CanExport, import_id: UUID) -> StreamingResponse:
    """The original columns, then what is wrong."""
    queries.require_import(context.session, context.engagement_id, import_id)
    lines = service.failed_rows_csv(context.session, import_id)
    return download(lines, "failed-rows.csv", "text/csv; charset=utf-8")


@router.get(
    "/imports/{import_id}/files/{file_id}/original",
    summary="A file as it was received",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/octet-stream": {}}}, **problems()},
)
def original(context: CanExport, import_id: UUID, file_id: UUID) -> StreamingResponse:
    """Byte by byte."""
    queries.require_file(context.session, context.engagement_id, import_id, file_id)
    name, size, content = service.original(context.session, file_id)
    return download(content, name, "application/octet-stream", size)
