"""OpenAPI tells the truth: every operation, asked by a viewer, an officer and an admin of the synthetic township."""

import pytest

from app.exchange.township import load_township
from app.main import create_app
from app.platform.principals import Role
from app.platform.work import Work
from tests.app.conftest import client, deployment, grounds, template, token
from tests.contract import untruths

__all__ = ["client", "deployment", "grounds", "template", "token"]
EXAMPLES = 40


@pytest.fixture
def town(deployment):
    with deployment.sessions.begin() as session:
        load_township(Work(session, deployment))
    return create_app(deployment, loopback=True)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OFFICER, Role.ADMIN])
def test_everything_the_description_says_is_true(town, token, role):
    bearer = {"Authorization": f"Bearer {token(role)}"}
    assert untruths(town, bearer, examples=EXAMPLES, only=lambda _: True) == {}
