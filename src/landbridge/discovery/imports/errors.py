"""Why a file as a whole cannot be read or taken in."""

from __future__ import annotations

from landbridge.errors.catalogue import Category, LandbridgeError, Retry


class FileEmpty(LandbridgeError):
    """The file has no bytes, or nothing but white space. Often an export or a download that
    was interrupted.
    """

    code = "FILE_EMPTY"
    title = "The file is empty"
    status = 422
    message = "{name} has no content."
    remedy = "Export the file again and check its size before you upload it."


class FileUnreadable(LandbridgeError):
    """The operating system did not let the file be opened or read: it does not exist, is a
    directory, or may not be read by this user.
    """

    code = "FILE_UNREADABLE"
    title = "The file cannot be opened"
    status = 422
    message = "{name} cannot be opened: {reason}."
    remedy = "Check the path and that you may read the file."


class FileUnsupported(LandbridgeError):
    """The content is of a kind that holds no table, or one that is not supported. The kind is
    recognised by the content; the file's ending does not matter.
    """

    code = "FILE_UNSUPPORTED"
    title = "This kind of file is not supported"
    status = 415
    message = "{name} is {kind}, which cannot be read as a table."
    remedy = "Save it as CSV, XLSX, ODS or JSON and try again."


class ParquetNotInstalled(LandbridgeError):
    """Reading Parquet files needs a library that is an extra of the package, so that the core
    stays small.
    """

    code = "PARQUET_NOT_INSTALLED"
    title = "The extra for Parquet files is not installed"
    status = 415
    message = "{name} is a Parquet file, and the package's extra 'parquet' is not installed."
    remedy = "Install it with pip install 'landbridge[parquet]', or save the file as CSV."


class FileEncrypted(LandbridgeError):
    """The file is protected with a password, so its content cannot be read."""

    code = "FILE_ENCRYPTED"
    title = "The file is protected with a password"
    status = 422
    message = "{name} is encrypted."
    remedy = "Open it with its password, save it without one, and try again."


class FileDamaged(LandbridgeError):
    """The content breaks off or contradicts itself: an interrupted download, a full disk, or
    a program that writes faulty files. Nothing of the file was imported.
    """

    code = "FILE_DAMAGED"
    title = "The file is damaged or incomplete"
    status = 422
    message = "{name} cannot be read to its end: {reason}."
    remedy = "Get the file again from its source. Opening it and saving a copy often repairs it."


class FileTooLarge(LandbridgeError):
    """The file is larger than this deployment accepts for one import."""

    code = "FILE_TOO_LARGE"
    title = "The file is too large"
    status = 413
    category = Category.CAPACITY
    message = "{name} is larger than the limit of {limit_bytes} bytes."
    remedy = (
        "Split the export into several files, or ask your operator to raise "
        "LANDBRIDGE_MAX_UPLOAD_BYTES."
    )


class ContentTooLarge(LandbridgeError):
    """A file would become far more than files of its kind do: by unpacking, or by cells that it
    repeats or refers to over and over. It was refused, as such files are used to exhaust a
    server.
    """

    code = "CONTENT_TOO_LARGE"
    title = "The file unpacks to too much"
    status = 422
    category = Category.CAPACITY
    message = "{name} would unpack to {unpacked_bytes} bytes, which is more than is allowed."
    remedy = (
        "Unpack an archive yourself and import its files one by one; save the sheets of a "
        "workbook as CSV."
    )


class ArchiveTooManyFiles(LandbridgeError):
    """The archive holds more files than one import may have."""

    code = "ARCHIVE_TOO_MANY_FILES"
    title = "The archive holds too many files"
    status = 422
    category = Category.CAPACITY
    message = "{name} holds {count} files; the limit is {limit}."
    remedy = "Split the archive into several imports."


class ArchiveDirectoryTooLarge(LandbridgeError):
    """The archive's table of contents alone is larger than that of any archive this program
    would open. It was refused before it was read.
    """

    code = "ARCHIVE_DIRECTORY_TOO_LARGE"
    title = "The archive's table of contents is too large"
    status = 422
    category = Category.CAPACITY
    message = "{name} has a table of contents of more than {limit_bytes} bytes."
    remedy = "Split the archive into several imports."


class ArchiveContradictory(LandbridgeError):
    """Entries of the archive share the same bytes, or claim more than the archive has. No
    program that packs files writes that; it is a way to make a small file unpack to a huge one.
    """

    code = "ARCHIVE_CONTRADICTORY"
    title = "The archive contradicts itself"
    status = 422
    message = "{name} cannot be trusted: {reason}."
    remedy = "Unpack it on your own machine, and pack or import the files anew."


class ArchiveNested(LandbridgeError):
    """An archive inside an archive is not opened."""

    code = "ARCHIVE_NESTED"
    title = "There is an archive inside the archive"
    status = 422
    message = "{name} is itself an archive."
    remedy = "Unpack the inner archive and import its files."


class ArchiveEmpty(LandbridgeError):
    """The archive holds no file that could be read."""

    code = "ARCHIVE_EMPTY"
    title = "There is nothing to import in the archive"
    status = 422
    message = "{name} holds no files."
    remedy = "Check that the right archive was chosen."


