"""Files: formats, encodings, limits, hostile input, several documents, texts found in the app."""

import io
import json
import re
import tracemalloc
import zipfile

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.model.errors import InputError
from scanner.policy import source
from scanner.policy.decode import decode
from scanner.policy.gather import gather_policy
from scanner.policy.html import parse_html
from scanner.policy.markdown import parse_markdown
from scanner.policy.normal import Normal, han_characters, is_chinese
from scanner.policy.plain import parse_plain
from scanner.policy.report import as_document, as_json
from scanner.policy.sentences import LIMIT, sentences

TEXT = "隐私政策\n一、我们收集的信息\n我们会收集您的手机号码和姓名。\n"


def types(policy):
    return {t for s in policy.statements for t in s.data_types}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_encodings(reader, encoding):
    policy = reader.file(TEXT.encode(encoding))
    assert types(policy) == {"phone_number", "person_name"}
    statement = policy.statements[0]
    assert TEXT[statement.start : statement.end] in TEXT


def test_the_charset_a_page_names_is_believed(reader):
    page = '<html><head><meta charset="big5"></head><body><p>我們收集電話號碼</p></body></html>'
    assert "電話號碼" in decode(page.encode("big5"), "a.html", "big5")[0]


@pytest.mark.parametrize("raw", [b"\x00\x01\x02\x03" * 500, b"\xff\xff\xfe" * 400, b""])
def test_what_is_no_text_is_refused(reader, raw):
    with pytest.raises(InputError, match="policy"):
        reader.file(raw, "policy.txt")


def test_html(reader):
    page = (
        "<html><head><title>灯笼隐私政策</title><style>p{}</style></head><body>"
        "<script>收集您的身份证号码</script><p style='display: none'>我们会收集您的护照。</p>"
        "<h2>我们收集的信息</h2><p>我们会收集您的<b>手机</b>号码。</p>"
        "<ul><li>我们会收集您的昵称</li></ul></body></html>"
    )
    policy = reader.file(page, "p.html")
    assert types(policy) == {"phone_number", "nickname"}
    assert policy.documents[0].title == "灯笼隐私政策"
    assert {s.section for s in policy.statements} == {"collect"}


def test_docx(reader):
    document = docx.Document()
    document.add_heading("我们收集的信息", 1)
    document.add_paragraph("我们会收集您的手机号码。")
    table = document.add_table(2, 3)
    for cell, text in zip(
        table._cells,
        ["SDK名称", "使用目的", "收集的个人信息", "甲SDK", "推送", "IMEI"],
        strict=True,
    ):
        cell.text = text
    stream = io.BytesIO()
    document.save(stream)
    policy = reader.file(stream.getvalue(), "p.docx")
    assert "phone_number" in types(policy)
    assert [(r.name, r.data_types) for r in policy.sdks] == [("甲SDK", ("imei",))]


def pdf(lines):
    body = "BT /F1 12 Tf 72 720 Td 14 TL " + " ".join(f"({x}) Tj T*" for x in lines) + " ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
            " /Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        f"<< /Length {len(body)} >>\nstream\n{body}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = "%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n"
    table = "".join(f"{at:010} 00000 n \n" for at in places)
    start = len(out)
    out += f"xref\n0 6\n0000000000 65535 f \n{table}trailer << /Size 6 /Root 1 0 R >>\n"
    return f"{out}startxref\n{start}\n%%EOF\n".encode()


def test_pdf(reader):
    raw = pdf(
        [
            "We collect your phone number and",
            "your email address.",
            "We share your location with partners.",
        ]
    )
    policy = reader.file(raw, "p.pdf")
    assert {"phone_number", "email", "location"} <= types(policy)
    assert policy.documents[0].format == "pdf"


@pytest.mark.parametrize("name", ["p.pdf", "p.docx"])
def test_broken_files_are_refused(reader, name):
    raw = {"p.pdf": b"%PDF-1.4 nothing", "p.docx": b"PK\x03\x04broken"}[name]
    with pytest.raises(InputError, match=name):
        reader.file(raw, name)


def test_a_docx_bomb_is_refused(reader):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 40_000_000)
    with pytest.raises(InputError, match="unpacks"):
        reader.file(stream.getvalue(), "p.docx")


def test_too_big_is_refused_before_reading(know, tmp_path):
    path = tmp_path / "big.txt"
    with path.open("wb") as stream:
        stream.truncate(200 * 1024 * 1024)
    with pytest.raises(InputError, match=r"big\.txt.*32 MB"):
        gather_policy([path], know)


def test_missing_files_are_named(know, tmp_path):
    with pytest.raises(InputError, match=r"none\.txt: no such file"):
        gather_policy([tmp_path / "none.txt"], know)
    with pytest.raises(InputError, match="not a file"):
        gather_policy([tmp_path], know)


def test_a_long_document_is_cut_and_says_so(know, tmp_path, monkeypatch):
    monkeypatch.setattr(source, "MAX_CHARS", 200)
    path = tmp_path / "long.txt"
    path.write_text(TEXT * 20, encoding="utf-8")
    read = gather_policy([path], know)
    assert [gap.code for gap in read.gaps] == ["size-limit"]
    assert read.policy.statements


