"""The settings of a deployment: the only reader of the environment."""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, AnyHttpUrl, BeforeValidator, Field
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from app.platform.calendar import entries_of
from gis_layers.crs import DEFAULT_METRIC_CRS
from risk_model.message import msg

DRIVER = "postgresql+psycopg2"
STATIC = Path(__file__).parents[2] / "static"
"""What browsers are served: our own modules and styles, and ``vendor/``, which set-up fetches."""
CARRIED = (STATIC, STATIC / "vendor")
"""What a map in one file carries; set-up may have put the libraries elsewhere and left a link to them."""


def _address_alone(url: AnyHttpUrl | None) -> AnyHttpUrl | None:
    """Raises ValueError for an address with anything behind its host and port, or with a name before it."""
    if url is not None and (url.path not in (None, "/") or url.query or url.fragment or url.username or url.password):
        raise ValueError(msg("只写协议、主机和端口，例如 https://anzhi.example.cn"))
    return url


def _networks(listed: tuple[str, ...]) -> tuple[str, ...]:
    """Raises ValueError for what is neither an address nor a network."""
    try:
        return tuple(str(ipaddress.ip_network(entry)) for entry in listed)
    except ValueError as error:
        raise ValueError(msg("应为地址或网段，用逗号隔开（{error}）", error=error)) from error


def _postgis(url: str | None) -> str | None:
    """The address with the driver it is read by. Raises ValueError, which repeats nothing of it: it holds a password."""
    if not url:
        return None
    scheme, _, rest = url.partition("://")
    address = f"{DRIVER}://{rest}" if scheme in ("postgres", "postgresql") else url
    try:
        if make_url(address).drivername == DRIVER:
            return address
    except (ValueError, ArgumentError):
        pass
    raise ValueError(
        msg(
            "地址应写作 {driver}://USER:PASSWORD@HOST:PORT/DATABASE；口令中的 @ : / % 写作 %40 %3A %2F %25",
            driver=DRIVER,
        )
    )


def _parts(text: object) -> object:
    return [part.strip() for part in text.split(",") if part.strip()] if isinstance(text, str) else text


PublicUrl = Annotated[
    AnyHttpUrl | None, BeforeValidator(lambda given: given or None), AfterValidator(_address_alone), Field()
]
Networks = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_parts), AfterValidator(_networks)]


def _calendar(changes: str) -> str:
    """Raises ValueError for what names no entry of the calendar or no time."""
    entries_of(changes)
    return changes


SECRET = frozenset({"database_url", "secret_key"})
"""Settings that hold or may hold a secret: the audit keeps none of them."""


DatabaseUrl = Annotated[str | None, AfterValidator(_postgis), Field()]


class Settings(BaseSettings):
    """Settings from ``ANZHI_…`` variables; each field's description is shown by ``anzhi doctor``."""

    model_config = SettingsConfigDict(env_prefix="ANZHI_", frozen=True)

    database_url: DatabaseUrl = Field(None, repr=False, description="use this PostGIS instead of a private cluster")
    data_dir: Path = Field(Path(".anzhi"), description="where the private cluster and its keys live")
    metric_crs: str = Field(DEFAULT_METRIC_CRS, description="the CRS in which this deployment measures and cuts")
    secret_key: str | None = Field(
        None,
        repr=False,
        description="for signing what leaves and comes back; made and kept in the data folder where unset",
    )
    map_approval_number: str = Field("", description="审图号 printed on every map")
    report_template: Annotated[Path | None, BeforeValidator(lambda given: given or None)] = Field(
        None, description="a Word file (.docx) of this office by which opinions are laid out; ours where unset"
    )
    console_publish: Literal["first", "always", "never"] = Field(
        "first", description="whether the console may publish editions: only the first, always, never"
    )
    batch_waiting: int = Field(
        10, ge=1, description="how many jobs of one account may wait or run at once; of a demo account two"
    )
    batch_mb: int = Field(
        500, ge=1, description="MB of files kept with the jobs of one account; of a demo account a tenth"
    )
    batch_total_mb: int = Field(4000, ge=1, description="MB of files kept with all jobs together")
    batch_days: int = Field(7, ge=1, description="days the files that came of a job are kept")
    calendar: Annotated[str, AfterValidator(_calendar)] = Field(
        "", description="other times for work that comes by itself: backup=daily 03:00, regrade=off"
    )
    backup_dir: Path | None = Field(
        None, description="where nightly backups are kept; `backups` in the data folder where unset"
    )
    backup_keep: int = Field(7, ge=1, description="how many nightly backups are kept")
    unit_sets: int = Field(100, ge=1, description="how many sets of polygons one account may hand in")

    separated: bool = Field(
        default=False,
        description="yes: this deployment is physically separated from other networks, so files marked 秘密 or above may stand here",
    )

    most_vertices: int = Field(
        20_000, ge=100, description="vertices one shape in a request may have; signed-in officers two and a half times"
    )
    most_parts: int = Field(
        2_000, ge=1, description="parts and holes one shape in a request may have; officers likewise"
    )
    judging_seconds: int = Field(30, ge=1, description="seconds the check of one outline may take before it is stopped")
    judging_mb: int = Field(1024, ge=64, description="MB of memory the check of one outline, or one answer, may take")
    answering_seconds: int = Field(120, ge=1, description="seconds one answer may take before it is stopped")

    public_url: PublicUrl = Field(
        None, description="the address people open; links are made from it, other host names are refused"
    )
    trusted_proxies: Networks = Field(
        (), description="addresses or networks, separated by commas, whose X-Forwarded-* are believed"
    )

    def with_data_dir(self, data_dir: Path | None) -> Settings:
        """These settings with the folder given on the command line, which wins."""
        return self if data_dir is None else self.model_copy(update={"data_dir": data_dir})


def console_language() -> str:
    """``zh`` or ``en``: what the console speaks; of LC_ALL, LC_MESSAGES and LANG the first that is set decides."""
    set_first = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "zh" if set_first.lower().startswith("zh") else "en"


def live_in(home: Path, name: str) -> None:
    """Have libraries, and processes that are started, look for a user's own files in ``home`` and find ``name``'s."""
    os.environ.update(HOME=str(home), USER=name, LOGNAME=name)
