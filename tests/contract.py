"""The description of the API held against the service: by requests schemathesis makes of it."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import FailureGroup

from app.http.reasons import SCHEMA

HERE = {"Host": "127.0.0.1"}
"""The entrance asks for a name of this service."""
PATIENCE_S = 300
"""What is told here is whether answers are true, not how soon they come on a machine that others use."""
load_all_checks()
TRUTHS = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance")
CHECKED = [CHECKS.get_one(name) for name in TRUTHS]


def described(app: FastAPI) -> Any:
    """The service as it describes itself, asked in this process."""
    found = schemathesis.openapi.from_asgi("/openapi.json", app, headers=HERE)
    found.config.generation.update(allow_x00=False)
    return found


def untruths(app: FastAPI, headers: dict[str, str], *, examples: int, only: Callable[[str], bool]) -> dict[str, str]:
    """What the description of each operation says untruly, by method and path; always the same requests are made."""
    found = {}
    for operation in (result.ok() for result in described(app).get_all_operations()):
        name = f"{operation.method.upper()} {operation.path}"
        if only(name):
            try:
                _try(operation, headers | HERE, examples)
            except (FailureGroup, AssertionError) as trouble:
                found[name] = str(trouble)
            except BaseExceptionGroup as several:
                found[name] = "\n".join(map(str, several.exceptions))
    return found


def _try(operation: Any, headers: dict[str, str], examples: int) -> None:
    quietly = settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )

    reasons = {one["code"] for one in operation.definition.raw.get("x-refusals", ())} - {SCHEMA}

    def ask(case: Any) -> None:
        _near(case)
        case.call_and_validate(headers=headers, checks=CHECKED, timeout=PATIENCE_S)

    def ask_rightly(case: Any) -> None:
        _near(case)
        answer = case.call_and_validate(headers=headers, checks=CHECKED, timeout=PATIENCE_S)
        if answer.status_code >= 400:
            told = f"{case.query} {case.body} {answer.text}"
            assert answer.json().get("code") in reasons, f"refused what the schema accepts: {told}"

    for mode, asked in (("POSITIVE", ask_rightly), ("NEGATIVE", ask)):
        made = operation.as_strategy(generation_mode=schemathesis.GenerationMode[mode])
        with suppress(Unsatisfiable):  # an operation that asks for nothing cannot be asked wrongly
            quietly(given(case=made)(asked))()


def _near(case: Any) -> None:
    """Numbers of things near 1, where there are some: what is not there has little to say."""
    for name, value in (case.path_parameters or {}).items():
        if isinstance(value, int) and name not in ("x", "y", "z"):
            case.path_parameters[name] = value % 4 + 1
