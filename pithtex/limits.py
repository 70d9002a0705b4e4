"""Every bound on untrusted input, in one place, each with its reason."""

from __future__ import annotations

from typing import Final

MAX_DOCUMENT_BYTES: Final = 8 * 1024 * 1024
"""A record or bundle. Real records are 7 KB, a bundle of two events 14 KB; 8 MiB holds some 9,000 small events."""

MAX_DOCUMENT_BYTES_VARIABLE: Final = "PITHTEX_MAX_DOCUMENT_BYTES"
"""The environment variable that overrides it for the files that commands are given; loaders have `max_bytes`."""

MAX_JSON_DEPTH: Final = 64
"""Nesting of a JSON document. Real documents nest 8 deep; Python's parser recurses."""

MAX_JSON_DIGITS: Final = 4300
"""Digits of one JSON number: Python's own bound, since parsing an integer costs quadratic time. Real ones have two."""

MAX_RECEIPT_CHARS: Final = 16 * 1024
"""A compact receipt as text. Real ones are about 400 characters."""

MAX_RECEIPT_PAYLOAD_BYTES: Final = 16 * 1024
"""A compact receipt, inflated: canonical bytes and title. Real ones are about 600 bytes."""

MAX_PDF_BYTES: Final = 256 * 1024 * 1024
"""A PDF file. The largest arXiv papers stay under it."""

MAX_XMP_BYTES: Final = 1024 * 1024
"""A decoded XMP packet. Parsers in use elsewhere take quadratic time on larger ones."""

MAX_STREAM_BYTES: Final = 16 * 1024 * 1024
"""Any one decoded PDF stream."""

MAX_PAGES: Final = 20_000
"""Pages walked for links. A volume of proceedings has some thousands."""

MAX_ANNOTATIONS: Final = 200_000
"""Link annotations read from one file. A long thesis has some ten thousand."""

MAX_VALUE_CHARS: Final = 64 * 1024
"""One value (a number, a receipt, a link) as it is kept in the evidence; a longer one is cut and said to be."""

MAX_REVISIONS: Final = 16
"""Earlier revisions of one file that are read. Most files have none, a form that was signed by many some."""

MAX_REVISION_BYTES: Final = 128 * 1024 * 1024
"""All earlier revisions together, each counted from the file's first byte."""

MAX_PACKETS: Final = 64
"""XMP packets read beside the document's own. Pictures of some programs carry one each."""

MAX_TEXT_CHARS: Final = 200_000
"""Characters of one page that are read. A dense page has some ten thousand."""

MAX_BADGES: Final = 2_000
"""Badges judged in one file, and so pages whose text is read."""

MAX_PROOF_BYTES: Final = 16 * 1024
"""A proof. Real ones, of three calendars, are 1 to 3 KB; the library keeps up to 4 KiB of memory for each byte."""

MAX_HEADER_FILE_BYTES: Final = 1024
"""A block header as a file: 80 bytes, or 160 hex digits."""

MAX_KEY_FILE_BYTES: Final = 64 * 1024
"""A file of keys. One key in the registry's form is 600 bytes."""

MAX_PAGE_ANNOTATIONS: Final = 10_000
"""Annotations on a page that is drawn; drawing a million takes minutes. A page of an index has some hundreds."""

MAX_DRAWING_PIXELS: Final = 4_000_000
"""Of one drawing; A4 takes 2 million. Larger pages are drawn smaller, and have larger type."""

MAX_DRAWING_LAYERS: Final = 6
"""Drawings of one page. A layer is text that doesn't overlap itself; ordinary pages have one or two."""

MAX_DRAWING_SECONDS: Final = 3.0
"""Of computing, for all drawings of one page; ordinary pages take some hundredths."""

MAX_PAGES_SECONDS: Final = 8.0
"""Of computing, for the text and the drawings of all pages of a file: a volume of a hundred ordinary papers."""

MAX_ANSWER_BYTES: Final = 32 * 1024 * 1024
"""Of what a copy of this process says of some pages: a hundred times a dense one's. As JSON it takes a GiB at most."""

MAX_PICTURE_BYTES: Final = 32 * 1024 * 1024
"""A picture with QR codes, or a text with links. Photos of telephones have some megabytes."""

