"""Every sentence a person may see stands in every catalog, and every sentence of a catalog is still used.

The source is read, not run. Marked sentences are extracted by Babel: what `_()` and `msgid()` are given, and templates of errors.
The rest stands in tables: names of columns, and texts that read as sentences (reasons of rows, rules, problems of plans).
English is the msgid; its own catalog holds plural forms only.
"""

import ast
import io
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from models.words.catalog import CATALOGS
from models.words.columns import COLUMN_WORDS
from models.words.locales import LANGUAGES, SOURCE_LANGUAGE
from pipeline.catalogue.checks import texts
from pipeline.catalogue.reading import read

ROOT = Path(__file__).parents[3]
SOURCES = ("app.py", "pages", "ui", "models", "pipeline")
MARKS = ("_", "msgid")
ERRORS = ("PlimsollError", "InputError")
KEYWORDS = dict.fromkeys(MARKS) | dict.fromkeys(ERRORS, (2,))
# Texts for whoever works at a terminal, writes YAML or reads an answer of the server: English, like the commands.
ENGLISH_ONLY = (
    "pipeline/catalogue/",
    "pipeline/cli/",
    "pipeline/serving.py",
    "ui/operations/server.py",
    "models/words/locales.py",
)
SENTENCE = re.compile(r"([A-Z{'\"]|dialects/)[^\n]* [^\n]*(\.|\{\w+\}[^\n]*)")
TRANSLATED = [language for language in LANGUAGES if language != SOURCE_LANGUAGE]
NEVER_WRITTEN = (
    "检疫",
    "赢得值",
    "计划值",
    "成本执行指数",
    "成本差异",
    "已承认",
    "考勤率",
    "现金余额",
    "利润率",
    "推广率",
    "告警",
    "总时差",
    "挣得时间",
    "收款率",
    "预算使用率",
    "完工预测成本",
)


def marked(source: str, tree: ast.Module) -> Iterator[str]:
    """What Babel extracts; it does not look into f-strings by itself."""
    inner = (node.value for node in ast.walk(tree) if isinstance(node, ast.FormattedValue))
    for code in (source, *(ast.unparse(value) for value in inner if isinstance(value, ast.Call | ast.IfExp))):
        if re.search(rf"\b({'|'.join(KEYWORDS)})\(", code):
            yield from (found[1] for found in extract("python", io.BytesIO(code.encode()), KEYWORDS))


def tabled(tree: ast.Module) -> Iterator[str]:
    """Plain texts that read as sentences: with a blank or a full stop. No docstrings, no pieces of f-strings, no schemas."""
    of_others = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    of_others |= {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    of_others |= {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "description"
    }
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in of_others
        if is_text and SENTENCE.fullmatch(node.value):
            yield node.value


def not_literal(tree: ast.Module) -> list[str]:
    """Sentences that are put together where they are marked: they cannot be looked up word for word."""
    wrong = []
    for node in ast.walk(tree):
        name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
        place = 0 if name in MARKS else 1
        if (name in MARKS or name in ERRORS) and len(node.args) > place:
            template = node.args[place]
            is_literal = isinstance(template, ast.Constant) and isinstance(template.value, str)
            if not is_literal and (name in MARKS or isinstance(template, ast.JoinedStr | ast.BinOp)):
                wrong.append(f"{node.lineno}: {ast.unparse(template)[:80]}")
    return wrong


def sources() -> dict[str, tuple[str, ast.Module]]:
    paths = [ROOT / "app.py", *(path for name in SOURCES[1:] for path in (ROOT / name).rglob("*.py"))]
    texts = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths}
    return {file: (text, ast.parse(text)) for file, text in texts.items()}


def entries(language: str) -> list[Message]:
    with (CATALOGS / language / "LC_MESSAGES" / "plimsoll.po").open("rb") as file:
        return [entry for entry in read_po(file, locale=language) if entry.id]


def sentences(language: str) -> list[Message]:
    """The entries of sentences of the code; texts of the KPI catalogue stand in contexts of their own."""
    return [entry for entry in entries(language) if entry.context is None]


def ids(language: str) -> set[str]:
    return {entry.id if isinstance(entry.id, str) else entry.id[0] for entry in sentences(language)}


def blanks(sentence: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(sentence) if name is not None}


READ = sources()
FOUND = {sentence: file for file, (source, tree) in READ.items() for sentence in marked(source, tree)}
FOUND |= dict.fromkeys(COLUMN_WORDS.values(), "models/words/columns.py")
FOUND |= {
    sentence: file
    for file, (_source, tree) in READ.items()
    if not file.startswith(ENGLISH_ONLY)
    for sentence in tabled(tree)
}


def test_every_sentence_is_a_literal():
    assert {file: wrong for file, (_source, tree) in READ.items() if (wrong := not_literal(tree))} == {}


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_is_translated(language):
    told = {entry.id if isinstance(entry.id, str) else entry.id[0] for entry in sentences(language) if entry.string}
    assert {sentence: file for sentence, file in FOUND.items() if sentence not in told} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_left_over(language):
    assert ids(language) - set(FOUND) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_fill_the_same_blanks(language):
    wrong = {
        form: entry.id
        for entry in sentences(language)
        for form in ([entry.string] if isinstance(entry.string, str) else entry.string)
        if not blanks(form) <= blanks(entry.id if isinstance(entry.id, str) else entry.id[0])
    }
    assert wrong == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_that_counts_is_its_own_plural_and_has_every_form(language):
    counted = [entry for entry in sentences(language) if entry.pluralizable]
    assert [entry.id for entry in counted if len(set(entry.id)) > 1 or not all(entry.string)] == []


def test_english_holds_plural_forms_only_and_the_last_one_is_the_sentence():
    assert [e.id for e in sentences(SOURCE_LANGUAGE) if not e.pluralizable or e.string[-1] != e.id[0]] == []


def test_every_text_of_the_catalogue_has_its_chinese_and_none_is_left_over():
    stated = texts(read(ROOT / "dbt_project" / "catalogue"))
    translated = {(entry.context, entry.id) for entry in entries("zh") if entry.context and entry.string}
    assert len(stated) > 300
    assert translated == set(stated)


def test_the_glossary_says_which_words_are_never_written():
    assert {e.id for e in entries("zh") if any(word in e.string for word in NEVER_WRITTEN)} == set()


def test_the_reader_of_sentences_finds_them():
    source = (
        "'''A docstring. It is none.'''\n_('a')\nf'**{_(\"b\")}**'\nraise InputError('c', 'd', x=1)\n"
        "('ingest.bad', 'Row {line} is bad', {})\nX = {'template': 'No row reads.'}\nf'{x} Is none. '\n'select {x} from y'\n"
    )
    tree = ast.parse(source)
    assert sorted({*marked(source, tree), *tabled(tree)}) == ["No row reads.", "Row {line} is bad", "a", "b", "d"]
    built = ast.parse("_(f'{x}')\n_('f' + x)\nmsgid(x)\nInputError('c', f'g {x}')\nInputError('c', KNOWN)\n_('h')")
    assert [wrong.partition(":")[0] for wrong in not_literal(built)] == ["1", "2", "3", "4"]
