"""Documents of joint reviews: kept for good, proven to be scans, struck out with a reason, told where they lack."""
# ruff: noqa: F811 - fixtures of other files

import hashlib

import pytest
from sqlalchemy import text

from app.main import create_app
from app.platform.principals import Role
from tests.app.test_rulebook_versions import as_  # noqa: F401
from tests.app.test_siting_reviews import ADDRESS, SAFE, answered, decide, flooded, on_paper, opened, planner  # noqa: F401
from tests.app.visitors import add_account, browser, sign_in

SCAN = b"%PDF-1.7 scanned"


def handed(visitor, one, kind="site_boundary", *, content=SCAN, seen=None, **told):
    form = {"kind": kind, "number": "示测〔2026〕8号", **told}
    headers = {} if seen is None else {"If-Match": seen}
    return visitor.post(f"{one}/documents", data=form, files={"file": ("扫描.pdf", content)}, headers=headers)


def opened_bare(planner, **told):
    """A review with nothing handed in."""
    return opened(planner, SAFE, "K6", bare=True, **told).headers["location"]


def test_a_scan_is_kept_byte_for_byte_with_who_and_when_and_handed_out(planner):
    one = opened_bare(planner)
    for content, suffix in ((SCAN, "pdf"), (b"\xff\xd8\xff\xe0 jpeg", "jpg"), (b"\x89PNG\r\n\x1a\n png", "png")):
        answer = handed(planner, one, content=content, dated="2026-01-05", department="natural_resources")
        assert answer.status_code == 201, answer.text
        kept = answer.json()["documents"][-1]
        assert (kept["sha256"], kept["size"]) == (hashlib.sha256(content).hexdigest(), len(content))
        assert (kept["by"], kept["dated"], kept["struck"]) == ("token:planner", "2026-01-05", None)
        taken = planner.get(f"{one}/documents/{kept['id']}")
        assert taken.content == content
        assert taken.headers["content-disposition"].endswith(f'.{suffix}"')
    assert planner.get(f"{one}/documents/{10**6}").status_code == 404
    other = opened_bare(planner)
    assert planner.get(f"{other}/documents/{kept['id']}").status_code == 404, "it is of another review"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"content": b"MZ\x00 disguised"}, "file"),
        ({"content": b"<html>"}, "file"),
        ({"content": b""}, "file"),
        ({"content": b"%PDF-" + b"0" * (20 * 2**20)}, "file"),
        ({"kind": "reply"}, "together"),
        ({"dated": "2999-01-01"}, "days"),
        ({"kind": "photograph"}, "schema"),
        ({"number": "  "}, "schema"),
        ({"department": "navy"}, "schema"),
    ],
)
def test_what_is_no_scan_or_told_wrong_is_refused_and_nothing_is_written(planner, deployment, wrong, code):
    one = opened_bare(planner)
    tag = planner.get(one).headers["ETag"]
    refused = handed(planner, one, **wrong)
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert planner.get(one).headers["ETag"] == tag
    with deployment.sessions() as session:
        assert session.scalar(text("SELECT count(*) FROM review_documents")) == 0


def test_a_document_struck_out_stays_on_record_and_counts_no_more(planner, deployment):
    one = opened_bare(planner)
    kept = handed(planner, one).json()
    number = kept["documents"][0]["id"]
    assert handed(planner, one).json()["code"] == "taken", "the same scan twice"
    assert "site_boundary" in {each["kind"] for each in kept["documents_needed"] if each["on_record"]}
    strike = f"{one}/documents/{number}/strike"
    assert planner.post(strike, json={"reason": " "}).status_code == 422
    struck = planner.post(strike, json={"reason": "传错了项目"}).json()
    assert struck["documents"][0]["struck"]["reason"] == "传错了项目"
    assert "site_boundary" not in {each["kind"] for each in struck["documents_needed"] if each["on_record"]}
    assert planner.post(strike, json={"reason": "再"}).json()["code"] == "ended"
    assert planner.get(f"{one}/documents/{number}").content == SCAN
    assert handed(planner, one).status_code == 201, "it may be kept again"
    for change in ("UPDATE review_documents SET number = 'x'", "DELETE FROM struck_review_documents"):
        with pytest.raises(Exception, match="keeps what it holds"), deployment.sessions.begin() as session:
            session.execute(text(change))


