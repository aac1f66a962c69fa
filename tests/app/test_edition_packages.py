"""An edition by disc: the same fingerprint on both sides, and an altered byte refused with the name of its file."""
# ruff: noqa: F811 - fixtures of other files

import io
import json
import zipfile

import pytest
import shapely
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from app.cli import cli
from app.main import create_app
from app.platform.deployment import connect
from app.platform.errors import NotAllowed, Refused
from app.platform.principals import Principal, Role, new_token, token_digest
from app.platform.settings import Settings
from app.platform.signatures import is_signed, public_key, public_key_of, signature_of
from app.platform.work import Work
from app.zones.package_routes import require_whole_rights
from app.zones.packages import CONTENT, MANIFEST, ZONES, PackageRefused, open_package, pack_edition, stage_package
from gis_layers.stores import access, editions
from tests.app.seeds import publish_zones
from tests.app.test_rulebook_versions import as_  # noqa: F401
from tests.app.test_zone_drafts import HIGH, WEST, flooded
from tests.conftest import TEMPLATE

__all__ = ["flooded"]
VECTORS = [
    ("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "72",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
]  # fmt: skip
"""The first two of RFC 8032, 7.1: private key, text, public key, signature."""


def test_signatures_are_those_of_the_standard():
    for seed, content, key, signature in VECTORS:
        assert public_key_of(bytes.fromhex(seed)) == key
        assert signature_of(bytes.fromhex(seed), bytes.fromhex(content)) == signature
        assert is_signed(key, signature, bytes.fromhex(content))


@settings(max_examples=15, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=40), st.integers(0, 511))
def test_a_signature_stands_under_its_text_alone(seed, content, bit):
    key, signature = public_key_of(seed), signature_of(seed, content)
    assert is_signed(key, signature, content)
    assert not is_signed(key, signature, content + b"\0")
    wrong = bytearray.fromhex(signature)
    wrong[bit // 8] ^= 1 << bit % 8
    assert not is_signed(key, bytes(wrong).hex(), content)
    assert not is_signed("f" * 64, signature, content)


@pytest.fixture
def sender(deployment, flooded):
    settings = deployment.settings.model_copy(update={"secret_key": "sender's secret of more than thirty-two letters"})
    return deployment.__class__(settings, deployment.url, deployment.engine, deployment.sessions, deployment.books)


@pytest.fixture
def package(sender, tmp_path):
    with sender.sessions.begin() as session:
        edition = editions.current_edition(session)
        path = tmp_path / "edition.zip"
        path.write_bytes(pack_edition(Work(session, sender), edition.number))
        return path, edition.number, edition.fingerprint


@pytest.fixture
def receiver(copy_database, request):
    opened = connect(
        Settings(secret_key="receiver's secret of more than thirty-two letters"),
        copy_database(TEMPLATE, f"receiver_{abs(hash(request.node.nodeid))}"),
    )
    yield opened
    opened.engine.dispose()


def taken_in(deployment, path, key):
    """The package staged and put in force; the fingerprint of the edition."""
    with deployment.sessions.begin() as session:
        draft = stage_package(Work(session, deployment), open_package(path, [key]), author="officer")
        return editions.publish_draft(session, draft, author="officer", reason="数据包", by_console=False).fingerprint


def test_an_edition_has_the_same_fingerprint_on_both_sides(sender, package, receiver, tmp_path):
    path, number, fingerprint = package
    key = public_key(sender.settings)
    assert taken_in(receiver, path, key) == fingerprint
    with pytest.raises(Refused) as refused, receiver.sessions.begin() as session:
        stage_package(Work(session, receiver), open_package(path, [key]), author="officer")
    assert refused.value.code == "unchanged"
    publish_zones(sender, "flood", shapely.box(99.81, 39.3, 99.82, 39.31), grade=HIGH)
    with sender.sessions.begin() as session:
        newest = editions.current_edition(session)
        later, older = tmp_path / "later.zip", tmp_path / "older.zip"
        later.write_bytes(pack_edition(Work(session, sender), number + 1))
        older.write_bytes(pack_edition(Work(session, sender), number - 1))
    assert taken_in(receiver, later, key) == newest.fingerprint
    with pytest.raises(Refused), receiver.sessions.begin() as session:
        stage_package(Work(session, receiver), open_package(older, [key]), author="officer")
    publish_zones(receiver, "flood", WEST, grade=HIGH)
    with pytest.raises(Refused), receiver.sessions.begin() as session:
        stage_package(Work(session, receiver), open_package(later, [key]), author="officer")


def spoiled(path, member, change):
    """The package with a member changed, its checksum in the archive set right."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files[member] = change(files[member])
    out = path.with_name(f"spoiled-{member}.zip")
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out


def test_an_altered_byte_is_refused_with_the_name_of_its_file(sender, package):
    path, _, _ = package
    key = public_key(sender.settings)
    for member in (*CONTENT, MANIFEST):
        for place in (0, 40, -1):

            def flip(content, place=place):
                changed = bytearray(content)
                changed[place] ^= 1
                return bytes(changed)

            with pytest.raises(PackageRefused, match=member):
                open_package(spoiled(path, member, flip), [key])
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 1
    path.with_name("bit.zip").write_bytes(bytes(whole))
    with pytest.raises(PackageRefused):
        open_package(path.with_name("bit.zip"), [key])


def test_a_package_of_a_stranger_is_refused_with_the_key_to_ask_about(sender, package):
    path, _, _ = package
    with pytest.raises(PackageRefused, match=public_key(sender.settings)):
        open_package(path, ["0" * 64])
    for content in (b"", b"PK", _zipped({"a": b"1"}), _zipped(dict.fromkeys(("manifest.json", "signature.json", "layers.json", "zones.json"), b"{}")), _zipped({"manifest.json": b"0" * 10**6, "signature.json": b"[" * 4000, "layers.json": b"", "zones.json": b""})):  # fmt: skip
        other = path.with_name("other.zip")
        other.write_bytes(content)
        with pytest.raises(PackageRefused):
            open_package(other, [public_key(sender.settings)])


def _zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_the_console_carries_an_edition_out_and_in(deployment, flooded, receiver, as_, tmp_path, monkeypatch):
    runner, out = CliRunner(), tmp_path / "edition.zip"
    monkeypatch.setenv("ANZHI_DATABASE_URL", deployment.url)
    monkeypatch.setenv("ANZHI_SECRET_KEY", "s" * 40)
    number = as_(Role.VIEWER).get("/api/editions").json()["items"][0]["number"]
    left = runner.invoke(cli, ["zones", "export-edition", str(number), str(out), "--json"])
    told = json.loads(left.stdout)
    assert told["fingerprint"] == as_(Role.VIEWER, "v").get(f"/api/editions/{number}").json()["fingerprint"]
    monkeypatch.setenv("ANZHI_DATABASE_URL", receiver.url)
    monkeypatch.setenv("ANZHI_SECRET_KEY", "r" * 40)
    assert runner.invoke(cli, ["zones", "import-edition", str(out), "--json"]).exit_code != 0
    entered = runner.invoke(cli, ["zones", "import-edition", str(out), "--key", told["key"], "--json"])
    assert json.loads(entered.stdout)["fingerprint"] == told["fingerprint"]
    assert as_(Role.OFFICER).get(f"/api/editions/{number}/package").status_code == 403
    assert as_(Role.APPROVER).get("/api/editions/9999/package").status_code == 404


@pytest.fixture
def desk(receiver):
    """The receiving deployment over the network: a visitor of a role, by name."""
    app = create_app(receiver, loopback=True)

    def sit_down(role, name="second"):
        secret = new_token()
        with receiver.sessions.begin() as session:
            access.save_token(session, name=name, role=role.value, digest=token_digest(secret))
        headers = {"Authorization": f"Bearer {secret}"}
        return TestClient(app, headers=headers, raise_server_exceptions=False, follow_redirects=False)

    return sit_down


def handed_in(visitor, path, **told):
    return visitor.post("/api/zones/packages", files={"file": (path.name, path.read_bytes())}, data=told)


def test_a_package_comes_in_by_the_page_and_has_the_same_fingerprint_on_both_sides(sender, package, desk):
    path, number, fingerprint = package
    key, officer = public_key(sender.settings), desk(Role.OFFICER)
    assert handed_in(officer, path).json()["code"] == "file"
    seen = handed_in(officer, path, key=key).json()
    assert (seen["edition"], seen["fingerprint"], seen["own"], seen["draft"]) == (number, fingerprint, False, None)
    assert seen["fingerprint_in_force"] is None
    taken = handed_in(officer, path, key=key, apply="true").json()
    whole = officer.get(f"/api/zones/drafts/{taken['draft']}").json()
    assert whole["changes"]["create"] == seen["zones"] > 0
    approver = desk(Role.APPROVER, "third")
    assert 'id="own-key"' in approver.get("/zones/packages").text
    assert handed_in(approver, path, key=key).status_code == 403
    bad = spoiled(path, ZONES, lambda content: content.replace(b"flood", b"f1ood"))
    refused = handed_in(officer, bad, key=key, apply="true")
    assert (refused.status_code, refused.json()["code"]) == (422, "file")
    assert officer.get("/api/zones/drafts").json()["total"] == 1


def test_a_whole_edition_is_brought_in_by_an_account_that_edits_all_of_it(sender, package):
    content = open_package(package[0], [public_key(sender.settings)])
    everywhere = Principal("li", Role.OFFICER, hazards=("*",))
    require_whole_rights(everywhere, content)
    require_whole_rights(Principal("root", Role.ADMIN, area=WEST), content)
    for limits in ({"hazards": ("wildfire",)}, {"hazards": ("*",), "area": WEST}):
        with pytest.raises(NotAllowed):
            require_whole_rights(Principal("li", Role.OFFICER, **limits), content)
