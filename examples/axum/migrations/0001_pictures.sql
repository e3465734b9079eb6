-- A picture that was uploaded, from its arrival to its end. The picture itself is not kept.
CREATE TABLE pictures (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    name    TEXT NOT NULL,
    state   TEXT NOT NULL DEFAULT 'waiting'
            CHECK (state IN ('waiting', 'done', 'refused', 'lost', 'cancelled')),
    reason  TEXT,
    process INTEGER,
    attempt INTEGER
) STRICT;

CREATE TABLE thumbnails (
    picture    INTEGER PRIMARY KEY REFERENCES pictures (id) ON DELETE CASCADE,
    media_type TEXT NOT NULL,
    bytes      BLOB NOT NULL
) STRICT;
