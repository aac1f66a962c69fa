"""Every page with hostile names on it: nothing they say becomes a tag, a script or a formula, and nothing runs unmarked."""

import csv
import io
import re
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from app.archive.files import csv_row
from app.platform.principals import Role
from tests.app import test_names_as_written as names
from tests.app.test_access import routes_of
from tests.app.visitors import add_account, browser, sign_in

MARK = "hostile-mark"
HOSTILE = (
    f"<i {MARK}>",
    f'"><i {MARK}>',
    f"'><i {MARK}>",
    f"</script><i {MARK}>",
    f"</textarea></title></style><i {MARK}>",
    f"--><i {MARK}>",
    f"]]><i {MARK}>",
    f'" {MARK}=1 onfocus=alert(1) autofocus x="',
    f"' {MARK}=1 onmouseover=alert(1) x='",
    f"` {MARK}=1 `",
    f"&lt;i {MARK}&gt;",
    "javascript:alert(1)",
    "{{7*191}}${7*191}",
    "＝cmd|'/c calc'!A1",
    "x\u2028<i hostile-mark>\u2029x",
)
REGISTERS = ("villages", "enterprises", "stations", "forces", "facilities")


LEADING = ("href", "src", "action", "formaction", "data", "content", "hx-get", "hx-post", "xlink:href")
"""Attributes that a browser, or htmx, follows."""


class Page(HTMLParser):
    """What a browser would make of a page: its tags with their attributes, and the text inside scripts."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append((tag, dict(attrs)))


def is_page(answer) -> bool:
    """Whether a browser would read an answer as a page: documents for programs may say a name as it is."""
    return answer.headers.get("content-type", "").startswith("text/html")


def troubles(text: str, policy: str) -> list[str]:
    """What on a page would run or load without the policy's leave, or was written by a name."""
    nonce = re.search(r"'nonce-([^']+)'", policy)
    found = []
    for tag, told in Page(text).tags:
        found += [f"{tag}: {name}" for name in told if name == MARK or name.startswith("on") or name == "style"]
        leads = {name: (value or "").strip().lower() for name, value in told.items() if name in LEADING}
        found += [f"{tag}: {value}" for value in leads.values() if value.startswith(("javascript:", "data:text"))]
        runs = tag == "script" and told.get("type") != "application/json" and "src" not in told
        if runs and not (nonce and told.get("nonce") == nonce[1]):
            found.append("a script without the mark of its page")
        outside = (told.get("src") or "") if tag in ("script", "img", "iframe") else ""
        found += [f"{tag} from {outside}"] if "//" in outside else []
    return found


@pytest.fixture
def town(client: TestClient, deployment, tmp_path, monkeypatch) -> TestClient:
    """A town whose every thing has a hostile name, seen by an admin."""
    monkeypatch.setattr(names, "SIGNS", HOSTILE)
    names.named.__wrapped__(deployment, tmp_path)
    add_account(deployment, "admin", Role.ADMIN, display_name=HOSTILE[1], department=HOSTILE[3])
    visitor = browser(client.app)
    assert sign_in(visitor).status_code == 401
    assert sign_in(visitor, "admin").status_code == 200
    return visitor


def test_what_is_looked_for_would_be_found():
    policy = "script-src 'self' 'nonce-abc'"
    for raw in (
        HOSTILE[0],
        f'<b title="{HOSTILE[1]}">',
        f"<script nonce=abc>var name = '{HOSTILE[3]}';</script>",
        f"<textarea>{HOSTILE[4]}</textarea>",
        f'<input value="{HOSTILE[7]}">',
        "<script>alert(1)</script>",
        "<script nonce=other>alert(1)</script>",
        "<a href=' JavaScript:alert(1)'>",
        "<img src=//evil.example/x>",
    ):
        assert troubles(raw, policy), raw
    assert troubles("<script nonce=abc>1</script><b title='&lt;i hostile-mark&gt;'>", policy) == []


def addresses(app) -> list[str]:
    """Every page's address with the first of whatever it is about, and with hostile questions."""
    paths = {route.path for route in routes_of(app) if isinstance(route, APIRoute) and "GET" in route.methods}
    paths = {path for path in paths if not path.startswith(("/api/", "/tiles/", "/health"))}
    filled = [re.sub(r"\{(layer)\}", "enterprises", path).replace("{kind}", "csv") for path in sorted(paths)]
    filled = [re.sub(r"\{[^}]*\}", "1", path) for path in filled]
    registers = [f"/registers/{layer}" for layer in (*REGISTERS, "projects", "zones", "roads")]
    asked = [f"{path}?q={{q}}&next={{q}}&lang=en&name={{q}}&village={{q}}" for path in [*filled, *registers]]
    return [*filled, *registers, *asked]


