"""Where the time of ``anzhi check`` goes: its stages, timed as the command runs through them."""

from __future__ import annotations

import importlib
import os
import time
from collections.abc import Callable
from typing import Any

from tests.benchmarks.alone import say

STAGES = {
    "sites read and inspected": "app.exchange.checks:read_sites",
    "sites carried to the metric CRS": "app.exchange.checks:sites_of",
    "zones and surveyed ground read": "app.judgement.screening:read_everything",
    "footprints laid": "risk_model.siting.judgement:lay_footprints",
    "demands of the zones read": "risk_model.siting.judgement:read_demands",
    "sites overlaid with zones": "risk_model.siting.judgement:measure",
    "surveyed ground found": "risk_model.siting.judgement:survey_ground",
    "hits found": "risk_model.siting.judgement:find_hits",
    "sensitivity to moved boundaries": "risk_model.siting.judgement:shifted_severities",
    "columns of sites": "risk_model.siting.screening:_sites",
    "columns of findings": "risk_model.siting.screening:_findings",
    "table of sites": "app.exchange.checks:_sites",
    "table of findings": "app.exchange.checks:_findings",
    "file written": "app.cli.check:write_check",
}


def timed_check(url: str, sites: str, out: str) -> None:
    """Run the command once and say the seconds of each stage and of all together."""
    os.environ["ANZHI_DATABASE_URL"] = url
    began = time.perf_counter()
    from app.cli import cli

    importlib.import_module("app.cli.check")
    spent = {"programs loaded": time.perf_counter() - began} | dict.fromkeys(STAGES, 0.0)
    for stage, place in STAGES.items():
        _watch(stage, place, spent)
    began = time.perf_counter()
    cli(["check", sites, "--out", out], standalone_mode=False)
    whole = time.perf_counter() - began + spent["programs loaded"]
    say({"stages": spent | {"the rest": whole - sum(spent.values())}, "whole": whole})


def _watch(stage: str, place: str, spent: dict[str, float]) -> None:
    module, name = place.split(":")
    room = importlib.import_module(module)
    setattr(room, name, _timed(getattr(room, name), stage, spent))


def _timed(function: Callable[..., Any], stage: str, spent: dict[str, float]) -> Callable[..., Any]:
    def watched(*arguments: Any, **options: Any) -> Any:
        began = time.perf_counter()
        try:
            return function(*arguments, **options)
        finally:
            spent[stage] += time.perf_counter() - began

    return watched