MAX_PICTURE_PIXELS: Final = 64_000_000
"""Of such a picture, before it is decoded. Photos have up to 50 million; in grey that many bytes."""

MAX_SCANNED_PIXELS: Final = 4_000_000
"""Of such a picture as codes are looked for in it; larger ones are made smaller. One full of corners of codes takes
seconds at that size, and an hour at sixteen times that; a code on a scanned page of A4 can still be read."""

MAX_JPEG_SCANS: Final = 64
"""Passes of a JPEG, each over the whole picture; progressive ones have about ten, and could have a million."""

MAX_CODES: Final = 64
"""Codes of one picture, or links of one text, that are decoded: a sheet of stickers has fewer."""

MAX_CHECK_SECONDS: Final = 10.0
"""For one file in a process of its own, by the clock; an ordinary paper takes half a second."""

MAX_CHECK_MEMORY: Final = 1024 * 1024 * 1024
"""Address space of such a process; an ordinary paper takes a fifth, most of it programs."""

MAX_GATHER_DEPTH: Final = 100
"""Folders in folders that are gone through for PDFs; each is open while those below it are."""

MAX_ARCHIVE_BYTES: Final = 64 * 1024 * 1024 * 1024
"""What a compressed archive inflates to. arXiv's tars have half a gigabyte, a journal's volume some."""

MAX_ARCHIVE_MEMBERS: Final = 1_000_000
"""Members of one archive."""

MAX_READ_SECONDS: Final = 120.0
"""How long the bytes of one PDF may take to come, or an archive to its next PDF, by the clock."""

MAX_SHARD_UNITS: Final = 256
"""Files that a worker is given at once in an audit: what is lost at most with it, a window of them with the machine."""

MAX_SHARD_BYTES: Final = 256 * 1024 * 1024
"""All files of one shard, for the same reason."""

MAX_PIECE_BYTES: Final = 32 * 1024 * 1024
"""Of an archive: what one worker judges of it in one go, so that arXiv's tars of 500 MB keep sixteen of them busy."""

MAX_PIECES_OF_ZIP: Final = 64
"""Each reads the list of all members, of which there may be a million."""

MAX_PIECE_MEMBERS: Final = 20_000
"""PDFs of one piece where an archive can only be read from its beginning: their lines are kept in memory."""

MAX_NAME_BYTES: Final = 64 * 1024
"""One name in a list of files. Systems allow 4 KiB, addresses some more."""

MAX_REPORT_PICTURES: Final = 32 * 1024 * 1024
"""Bytes of all pictures in one report of `check --html`: about 300 pages. Files after that are shown without one."""
MAX_BODY_BYTES: Final = 16 * 1024 * 1024
"""One reply of a mirror, decoded. Twice the largest document, so that an index of many records has room."""

MAX_REDIRECTS: Final = 5
"""Redirects followed for one document. Real mirrors have one or two: to another host name, to a content network."""

MAX_URL_CHARS: Final = 2048
"""An address. Longer ones are refused by common servers too."""

MAX_MIRRORS: Final = 32
"""Mirrors of one manifest, and hints of one bundle, that are looked at."""

MAX_CANDIDATES: Final = 200
"""Records that one index names, as they are looked at. One paper has as many as it has versions, real ones up to 9."""

MAX_UNPROVEN: Final = 3
"""Records that a mirror may name for one name and not show; its others are left alone then. An honest one shows all."""

MAX_RETRY_WAIT: Final = 30
"""Seconds that a mirror may ask for by Retry-After before another is asked in its place."""

MAX_SOURCE_BYTES: Final = 4 * 1024 * 1024
"""One file of a paper's sources. Long books stay under 2 MB a file."""

MAX_SOURCE_FILES: Final = 1_000
"""Files of one folder that are looked through for the main one."""

MAX_PAPER_FILES: Final = 10_000
"""Files and folders of a paper's folder that is copied for a build. A book with its figures has some hundreds."""

MAX_PAPER_DEPTH: Final = 20
"""Folders in folders of a paper."""

MAX_PAPER_BYTES: Final = 512 * 1024 * 1024
"""All files of such a folder. Ten times what arXiv takes of an upload."""

MAX_PAPER_FILE_BYTES: Final = 128 * 1024 * 1024
"""One file of such a folder: a larger one is data that lies there, and no part of an upload."""

