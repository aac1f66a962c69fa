"""Provenance: what a file rests on, carried where no reader takes it for a feature or for the first table of the file."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import pandas as pd

Provenance = Mapping[str, str]
"""Facts by name (edition, rulebook, …), in the order in which they are to be read; empty: nothing is said."""

ABOUT = "about"
"""The name of the last table or sheet, of the member of a GeoJSON file and of what a GeoParquet file says of itself."""
HEADINGS = ("item", "value")


def table_of_provenance(provenance: Provenance) -> pd.DataFrame:
    """The facts as a table of two columns, one line a fact."""
    return pd.DataFrame(list(provenance.items()), columns=list(HEADINGS), dtype=object)


def with_provenance(table: pd.DataFrame, provenance: Provenance) -> pd.DataFrame:
    """``table`` with one column a fact behind its own, for formats that hold one table and nothing beside it.

    A fact whose name a column has already is called ``about_…``: what a row says of itself stays what it is.
    """
    named = {f"{ABOUT}_{name}" if name in table.columns else name: fact for name, fact in provenance.items()}
    return table.assign(**named)


def sidecar_of(provenance: Provenance) -> bytes:
    """The facts as the metadata that travels beside a shapefile (FGDC: the last of them as abstract, all as supplement)."""
    root = Element("metadata")
    description = SubElement(SubElement(root, "idinfo"), "descript")
    SubElement(description, "abstract").text = list(provenance.values())[-1]
    SubElement(description, "supplinf").text = "\n".join(f"{name}: {fact}" for name, fact in provenance.items())
    facts = SubElement(root, ABOUT)
    for name, fact in provenance.items():
        SubElement(facts, name).text = fact
    indent(root)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written
