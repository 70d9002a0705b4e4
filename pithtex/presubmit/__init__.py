"""The pre-submission check: a paper's sources, record, log and PDF, and what is to be said before the upload."""
