"""The code on a paper, read as a telephone reads it, tells the record the paper rests on and nothing else."""
# ruff: noqa: F811 - fixtures of other files

import io
import subprocess
import zipfile
from dataclasses import replace

import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.platform.settings import Settings
from app.platform.work import Work
from app.reports.recognition import Recognition, recognition_of
from tests.app.conftest import site
from tests.app.test_kept_papers import HERE, WET, number, paper_at, planner, printed  # noqa: F401 - fixtures
from tests.app.test_rulebook_versions import as_  # noqa: F401
from tests.app.test_siting_reviews import ADDRESS
from tests.app.test_told_opinions import text_of_pdf


def read_codes(picture: bytes) -> list[str]:
    return [one.text for one in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)).convert("L"))]


def codes_of_pdf(content: bytes) -> list[str]:
    """What a telephone reads on every sheet of a PDF held up at 150 dots an inch."""
    seen = []
    for sheet in range(1, 1 + int(subprocess.run(["pdfinfo", "-"], input=content, capture_output=True, check=True).stdout.decode().split("Pages:")[1].split()[0])):  # fmt: skip
        cut = ["pdftoppm", "-r", "150", "-png", "-f", str(sheet), "-l", str(sheet), "-"]
        seen += read_codes(subprocess.run(cut, input=content, capture_output=True, check=True).stdout)
    return seen


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co", "Zl", "Zp"]), min_size=1, max_size=200))
def test_whatever_a_code_holds_is_read_out_of_it_again(words):
    assert read_codes(Recognition(words).picture()) == [words]


def test_one_code_on_a_paper_tells_number_and_digest_as_its_words_do(planner, number):
    digest = planner.get(f"/api/siting/checks/{number}").json()["result_digest"]
    content = paper_at(planner, number)
    expected = f"ANZHI {number} SHA-256 {digest}"
    assert codes_of_pdf(content) == [expected]
    assert expected.replace(" ", "") in text_of_pdf(content).replace(" ", "")
    word = planner.get(f"/api/siting/checks/{number}/report.docx").content
    with zipfile.ZipFile(io.BytesIO(word)) as file:
        pictures = [file.read(name) for name in file.namelist() if name.startswith("word/media/")]
    assert [code for picture in pictures for code in read_codes(picture)] == [expected]


def test_where_the_service_has_an_address_the_code_opens_the_record(deployment, number):
    settings = deployment.settings.model_copy(update={"public_url": Settings(public_url="http://map.example").public_url})  # fmt: skip
    record = {"number": "筛查 7/1", "result_digest": "ab" * 32}
    with deployment.sessions() as session:
        code = recognition_of(Work(session, replace(deployment, settings=settings)), record)
        assert recognition_of(Work(session, deployment), None) is None
    assert code.words == f"http://map.example/checks/%E7%AD%9B%E6%9F%A5%207%2F1#{'ab' * 32}"


def test_a_paper_on_no_record_carries_no_code(number, printed):
    assert printed(number, record=None).recognition is None
    assert printed(number).recognition is not None


def test_a_review_hands_out_the_very_paper_its_check_keeps_and_its_sheet_the_same_code(planner):
    told = {**site(HERE, "K1"), "stage": "planning"}
    opened = planner.post(ADDRESS, json=told)
    review = opened.json()
    assert opened.status_code == 201, opened.text
    one = planner.get(f"{ADDRESS}/{review['id']}/report.pdf").content
    assert one == paper_at(planner, review["check"]) == planner.get(f"{ADDRESS}/{review['id']}/report.pdf").content
    sheet = planner.get(f"{ADDRESS}/{review['id']}/sheet.pdf")
    assert codes_of_pdf(sheet.content) == codes_of_pdf(one) == [f"ANZHI {review['check']} SHA-256 {review['evidence_digest']}"]  # fmt: skip
