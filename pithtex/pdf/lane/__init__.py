"""Can a PDF be told, before any parser is loaded, to carry no number? `no_trace` says so of most files that carry none.

An allowlist: a file whose every byte that could carry a number was seen in a form that is understood here. All others
go the whole way. Imports nothing of `pdf`, and no library.
"""
