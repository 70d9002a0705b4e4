"""What do many PDFs say of themselves, and what was found when each was asked once?

Judges files, archives and addresses on any `concurrent.futures.Executor`, and keeps one line a file. Imports `pdf`,
`resolution`, `report` and `system`; only here are fsspec, dask, pyarrow and iscc-lib imported.
"""
