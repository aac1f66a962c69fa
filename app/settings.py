"""The settings of a deployment: the only reader of the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from gis_layers.crs import DEFAULT_METRIC_CRS

STATIC = Path(__file__).parents[1] / "static"
"""What browsers are served: our own modules and styles, and ``vendor/``, which set-up fetches."""


class Settings(BaseSettings):
    """What ``ANZHI_…`` variables say; each field's description is shown by ``anzhi doctor``."""

    model_config = SettingsConfigDict(env_prefix="ANZHI_", frozen=True)

    database_url: str | None = Field(None, description="use this PostGIS instead of a private cluster")
    data_dir: Path = Field(Path(".anzhi"), description="where the private cluster and its keys live")
    metric_crs: str = Field(DEFAULT_METRIC_CRS, description="the CRS in which this deployment measures and cuts")
    secret_key: str | None = Field(
        None, description="for signing what leaves and comes back; sign-ins are kept in the database and need none"
    )
    map_approval_number: str = Field("", description="审图号 printed on every map")
    console_publish: Literal["first", "always", "never"] = Field(
        "first", description="whether the console may publish editions: only the first, always, never"
    )

    def with_data_dir(self, data_dir: Path | None) -> Settings:
        """These settings with the folder given on the command line, which wins."""
        return self if data_dir is None else self.model_copy(update={"data_dir": data_dir})
