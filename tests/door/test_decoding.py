"""Right text or a named error, never mojibake."""

import pytest

from models.errors import InputError
from pipeline.door import decoding
from pipeline.door.decoding import decoded_text
from pipeline.door.source import source_file

TEXT = "概要,经办人\r\n接口超时,张三\r\n数据库连接失败,李四\r\n"


def _decoded(tmp_path, content: bytes):
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    return decoded_text(source_file(path))


def _text(decoded) -> str:
    return decoded.data.tobytes().decode("utf-8")


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode("utf-8"), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), "utf-16-le"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("gb18030"), "gb18030"),
        (TEXT.encode("gbk"), "gb18030"),
    ],
)
def test_known_encodings(tmp_path, content, encoding):
    decoded = _decoded(tmp_path, content)
    assert (_text(decoded), decoded.encoding, decoded.confidence) == (TEXT, encoding, 1.0)


def test_utf16_without_mark(tmp_path):
    decoded = _decoded(tmp_path, "key,hours\nA-1,7.5\n".encode("utf-16-le"))
    assert (_text(decoded), decoded.encoding) == ("key,hours\nA-1,7.5\n", "utf-16-le")


def test_western_text_is_detected_and_says_how_sure(tmp_path):
    text = "Clave,Resumen,Descripción\n" + "A-1,Error de conexión en producción,El código de la función falló\n" * 20
    decoded = _decoded(tmp_path, text.encode("cp1252"))
    assert _text(decoded) == text
    assert decoded.confidence <= 1.0


def test_cyrillic_is_not_read_as_chinese(tmp_path):
    text = "Ключ,Тема\n" + "A-1,Ошибка соединения с базой данных при загрузке отчета\n" * 20
    decoded = _decoded(tmp_path, text.encode("cp1251"))
    assert decoded.encoding != "gb18030"
    assert _text(decoded) == text


def test_damaged_utf8_names_the_line_and_is_not_read_as_gb18030(tmp_path):
    lines = TEXT.encode("utf-8").split(b"\r\n")
    lines[2] = lines[2][:4] + b"\xff" + lines[2][4:]
    with pytest.raises(InputError) as caught:
        _decoded(tmp_path, b"\r\n".join(lines))
    assert caught.value.code == "door.damaged_utf8"
    assert caught.value.details["line"] == 3


def test_cut_in_the_middle_of_a_character(tmp_path):
    with pytest.raises(InputError) as caught:
        _decoded(tmp_path, TEXT.encode("utf-8") + "超".encode()[:2])
    assert (caught.value.code, caught.value.details["line"]) == ("door.damaged_utf8", 4)


def test_one_stray_byte_in_plain_text_is_named(tmp_path):
    with pytest.raises(InputError) as caught:
        _decoded(tmp_path, b"key,hours\nA-1,7\nA-2,\x81 8\n")
    assert caught.value.code == "door.unknown_encoding"
    assert caught.value.details["line"] == 3


def test_gb18030_with_one_broken_byte_is_named(tmp_path):
    content = (TEXT * 30).encode("gb18030") + b"\xff\r\n"
    with pytest.raises(InputError) as caught:
        _decoded(tmp_path, content)
    # 3 lines × 30 come before the broken byte.
    assert caught.value.details["line"] == 91


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_nul_byte_is_named(tmp_path, encoding):
    with pytest.raises(InputError) as caught:
        _decoded(tmp_path, (TEXT + "a\0b,c\r\n").encode(encoding))
    assert (caught.value.code, caught.value.details["line"]) == ("door.nul_byte", 4)


def test_characters_cut_by_a_block_are_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(decoding, "BLOCK_BYTES", 7)
    for encoding in ("utf-8", "gb18030", "utf-16"):
        assert _text(_decoded(tmp_path, TEXT.encode(encoding))) == TEXT
