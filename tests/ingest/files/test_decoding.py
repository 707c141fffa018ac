"""Right text or a named error, never mojibake."""

import pytest

from models.errors import InputError
from pipeline.ingest.files.source import source_file
from pipeline.ingest.files.text import decoding
from pipeline.ingest.files.text.decoding import decoded_text

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
    assert caught.value.code == "ingest.damaged_utf8"
    assert caught.value.details["line"] == 3


def test_cut_in_the_middle_of_a_character(tmp_path):
    with pytest.raises(InputError) as caught:
        _decoded(tmp_path, TEXT.encode("utf-8") + "超".encode()[:2])
    assert (caught.value.code, caught.value.details["line"]) == ("ingest.damaged_utf8", 4)


def test_one_stray_byte_in_plain_text_is_named(tmp_path):
    with pytest.raises(InputError) as caught:
        _decoded(tmp_path, b"key,hours\nA-1,7\nA-2,\x81 8\n")
    assert caught.value.code == "ingest.unknown_encoding"
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
    assert (caught.value.code, caught.value.details["line"]) == ("ingest.nul_byte", 4)


def test_characters_cut_by_a_block_are_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(decoding, "BLOCK_BYTES", 7)
    for encoding in ("utf-8", "gb18030", "utf-16"):
        assert _text(_decoded(tmp_path, TEXT.encode(encoding))) == TEXT


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1250", "Podsumowanie,Klucz zgłoszenia,Typ zgłoszenia,Stan\nBłąd połączenia z bazą,A-1,Błąd,Gotowe\n"),
        ("cp1250", "key,summary\nA-1,Nie można się zalogować\n"),
        ("cp1250", "key,who\nA-1,Michał Dąbrowski\n"),
        ("cp1251", "Сводка,Ключ запроса,Тип запроса,Статус\nОшибка соединения,A-1,Ошибка,Открыт\n"),
        ("cp1251", "KEY,ТЕМА\nA-1,ОШИБКА ВХОДА\n"),
        ("cp932", "要約,課題キー,課題タイプ,ステータス\nログインできない,A-1,バグ,未着手\n"),
        ("cp932", "key,name\nA-1,山田太郎\n"),
        ("euc_jp", "要約,課題キー\nログインできない,A-1\n"),
        ("big5", "專案,問題類型,摘要,狀態\nA,錯誤,無法登入系統,處理中\n"),
        ("big5", "key,name\nA-1,王小明\n"),
        ("gb18030", "key,name\nA-1,张三\n"),
        ("gb18030", "Key,Summary\nA-1,電腦系統維護問題\n"),
        ("cp1252", "Resumen,Clave de incidencia\nConexión falló en producción,A-1\n"),
        ("cp1252", "Zusammenfassung,Schlüssel\nÄnderung der Größe,A-1\n"),
        ("cp1252", "key,summary\nA-1,Não é possível iniciar a sessão\n"),
        ("cp1252", "key,summary\nA-1,L'élève à Noël où ça\n"),
        ("cp1252", "key,done\nA-1,100\u00a0%\n"),
        ("cp949", "요약,이슈 키\n로그인 화면에서 오류가 발생합니다 데이터베이스 연결을 확인하세요,A-1\n"),
        ("koi8_r", "Сводка,Ключ запроса\nОшибка соединения,A-1\n"),
    ],
)
def test_the_code_pages_of_ten_languages(tmp_path, encoding, text):
    decoded = _decoded(tmp_path, text.encode(encoding))
    assert _text(decoded) == text
    assert 0.5 < decoded.confidence <= 1


def test_two_readings_about_as_good_are_asked_about(tmp_path):
    with pytest.raises(InputError) as caught:
        _decoded(tmp_path, "key,summary\nA-1,Você vê\n".encode("cp1252"))
    assert caught.value.code == "ingest.encoding_undecided"
    # ê of the west and ę of Poland are one byte, and "vę" is no less likely than "vê" in two words
    assert caught.value.details["questions"] == [
        {
            "code": "encoding",
            "choices": [{"encoding": "cp1252", "text": "A-1,Você vê"}, {"encoding": "cp1250", "text": "A-1,Vocę vę"}],
        }
    ]


def test_two_letters_do_not_tell_the_code_page_of_old_unix(tmp_path):
    """ą of Windows is š of old Unix, and í is one byte in both: Spanish and Polish, or Czech."""
    with pytest.raises(InputError) as caught:
        _decoded(tmp_path, "Fecha límite,Assignee,Issue key\n,bazą,AA-0\n".encode("cp1250"))
    choices = caught.value.details["questions"][0]["choices"]
    assert {choice["encoding"] for choice in choices} >= {"cp1250", "iso8859_2"}


def test_the_encoding_that_somebody_said(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes("key,summary\nA-1,Você vê\n".encode("cp1252"))
    decoded = decoded_text(source_file(path), "windows-1252")
    assert (_text(decoded), decoded.encoding, decoded.confidence) == ("key,summary\nA-1,Você vê\n", "cp1252", 1.0)
    for said in ("klingon", "base64"):
        with pytest.raises(InputError) as caught:
            decoded_text(source_file(path), said)
        assert caught.value.code == "ingest.no_such_encoding"
    with pytest.raises(InputError) as caught:
        decoded_text(source_file(path), "utf-8")
    assert (caught.value.code, caught.value.details["line"]) == ("ingest.invalid_bytes", 2)
