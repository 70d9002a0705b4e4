"""Loads the certificates to trust: those of the system, or of the file that the environment names."""

from __future__ import annotations

import os
import ssl
import sys
from typing import Final

import truststore
from urllib3.util.ssl_ import create_urllib3_context

from pithtex.errors import UsageError

VARIABLES: Final = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR")
"""Files or folders of certificates to trust in place of the system's; the first that is set counts."""

_OWN_STORES: Final = frozenset({"darwin", "win32"})
"""Platforms that keep certificates where OpenSSL does not look."""


def trusted_context() -> ssl.SSLContext:
    """Returns a context for TLS connections.

    Raises:
        UsageError: the environment names certificates that are not there or cannot be read.
    """
    for variable in VARIABLES:
        path = os.environ.get(variable)
        if path:
            return _context_of(path, variable)
    if sys.platform not in _OWN_STORES and ssl.get_default_verify_paths().cafile is not None:
        context: ssl.SSLContext = create_urllib3_context()
        context.set_default_verify_paths()  # once, where truststore would for each connection
        return context
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _context_of(path: str, variable: str) -> ssl.SSLContext:
    context: ssl.SSLContext = create_urllib3_context()
    try:
        if os.path.isdir(path):
            os.listdir(path)
            context.load_verify_locations(capath=path)
        else:
            context.load_verify_locations(cafile=path)
    except ssl.SSLError as error:
        why = "contains no readable certificate"
        raise _unreadable(path, variable, why) from error
    except OSError as error:
        raise _unreadable(path, variable, error.strerror or "cannot be read") from error
    return context


def _unreadable(path: str, variable: str, why: str) -> UsageError:
    return UsageError(
        f"{variable} names certificates that cannot be used: {why}",
        where=path,
        hint=f"give a file of PEM certificates, or unset {variable} to use the system's",
        rule="certificates-unreadable",
    )
