"""The fields of an upload form that tell who handed a file over."""

from __future__ import annotations

import datetime
from typing import Annotated

from fastapi import Depends, Form

from app.intake.handover import handover_of
from gis_layers.exchange import SECRECY_NAMES, Handover
from gis_layers.exchange.delivery.handover import LONGEST_TEXT


def handed_over(
    provider: Annotated[
        str | None, Form(max_length=LONGEST_TEXT, description="unit that provided the file (提供单位)")
    ] = None,
    document_number: Annotated[
        str | None, Form(max_length=LONGEST_TEXT, description="number of the document it came with (文号)")
    ] = None,
    handed_over_by: Annotated[
        str | None, Form(max_length=LONGEST_TEXT, description="who handed it over (交接人)")
    ] = None,
    received_on: Annotated[datetime.date | None, Form(description="day it was received; default today")] = None,
    classification: Annotated[
        str | None,
        Form(
            description="公开 内部 秘密 机密 绝密, or public internal confidential secret top_secret (密级)",
            json_schema_extra={"enum": [*SECRECY_NAMES.values(), *SECRECY_NAMES]},
        ),
    ] = None,
) -> Handover:
    """The file's handover from the form. Raises BadParameter."""
    return handover_of(
        provider=provider,
        document_number=document_number,
        handed_over_by=handed_over_by,
        received_on=received_on,
        classification=classification,
    )


HandedOver = Annotated[Handover, Depends(handed_over)]
