"""Errors of the HTTP layer itself."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from landbridge.errors.catalogue import Category, LandbridgeError, Retry


class PayloadTooLarge(LandbridgeError):
    """The request's body is larger than this address accepts. Nothing of it was kept."""

    code = "PAYLOAD_TOO_LARGE"
    title = "This is too large to accept"
    status = 413
    message = "The request is larger than the {limit} bytes accepted here."
    remedy = (
        "Send less at once. For an import, split the file or ask your operator to raise "
        "LANDBRIDGE_MAX_UPLOAD_BYTES."
    )


class ServerBusy(LandbridgeError):
    """This server works on as many requests at a time as it may. It refuses more at once, so that
    those it has are answered in time.
    """

    code = "SERVER_BUSY"
    title = "The server has too much to do"
    status = 503
    category = Category.CAPACITY
    retry = Retry.AFTER
    message = "The server already works on {limit} requests."
    remedy = (
        "Repeat the request after the time in Retry-After. Operators: start more servers, or raise"
        " LANDBRIDGE_MAX_REQUESTS."
    )


class UnreadableBody(LandbridgeError):
    """The body is not what its Content-Type says: broken JSON, a multipart body without its
    boundary, or an upload that ended early.
    """

    code = "UNREADABLE_BODY"
    title = "The request's body cannot be read"
    status = 400
    message = "The body does not match its Content-Type, or ended early."
    remedy = "Check the Content-Type header and send the request again."


class MalformedRequest(LandbridgeError):
    """What came in is not HTTP: a header with characters that none may have, for instance, or
    the beginning of an encrypted connection.
    """

    code = "MALFORMED_REQUEST"
    title = "This is not an HTTP request"
    status = 400
    message = "The request is not well-formed HTTP."
    remedy = "Check its headers, and whether https was meant; then send the request again."


class UnsupportedMediaType(LandbridgeError):
    """This address takes another kind of body."""

    code = "UNSUPPORTED_MEDIA_TYPE"
    title = "This kind of body is not accepted here"
    status = 415
    message = "This address accepts {accepted}."
    remedy = "Send the body as {accepted}."


class NothingUploaded(LandbridgeError):
    """The upload holds no file, so there is nothing to import."""

    code = "NOTHING_UPLOADED"
    title = "No file was sent"
    status = 422
    message = "The upload holds no file."
    remedy = "Choose at least one file and send it again."


class TooManyFiles(LandbridgeError):
    """One import takes a limited number of files, so that one request cannot exhaust the
    server.
    """

    code = "TOO_MANY_FILES"
    title = "Too many files at once"
    status = 422
    message = "One import takes at most {limit} files."
    remedy = "Send the files in several imports of at most {limit} each."


class TooManyFields(LandbridgeError):
    """A form has more fields beside its files than any form of ours, so that one request cannot
    exhaust the server.
    """

    code = "TOO_MANY_FIELDS"
    title = "The form has too many fields"
    status = 422
    message = "A form with files takes at most {limit} other fields."
    remedy = "Send the files alone; a form needs only the field 'files'."


class FieldTooLarge(LandbridgeError):
    """A field of a form beside its files holds more than any field of ours. Often a file that was
    sent without a file name.
    """

    code = "FIELD_TOO_LARGE"
    title = "A field of the form is too large"
    status = 422
    message = "A field that is no file holds at most {limit} bytes."
    remedy = "Send files with a file name, as 'curl -F files=@export.csv' does."


class TooManyRequests(LandbridgeError):
    """Every API key and every browser session may send so many requests in a minute, and so may
    every network address whose requests carry no valid credential. This one has sent more. The
    operator sets both numbers.
    """

    code = "RATE_LIMITED"
    title = "Too many requests"
    status = 429
    category = Category.CAPACITY
    retry = Retry.AFTER
    message = "At most {limit} requests are taken in a minute."
    remedy = "Wait {retry_after} seconds, then go on more slowly."
    headers: Mapping[str, str] = MappingProxyType({})


class CrossSiteRequest(LandbridgeError):
    """A browser sent this change on behalf of another site. Signed-in sessions only accept
    changes that come from Landbridge's own pages.
    """

    code = "CROSS_SITE_REQUEST"
    title = "This request came from another site"
    status = 403
    message = "Changes are only accepted from Landbridge's own pages."
    remedy = (
        "Open Landbridge in this browser and repeat the action there. Behind a proxy, make "
        "sure that it passes the Host header on unchanged."
    )


class InsecureSignIn(LandbridgeError):
    """Signing in over plain http would send the session to anyone on the network. It is only
    allowed on this machine itself.
    """

    code = "INSECURE_SIGN_IN"
    title = "Sign-in needs https"
    status = 400
    message = "Signing in over plain http is only possible on this machine itself."
    remedy = (
        "Open this page over https, or as http://localhost on the server. A proxy that ends "
        "https must send X-Forwarded-Proto."
    )


class MalformedIdempotencyKey(LandbridgeError):
    """The Idempotency-Key header is empty, too long, or holds other characters than printable
    ASCII.
    """

    code = "IDEMPOTENCY_KEY_MALFORMED"
    title = "The Idempotency-Key is not valid"
    status = 400
    message = "An Idempotency-Key is 1 to 200 printable ASCII characters without spaces."
    remedy = "Send a fresh UUID as Idempotency-Key."


class IdempotencyKeyReused(LandbridgeError):
    """The same Idempotency-Key was used before for a request with different content. Keys are
    kept for 24 hours.
    """

    code = "IDEMPOTENCY_KEY_REUSED"
    title = "This Idempotency-Key was used for another request"
    status = 422
    category = Category.CONFLICT
    message = "The Idempotency-Key belongs to an earlier request with different content."
    remedy = "Send a fresh UUID as Idempotency-Key for each new request."


class RequestInFlight(LandbridgeError):
    """A request with the same Idempotency-Key is still being worked on."""

    code = "REQUEST_IN_FLIGHT"
    title = "The same request is still running"
    status = 409
    category = Category.CONFLICT
    message = "A request with this Idempotency-Key has not finished yet."
    remedy = "Wait a moment and send the same request again: you will get its result."