def test_embedded_text(know):
    raw = [("assets/privacy.txt", TEXT.encode()), ("assets/broken.txt", b"\x00\x01" * 900)]
    read = gather_policy([], know, embedded=raw)
    assert read.policy.documents[0].kind == "embedded"
    assert types(read.policy) == {"phone_number", "person_name"}
    assert [(g.code, g.subject) for g in read.gaps] == [
        ("unreadable-document", "assets/broken.txt")
    ]


def test_several_documents_are_one_policy(know, tmp_path, whole):
    main, sdks = tmp_path / "main.txt", tmp_path / "第三方SDK目录.txt"
    main.write_text(whole, encoding="utf-8")
    sdks.write_text("SDK名称：甲SDK\n公司名称：甲有限公司\n收集信息类型：IMEI\n", encoding="utf-8")
    read = gather_policy([main, sdks], know)
    assert [d.kind for d in read.policy.documents] == ["main", "sdk-list"]
    assert "甲SDK" in {r.name for r in read.policy.sdks}
    assert {e.id: e.found for e in read.policy.elements}["E02"] == "present"
    assert [i.name for i in read.inputs] == ["main.txt", "第三方SDK目录.txt"]


def test_the_same_bytes_twice(reader, whole):
    first = as_json(reader.file(whole), "p")
    assert as_json(reader.file(whole), "p") == first


def test_report(reader, whole):
    policy = reader.file(whole)
    document = as_document(policy, "p.txt")
    assert set(document) >= {"file", "statements", "sdks", "elements", "cross_border"}
    one = document["statements"][0]
    assert set(one) >= {
        "start", "end", "quote", "action", "polarity", "actor", "data_types", "purpose", "receiver",
    }  # fmt: skip
    assert document["cross_border"]["stance"] == "denied"
    read = json.loads(as_json(policy, "p.txt"))
    assert len(read["statements"]) == len(document["statements"])
    assert read["elements"]["E02"]["found"] == "present"


HOSTILE = {
    "one endless line": "我们会收集您的手机号码和位置，" * 1200,
    "no separators": "收集" * 15_000,
    "brackets": "（" * 15_000 + "设备信息",
    "colons": "名称：" * 6_000,
    "pipes": "|" * 30_000,
    "negations": "不会将" * 8_000,
    "tags": "<td rowspan=99999 colspan=99999>" * 1000,
    "deep": "<div>" * 5_000 + "收集手机号",
    "blanks": " \t" * 20_000 + "x",
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("suffix", [".txt", ".html"])
def test_hostile_texts_end(reader, name, suffix):
    """No assertion on time: the suite's own limit ends a run that is not linear."""
    try:
        reader.file(HOSTILE[name], f"x{suffix}")
    except InputError:
        return


def test_memory(reader, whole):
    text = (whole + "\n") * 14
    reader.file(whole)
    tracemalloc.start()
    reader.file(text[:20_000])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100_000_000


@given(st.text(max_size=400))
@settings(max_examples=150)
def test_sentences_lie_in_the_text(text):
    for parse in (parse_plain, parse_markdown):
        parsed = parse(text)
        for block in parsed.blocks:
            assert 0 <= block.start < block.end <= len(text)
            for start, end in sentences(text, block.start, block.end, chinese=True):
                assert block.start <= start < end <= block.end
                assert end - start <= LIMIT


@given(st.text(alphabet="a*_ 中文\u200b　Ａ(),", max_size=60))
@settings(max_examples=150)
def test_the_way_back_from_normal_text(text):
    normal = Normal(text)
    for place in range(len(normal.text)):
        assert 0 <= normal.back(place) < len(text)
        assert normal.back(place) < normal.back_end(place + 1) <= len(text)


@given(st.text(alphabet="a*_ \t中，\u200b\u3000\u00a0", max_size=40))
@settings(max_examples=300)
def test_blanks_beside_other_than_ascii_and_signs_of_markup_are_dropped(text):
    """The pattern that begins with one class drops what three plain ways drop."""
    blanks = "[ \t\u00a0\u3000]+"
    plain = re.sub(rf"[*_\u200b]|(?<=[^\x00-\x7f]){blanks}|{blanks}(?=[^\x00-\x7f])", "", text)
    assert Normal(text).text == plain.translate({0x3000: " ", 0xA0: " ", 0x09: " "})


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("我们。您？”）好", [(0, 3), (3, 7), (7, 8)]),
        ("我。\n\n您\n\n）好", [(0, 2), (4, 5), (7, 9)]),
        ("。）\n？", [(0, 2), (3, 4)]),
    ],
)
def test_where_sentences_end(text, spans):
    assert list(sentences(text, 0, len(text), chinese=True)) == spans


@given(st.text(max_size=60))
def test_han_characters_are_counted(text):
    han = sum("\u3400" <= sign <= "\u9fff" for sign in text)
    assert han_characters(text) == han
    letters = sum(sign.isascii() and sign.isalpha() for sign in text)
    assert is_chinese(text) == (han > 0 and 3 * han >= letters)


@given(st.text(alphabet="<>/tablerd p收集=\"'", max_size=200))
@settings(max_examples=100)
def test_any_html_is_read_or_refused(text):
    try:
        parsed = parse_html(text, "x.html")
    except InputError:
        return
    for block in parsed.blocks:
        assert 0 <= block.start <= block.end <= len(parsed.text)
