"""From files, folders and archives to one `RawArticle` with plain text each.

Two steps, because one process reads and many work: `loads` walks the inputs and yields cheap
`Load`s in a fixed order (bytes of a page, a row of a table); `read_article` decodes a load and
extracts its text, in whichever process.
"""

from pipeline.ingest.articles import read_article
from pipeline.ingest.limits import Limits
from pipeline.ingest.loads import Load, loads

__all__ = ["Limits", "Load", "loads", "read_article"]
