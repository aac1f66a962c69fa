"""People at the doors, for the tests: accounts, browsers that stand at them, and a clock that can be moved."""

import datetime
from dataclasses import dataclass, field

from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.accounts.people import NewPerson, add_person
from app.platform.deployment import Deployment
from app.platform.principals import CSRF_HEADER, Role

NOON = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)
PASSWORD = "granary under willow"
HERE = "http://127.0.0.1:8000"
TURNED_AWAY = "用户名或密码不正确"


@dataclass
class Clock:
    """A clock the test sets; it begins at NOON."""

    now: datetime.datetime = field(default=NOON)

    def pass_(self, **duration: float) -> None:
        self.now += datetime.timedelta(**duration)


def set_clock(app: FastAPI) -> Clock:
    """Give ``app`` a clock of the test's own."""
    clock = Clock()
    app.state.clock = lambda: clock.now
    return clock


def add_account(deployment: Deployment, username: str = "zhang", role: Role = Role.PLANNER, **more) -> None:
    with deployment.sessions.begin() as session:
        add_person(session, NewPerson(username, PASSWORD, role, **more), actor="test")


def browser(app: FastAPI, base_url: str = HERE, **options) -> TestClient:
    """A browser of its own: its cookies are nobody else's."""
    return TestClient(app, base_url=base_url, raise_server_exceptions=False, follow_redirects=False, **options)


def sign_in(visitor: TestClient, username: str = "zhang", password: str = PASSWORD):
    """Sign in by the API; later writes of ``visitor`` show its token."""
    answer = visitor.post("/api/session", json={"username": username, "password": password})
    if answer.status_code == 200:
        visitor.headers[CSRF_HEADER] = answer.json()["csrf"]
    return answer


def audited(deployment: Deployment) -> list[tuple[str, str]]:
    """Actor and action of every audit entry so far but those of the software itself."""
    with deployment.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT actor, action FROM audit_entries WHERE actor NOT LIKE 'software:%%' ORDER BY id"
        )
        return [(actor, action) for actor, action in rows]
