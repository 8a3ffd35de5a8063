"""The SQL tables: the truth about everything but the vectors' neighbourhood.

    collections --< reference_images --< vectors          tombstones: removed, the vector store not told yet
        |                 |---< pictures, hashes
        |---< subscriptions --< alerts                    audit: append-only, each row hashes the one before
        |---< invites
    inbox ---- cases --< matches                          media: thumbnails that expire
                 |----< actions   (the outbox)            posts: the web channel's own messages
                 |----< decisions                         reports: who reported which message
                 |----< cases.album (further pictures)    cursors, updates: how far a platform was read
    communities, policies, brakes, api_tokens, meta      screened: embeddings of images of late, where staff chose so
    reference_choices: what a community chose about one reference

Times are UTC, stored as ISO text by SQLAlchemy; ids of references are UUIDv5 (`core.types.reference_id`).

    catalogue.py    what is looked for               communities.py   what communities chose
    judged.py       what is looked at, and verdicts   house.py         what the installation keeps for itself
    columns.py      what the tables are made of       schema.py        all of them together
"""

from store.sql.tables import catalogue, communities, house, judged
from store.sql.tables.columns import metadata as declared

ROOMS = (catalogue, communities, house, judged)
metadata = declared
"""The metadata of every table; each of the files alone declares only its own tables and its neighbours'."""