class XmlDeclaresTypes(LandbridgeError):
    """The file's XML declares a document type. Spreadsheet programs never write one; through its
    entities a file could grow without end, or ask for files of the server. Nothing of it was
    read.
    """

    code = "XML_DECLARES_TYPES"
    title = "The file's XML declares a document type"
    status = 422
    message = "{name} holds a document type declaration, which is not accepted."
    remedy = "Open it in a spreadsheet program, save it as XLSX or CSV, and import that file."


class TableTooWide(LandbridgeError):
    """A record has more cells than a table may have columns, often because the file is no table
    or was read with the wrong delimiter.
    """

    code = "TABLE_TOO_WIDE"
    title = "The table has too many columns"
    status = 422
    category = Category.CAPACITY
    message = "{name} has a record of {cells} cells; a table has at most {limit} columns."
    remedy = "Check that the file is a table of records, and leave out the columns you do not need."


class FileTooManyTables(LandbridgeError):
    """The file holds more tables than one file may have."""

    code = "FILE_TOO_MANY_TABLES"
    title = "The file holds too many tables"
    status = 422
    category = Category.CAPACITY
    message = "{name} holds more than {limit} tables."
    remedy = "Export fewer tables at once, or split the file."


class ReaderStopped(LandbridgeError):
    """Workbooks are opened in a process of their own. It ended, ran out of its memory
    allowance or stopped answering, so the workbook could not be read; nothing else is affected.
    """

    code = "WORKBOOK_READER_STOPPED"
    title = "The workbook could not be processed"
    status = 422
    category = Category.CAPACITY
    message = "Reading {name} was stopped: {reason}."
    remedy = "Save the sheets you need as CSV and import those."


class LineTooLong(LandbridgeError):
    """A text file goes on for many megabytes without a line end, so it is no table of lines."""

    code = "LINE_TOO_LONG"
    title = "The file has a line that is too long"
    status = 422
    category = Category.CAPACITY
    message = "{name} has a line of more than {limit_bytes} bytes."
    remedy = "Check that the file is a table with one record per line."


class JsonMalformed(LandbridgeError):
    """The document is not valid JSON, or breaks off before its end. Nothing of it was
    imported.
    """

    code = "JSON_MALFORMED"
    title = "The JSON is not valid"
    status = 422
    message = "{name} is not valid JSON: {reason}."
    remedy = "Export the file again, or correct the place named above."


class JsonWithoutRecords(LandbridgeError):
    """The document is valid, but is a single value: there is no object or list of records."""

    code = "JSON_WITHOUT_RECORDS"
    title = "The JSON holds no records"
    status = 422
    message = "{name} holds no list of records and no object."
    remedy = "Export a list of objects, one per record."


class HtmlWithoutTable(LandbridgeError):
    """The file is a web page without a table, often a sign-in or error page that was saved in
    place of the export.
    """

    code = "HTML_WITHOUT_TABLE"
    title = "The web page holds no table"
    status = 422
    message = "{name} is a web page that holds no table."
    remedy = "Open the file in a browser to see what it says, then export it again."


class UnknownEncoding(LandbridgeError):
    """The encoding asked for is not one this program knows."""

    code = "UNKNOWN_ENCODING"
    title = "The encoding is not known"
    status = 422
    message = "There is no encoding named '{encoding}'."
    remedy = "Use a name such as utf-8, utf-16, cp1252, iso-8859-1, mac-roman or shift-jis."


class SheetNotFound(LandbridgeError):
    """A sheet that was asked for is not in the workbook. Names are compared exactly."""

    code = "SHEET_NOT_FOUND"
    title = "There is no such sheet"
    status = 422
    message = "{name} has no sheet named '{sheet}'."
    remedy = "Choose one of: {sheets}."


class HeaderRowNotFound(LandbridgeError):
    """The header row asked for lies behind the last record."""

    code = "HEADER_ROW_NOT_FOUND"
    title = "There is no such header row"
    status = 422
    message = "{name} has no record {header_row}; records are counted from 0."
    remedy = "Look at the first records with 'landbridge inspect FILE --rows' and count again."


class HeaderRowInvalid(LandbridgeError):
    """The place of the header was given as something else than a number of a record."""

    code = "HEADER_ROW_INVALID"
    title = "This is no header row"
    status = 422
    message = "'{header_row}' is no place where a header can be."
    remedy = "Give the index of the header among the records, from 0, or -1 when there is none."


class ArchivePartsUnreadable(LandbridgeError):
    """Some files inside an archive could not be read. The others were imported; each failure
    is listed under `parts` with its own code and remedy.
    """

    code = "ARCHIVE_PARTS_UNREADABLE"
    title = "Some files of the archive could not be read"
    status = 422
    message = "{name}: {count} of its files could not be read; the first is {first}: {reason}"
    remedy = "{advice}"


class ImportWithoutFiles(LandbridgeError):
    """A Discovery flow was started on an import that holds no file."""

    code = "IMPORT_WITHOUT_FILES"
    title = "The import holds no files"
    status = 409
    category = Category.CONFLICT
    message = "There is no file in this import."
    remedy = "Upload at least one file and start again."


class NothingReadable(LandbridgeError):
    """Not one file of the import could be read, so there is nothing to go on with. Each
    failure is listed under `problems` with its own code and remedy.
    """

    code = "NOTHING_READABLE"
    title = "None of the files could be read"
    status = 422
    retry = Retry.NEVER
    message = "None of the {files} files could be read; the first: {first_problem}"
    remedy = "{first_remedy}"
