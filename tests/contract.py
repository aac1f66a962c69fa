"""The description of the API held against the service: by requests schemathesis makes of it."""

from contextlib import suppress

import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import FailureGroup

TRUTHS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "positive_data_acceptance",
)
HERE = {"Host": "127.0.0.1"}
"""The entrance asks for a name of this service."""

load_all_checks()
CHECKED = [CHECKS.get_one(name) for name in TRUTHS]


def described(app: FastAPI) -> schemathesis.BaseSchema:
    """The service as it describes itself, asked in this process."""
    return schemathesis.openapi.from_asgi("/openapi.json", app, headers=HERE)


def untruths(app: FastAPI, headers: dict[str, str], *, examples: int, only=lambda operation: True) -> dict[str, str]:
    """What the description of each operation says untruly, by method and path; always the same requests are made."""
    found = {}
    for operation in (result.ok() for result in described(app).get_all_operations()):
        name = f"{operation.method.upper()} {operation.path}"
        if only(operation):
            try:
                _try(operation, headers, examples)
            except (FailureGroup, AssertionError) as trouble:
                found[name] = str(trouble)
            except BaseExceptionGroup as several:
                found[name] = "\n".join(map(str, several.exceptions))
    return found


def _try(operation, headers: dict[str, str], examples: int) -> None:
    phases = (Phase.explicit, Phase.generate)

    def ask(case) -> None:
        case.call_and_validate(headers=headers | HERE, checks=CHECKED)

    quietly = settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )
    for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
        with suppress(Unsatisfiable):  # an operation that asks for nothing cannot be asked wrongly
            quietly(given(case=operation.as_strategy(generation_mode=mode))(ask))()
