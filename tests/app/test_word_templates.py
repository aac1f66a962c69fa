"""Templates of Word files: an office's own lays the paper out; it can neither leave out what must stand nor run anything."""

import io
import json
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document
from typer.testing import CliRunner

from app.cli import cli
from app.platform.errors import Refused
from app.reports.files import write_paper
from app.reports.word import APART, MUST, SAMPLE, context_of, try_template, write_docx
from app.reports.word_template import PATH, make_template
from tests.app.opinions import NASTY, full_answer
from tests.app.test_papers import texts_of_docx
from tests.app.test_told_opinions import paper_with, squeezed

PAPER = paper_with(full_answer(), "zh", visited=True)
FIELDS = "{{ number }}{{ title }}{{ verdict }}{{ reasons }}{{ lists }}{{ rows }}{{ disclaimer }}{{ profile }}"


def template(*lines: str) -> bytes:
    document, content = Document(), io.BytesIO()
    for line in lines:
        document.add_paragraph(line)
    document.save(content)
    return content.getvalue()


def shape(told: object) -> object:
    if isinstance(told, dict):
        return {name: shape(one) for name, one in told.items()}
    return [shape(told[0])] if isinstance(told, list) else str


def test_the_template_that_comes_with_it_is_what_its_maker_makes():
    assert PATH.read_bytes() == make_template()


def test_a_template_is_tried_on_everything_a_paper_has():
    assert shape(dict(SAMPLE)) == shape(context_of(PAPER))
    assert try_template(PATH.read_bytes()) > 0


def test_the_same_paper_is_the_same_file():
    assert write_docx(PAPER, {}, make_template()) == write_docx(PAPER, {}, make_template())


def test_fonts_are_those_of_official_documents():
    with ZipFile(io.BytesIO(make_template())) as parts:
        styles = parts.read("word/styles.xml").decode()
    for font in ("仿宋", "黑体", "方正小标宋简体"):
        assert f'w:eastAsia="{font}"' in styles


def test_an_office_lays_the_paper_out_its_own_way(tmp_path):
    own = tmp_path / "own.docx"
    own.write_bytes(template("某某镇人民政府", FIELDS))
    told = texts_of_docx(write_paper(PAPER, "docx", template=own))
    assert "某某镇人民政府" in told
    assert PAPER.number in told


@pytest.mark.parametrize("name", [NASTY, "{{ 7*7 }}", "{% for x in y %}", "</w:t></w:r><w:p>", "&lt;b&gt; & <w:br/>"])
def test_a_name_of_somebodys_own_is_text_in_a_word_file(name):
    answer = full_answer(site={**full_answer()["site"], "name": name})
    assert squeezed(name) in texts_of_docx(write_paper(paper_with(answer, "zh"), "docx"))


@pytest.mark.parametrize("field", sorted(MUST))
def test_no_template_leaves_out_what_must_stand(field):
    with pytest.raises(Refused, match=field):
        try_template(template(FIELDS.replace(f"{{{{ {field} }}}}", "")))


@pytest.mark.parametrize("field", sorted(APART))
def test_a_template_with_an_appendix_needs_no_lists_in_a_row_and_leaves_out_no_part_of_it(field):
    apart = FIELDS.replace("{{ lists }}{{ rows }}", "".join(f"{{{{ {one} }}}}" for one in sorted(APART)))
    assert try_template(template(apart)) > 0
    with pytest.raises(Refused, match="lists, rows"):
        try_template(template(apart.replace(f"{{{{ {field} }}}}", "")))


@pytest.mark.parametrize(
    "trick",
    [
        "{{ nonsense }}",
        "{{ number.nonsense }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ picture.tpl }}",
        "{{ picture.tpl.save('x') }}",
        "{{ number.format(1) }}",
        "{{ (picture|attr('tpl')).docx }}",
        "{{ range(9) }}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}",
        "{% if %}",
        "{{ rows[0]['gone'] }}",
        "{% macro m() %}x{% endmacro %}{{ m() }}",
    ],
)
def test_a_template_calls_nothing_and_reaches_nothing(trick):
    with pytest.raises(Refused, match="ANZHI_REPORT_TEMPLATE"):
        write_docx(PAPER, {}, template(FIELDS, trick))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no Word file"])
def test_what_is_no_word_file_is_told(content):
    with pytest.raises(Refused, match="ANZHI_REPORT_TEMPLATE"):
        try_template(content)


def test_the_doctor_tries_the_template_and_looks_for_a_font(database_url, monkeypatch, tmp_path):
    monkeypatch.setenv("ANZHI_DATABASE_URL", database_url)
    broken = tmp_path / "broken.docx"
    broken.write_bytes(template(FIELDS, "{{ nonsense }}"))
    for own, well in ((broken, False), (Path("gone.docx"), False), (PATH, True)):
        monkeypatch.setenv("ANZHI_REPORT_TEMPLATE", str(own))
        report = CliRunner().invoke(cli, ["doctor", "--json"])
        checks = {check["part"]: check for check in json.loads(report.stdout)["checks"]}
        assert checks["report template"]["well"] is well
        assert own.name in checks["report template"]["finding"]
        assert checks["fonts"]["well"]
