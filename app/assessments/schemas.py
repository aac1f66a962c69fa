"""Runs and comparisons as the API shows them."""

from __future__ import annotations

from typing import Any

from gis_layers.stores import runs

DISCLAIMER = "辅助研判：风险低不等于适宜建设，不替代法定评估"


def describe_run(run: Any) -> dict[str, Any]:
    """A run in plain values: what it read, by which rules and weights, what came of it."""
    return {
        "id": run.id,
        "unit": run.unit,
        "cell_m": run.cell_m,
        "set": run.set_id,
        "areas": run.area_count,
        "edition": {"number": run.edition, "fingerprint": run.edition_fingerprint},
        "rulebook": {"version": run.rulebook_version, "fingerprint": run.rulebook_fingerprint},
        "metric_crs": run.metric_crs,
        "data_date": runs.data_date(run),
        "method": run.method,
        "inputs": run.inputs,
        "inputs_digest": run.inputs_digest,
        "results_digest": run.results_digest,
        "summary": run.summary,
        "started_at": run.started_at.isoformat(),
        "ended_at": run.ended_at.isoformat(),
        "created_by": run.created_by,
        "disclaimer": DISCLAIMER,
    }