MAX_TIMEOUT_SECONDS: Final = 86_400.0
"""The most that `--timeout` allows one step, a PDF, a reply or a build: a day."""

MAX_BUILD_SECONDS: Final = 595.0
"""All programs of one build together: the time that arXiv gives (tex2pdf-service, MAX_TIME_BUDGET)."""

MAX_PROGRAM_SECONDS: Final = 300.0
"""One program of a build. A run on a long book takes a minute."""

MAX_BUILD_FILE_BYTES: Final = MAX_PDF_BYTES
"""One file that a program of a build writes, a log among them."""

MAX_BUILD_BYTES: Final = 1024 * 1024 * 1024
"""All that a build writes."""

MAX_BUILD_MEMORY: Final = 4 * 1024 * 1024 * 1024
"""Address space of one program of a build. LuaTeX with large fonts takes one; TeX itself has bounds of its own."""

MAX_UPLOAD_BYTES: Final = 50 * 1024 * 1024
"""About what arXiv takes of an upload; for a larger one it is asked for an exception (its help page on sizes)."""

MAX_MANUSCRIPT_FILES: Final = 500
"""Files read of one paper. A thesis has some dozens."""

MAX_MANUSCRIPT_BYTES: Final = 24 * 1024 * 1024
"""All files of one paper together. Long books stay under 6 MB."""

MAX_INPUT_DEPTH: Final = 15
"""Files in files in files; TeX itself allows 15 by default (max_in_open)."""

MAX_INPUTS: Final = 2_000
"""Commands that read a file in, as they are followed; a file may be read in again and again."""

MAX_SCANNED_BYTES: Final = 48 * 1024 * 1024
"""Characters scanned of one paper, those of a file that is read in twice counted twice."""

MAX_USES: Final = 2_000
"""Uses of one command that are kept of a paper; of macros there may be more."""

MAX_OVERFULL_POINTS: Final = 72.0
"""Points by which a line may stick out: an inch more than its width leaves the margin of most pages."""

MAX_REMARKS: Final = 1_000
"""Comments of one paper that are read for what they say."""

MAX_ABSTRACT_CHARS: Final = 1_920
"""Characters of an abstract that arXiv's form takes (help page "Metadata for Required and Optional Fields")."""

MAX_FIGURE_PIXELS: Final = 34 * 1024 * 1024
"""Pixels of a figure beyond which arXiv warns (submission-tools: preflight/file_checks.py)."""

MAX_KEYS: Final = 100_000
"""Labels, entries and references to them of one paper; what is beyond is neither found nor missed."""

MAX_CITED: Final = 5_000
"""Works of one paper's bibliography that are compared with records. Long reviews cite a thousand."""

MAX_CITED_RECORDS: Final = 20_000
"""Records of cited papers that are given: four versions of each."""

MAX_IGNORES: Final = 500
"""Comments that silence findings, of one paper."""

MAX_RULE_FINDINGS: Final = 200
"""Findings of one rule in one paper: the others are of the same kind, and nobody reads them."""

MAX_MACROS: Final = 20_000
"""Macros of its own that are kept of one paper. Large personal collections have two thousand."""

MAX_MACRO_CHARS: Final = 4_000
"""The body of one macro that is expanded in a title or an abstract."""

MAX_FRAGMENT_CHARS: Final = 30_000
"""A title or an abstract, as it stands and expanded. Abstracts on arXiv have at most 1920 characters."""

MAX_EXPANSIONS: Final = 1_000
"""Macros expanded in one fragment, each once for each use."""

MAX_EXPANSION_DEPTH: Final = 20
"""Macros in macros in macros."""

MAX_LOG_BYTES: Final = 16 * 1024 * 1024
"""A log of TeX. Ordinary ones have some ten thousand bytes; what follows the bound is not read."""

MAX_LOG_MESSAGES: Final = 2_000
"""Messages kept of one log."""

MAX_ABSTRACT_BYTES: Final = 64 * 1024
"""An abstract as text, UTF-8. arXiv's form takes 1,920 characters; journals' reach some thousands."""

MAX_CARRIED_ABSTRACT_CHARS: Final = 64 * 1024
"""An abstract as a PDF carries it, compressed. Real ones are about 800 characters."""
