"""How does a verified record look outside: pith.sty, text formats, pictures?

This module imports nothing, since listing the formats must not load jinja2. The rooms below import
`format`, `verification` and the scripts of `browser`; only they and `report` import jinja2.
"""