def test_writes_count_and_two_desks_do_not_write_over_each_other(planner):
    one = opened_bare(planner)
    seen = planner.get(one).headers["ETag"]
    assert handed(planner, one, seen=seen).status_code == 201
    assert handed(planner, one, seen=seen, content=SCAN + b"2").status_code == 412
    decide(planner, one, "returned")
    planner.post(f"{one}/steps", json={"step": "annul", "reason": "误开"}, headers={"If-Match": planner.get(one).headers["ETag"]})  # fmt: skip
    assert handed(planner, one, content=SCAN + b"3").json()["code"] == "ended"
    listed = planner.get(one).json()["documents"][0]
    assert planner.post(f"{one}/documents/{listed['id']}/strike", json={"reason": "误"}).json()["code"] == "ended"


def test_an_approval_asks_for_the_application_and_for_nothing_else(planner):
    """The other documents that lack are told and speak against nothing."""
    one = opened_bare(planner)
    answered(planner, one)
    refused = decide(planner, one, "approved")
    assert refused.json()["objections"] == ["documents_lacking"]
    lacking = planner.get(one).json()
    assert [each["kind"] for each in lacking["documents_needed"] if each["required"]] == ["siting_application"]
    assert lacking["completion"] == "请补正下列材料：用地预审与选址申请、拟选址范围图（勘测定界图）。"
    assert lacking["completion_en"].startswith("Please complete these documents: ")
    handed(planner, one, "siting_application")
    decided = decide(planner, one, "approved").json()["decision"]
    assert (decided["overriding"], decided["lacking"]) == ([], ["site_boundary"])


@pytest.mark.parametrize("decision", ["rejected", "returned"])
def test_lacking_documents_hinder_nobody_from_rejecting_or_returning(planner, decision):
    one = opened_bare(planner)
    answered(planner, one)
    assert decide(planner, one, decision).status_code == 200


def test_what_lacked_is_kept_with_the_decision_that_overrode_it(planner):
    one = opened_bare(planner)
    answered(planner, one)
    decided = decide(planner, one, "conditional", override=True).json()["decision"]
    assert decided["overriding"] == ["documents_lacking"]
    handed(planner, one, "siting_application")
    assert planner.get(one).json()["decision"]["lacking"] == ["siting_application", "site_boundary"]


def test_a_letter_written_down_shows_whether_its_scan_is_there(planner):
    one = opened_bare(planner)
    planner.post(f"{one}/opinions", json=on_paper("water", document="示水函〔2026〕2号"))

    def scan():
        (opinion,) = planner.get(one).json()["opinions"]
        return opinion["scan"]

    assert scan() is None
    assert 'class="no-scan"' in planner.get(f"/reviews/{one.rpartition('/')[2]}").text
    for wrong in ({"department": "forestry"}, {"number": "示水函〔2026〕3号"}):
        handed(planner, one, "reply", **{"department": "water", "number": "示水函〔2026〕2号", **wrong})
    handed(planner, one, "other", department="water", number="示水函〔2026〕2号")
    assert scan() is None, "of another department, number or kind"
    kept = handed(planner, one, "reply", department="water", number="示水函 [2026] 2号", content=SCAN + b"2").json()
    assert scan() == kept["documents"][-1]["id"], "brackets are typed in many ways"
    planner.post(f"{one}/documents/{scan()}/strike", json={"reason": "模糊"})
    assert scan() is None


def test_a_departments_account_keeps_and_strikes_its_own_letter_alone(planner, as_, deployment):
    one = opened_bare(planner)
    viewer = as_(Role.VIEWER, "somebody")
    assert handed(viewer, one, "reply", department="water").status_code == 403
    add_account(deployment, "shui", Role.VIEWER, department="水务局")
    own = browser(create_app(deployment, loopback=True))
    sign_in(own, "shui")
    assert handed(own, one, "reply", department="water").status_code == 201
    for kind, department in (("reply", "forestry"), ("other", "water"), ("siting_application", "water")):
        assert handed(own, one, kind, department=department, content=SCAN + b"2").status_code == 403
    theirs = handed(planner, one, "reply", department="forestry").json()["documents"]
    for each, status in zip(theirs, (200, 403), strict=True):
        answer = own.post(f"{one}/documents/{each['id']}/strike", json={"reason": "误"})
        assert answer.status_code == status
    page = own.get(f"/reviews/{one.rpartition('/')[2]}").text
    assert 'value="reply" selected' in page
    assert 'value="siting_application"' not in page


def test_the_page_and_the_sheet_tell_what_is_there_and_what_lacks(planner):
    one = opened_bare(planner)
    handed(planner, one, number="<b>示测")
    page = planner.get(f"/reviews/{one.rpartition('/')[2]}").text
    assert "&lt;b&gt;示测" in page
    assert "<b>示测" not in page
    assert "请补正下列材料：用地预审与选址申请。" in page
    assert planner.get(f"{one}/sheet.pdf").content.startswith(b"%PDF-")
