"""Bodies in which every field is known, and changes to what is stored: what is not given stays."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict


class Closed(BaseModel):
    """A body in which every field is known."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Change(Closed):
    """Changes to something stored; what is not given stays, null empties what may be unknown."""

    never_empty: ClassVar[frozenset[str]] = frozenset()
    """Columns each of them has."""

    def values(self) -> dict[str, Any]:
        """The columns that are given, without the place; of those that are never empty null says nothing."""
        given = self.model_dump(exclude_unset=True, exclude={"geometry", "crs"})
        return {name: value for name, value in given.items() if value is not None or name not in self.never_empty}
