"""The edition in force kept in memory, read by a thread of its own while checks read the database."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from gis_layers.stores.kept_editions import MOST_VERTICES, KeptEdition, keep_edition
from gis_layers.stores.publication import PublishedEdition, read_publication_state

log = logging.getLogger(__name__)
AGAIN_S: Final = 5.0
"""So long after a reading that failed the next one waits."""


class EditionMemory:
    """One edition, that in force when it was read; who uses it asks whether it still is.

    It is wanted by checks that had to read the database, and read only while somebody is ``reading``.
    """

    def __init__(self, most_vertices: int = MOST_VERTICES) -> None:
        self._most_vertices = most_vertices
        self._kept: KeptEdition | None = None
        self._read: PublishedEdition | None = None
        self._wanted = threading.Event()

    def likely(self, metric_crs: str) -> KeptEdition | None:
        """The edition that is kept, whether or not it is still in force."""
        kept = self._kept
        return kept if kept is not None and kept.metric_crs == metric_crs else None

    def want(self, edition: PublishedEdition | None) -> None:
        """Have ``edition`` read, which a statement just told is in force; nobody waits for it."""
        if edition is not None and edition != self._read:
            self._wanted.set()

    def read(self, sessions: sessionmaker[Session], metric_crs: str) -> None:
        """Read the edition in force in this thread, unless that was done; one that is too large is noted and not kept."""
        with sessions() as session:
            if read_publication_state(session).edition == self._read:
                return
        with sessions() as session:
            self._kept = None  # two are never held at once
            self._read, self._kept = keep_edition(session, metric_crs, self._most_vertices)

    @contextmanager
    def reading(self, sessions: sessionmaker[Session], metric_crs: str) -> Iterator[None]:
        """Have what is wanted read by a thread of its own until the block is left."""
        stop = threading.Event()
        asked = (stop, sessions, metric_crs)
        thread = threading.Thread(target=self._read_wanted, args=asked, name="edition in memory", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            self._wanted.set()

    def _read_wanted(self, stop: threading.Event, sessions: sessionmaker[Session], metric_crs: str) -> None:
        while self._wanted.wait() and not stop.is_set():
            self._wanted.clear()
            try:
                self.read(sessions, metric_crs)
            except Exception as trouble:  # whatever it is, checks read the database and the next edition is tried again
                log.warning(
                    "the edition in force is not in memory, checks read the database: %s",
                    trouble,
                    exc_info=not isinstance(trouble, SQLAlchemyError),
                )
                stop.wait(AGAIN_S)