def test_hostile_names_stay_names_on_every_page(town: TestClient):
    seen = 0
    for address in addresses(town.app):
        for query in HOSTILE[1:2] if "{q}" in address else (None,):
            path = address if query is None else address.replace("{q}", _quoted(query))
            answer = town.get(path, headers={"Accept": "text/html"})
            assert answer.status_code < 500, path
            policy = answer.headers["content-security-policy"]
            assert "unsafe" not in policy, path
            assert answer.headers["x-content-type-options"] == "nosniff", path
            assert answer.headers["cross-origin-resource-policy"] == "same-origin", path
            if is_page(answer) and "content-disposition" not in answer.headers:
                seen += HOSTILE[0].replace("<", "&lt;").replace(">", "&gt;") in answer.text
                assert troubles(answer.text, policy) == [], path
                assert "1337" not in answer.text, path
    assert seen > 5


def test_a_map_in_one_file_runs_nothing_that_a_name_says(town: TestClient):
    page = town.get("/maps/hazards?standalone=1")
    assert page.headers["content-disposition"].startswith("attachment")
    assert [
        told for tag, told in Page(page.text).tags if MARK in told or any(name.startswith("on") for name in told)
    ] == []
    (policy,) = [told["content"] for tag, told in Page(page.text).tags if "http-equiv" in told]
    assert policy.startswith("default-src 'none'")
    assert "connect-src" not in policy
    assert {"base-uri 'none'", "form-action 'none'"} <= {part.strip() for part in str(policy).split(";")}


def test_pieces_of_pages_and_trouble_say_hostile_names_as_text(town: TestClient):
    for path in (
        "/registers/enterprises",
        "/lists?list=enterprises",
        "/enterprises",
        "/registers/%3Ci%20hostile-mark%3E",
    ):
        piece = town.get(path, headers={"HX-Request": "true"})
        assert piece.status_code < 500
        assert not is_page(piece) or troubles(piece.text, piece.headers["content-security-policy"]) == [], path
    for path in (f"/{_quoted(HOSTILE[0])}", f"/registers/{_quoted(HOSTILE[1])}", f"/enterprises/{_quoted(HOSTILE[0])}"):
        trouble = town.get(path, headers={"Accept": "text/html"})
        assert trouble.status_code in (404, 422)
        assert troubles(trouble.text, trouble.headers["content-security-policy"]) == [], path


def test_no_sheet_of_any_download_holds_a_formula(town: TestClient):
    begins = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
    for layer in REGISTERS:
        for path in (f"/downloads/{layer}.xlsx", "/enterprises/list.xlsx", "/api/kpi/export.xlsx"):
            book = load_workbook(io.BytesIO(town.get(path, follow_redirects=True).content))
            for cell in (cell for sheet in book for row in sheet.iter_rows() for cell in row):
                assert cell.data_type != "f", path
                assert not (cell.data_type == "s" and str(cell.value).startswith(begins)), path
        rows = csv.reader(io.StringIO(town.get(f"/downloads/{layer}.csv").content.decode("utf-8-sig")))
        texts = [cell for row in rows for cell in row if not re.fullmatch(r"-?[\d.e+-]+", cell)]
        assert texts
        assert [cell for cell in texts if cell.startswith(begins)] == []


def test_the_audit_as_a_table_holds_no_formula_either():
    line = '{"at":"2026-11-26","actor":"@sum(1)","action":"+1","subject":"=cmd"}'
    assert csv_row(line) == ["2026-11-26", "'@sum(1)", "'+1", "'=cmd", line]


@pytest.mark.parametrize(
    "path",
    ["/static/../app/settings.py", "/static/%2e%2e/app/settings.py", "/static/..%2f..%2fetc/passwd", "/static//etc/passwd",
     "/static/%00", "/static/css", "/static/css/%2e%2e/%2e%2e/pyproject.toml", "/static/..%5capp", "/static/%ff", "/static/" + "a" * 300],
)  # fmt: skip
def test_static_files_are_those_of_their_folder(client: TestClient, path):
    assert client.get(path).status_code == 404


def test_a_body_that_is_none_is_told_as_such(client: TestClient):
    for body in (b"", b"{", b"\xff", b"null"):
        answer = client.post("/api/siting/check", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code in (400, 422), body
    assert client.post("/api/siting/check").status_code == 422


def _quoted(text: str) -> str:
    return quote(text, safe="")
