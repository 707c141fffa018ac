"""Every sentence a person may see has its Chinese, and every Chinese sentence is still used.

The source is read, not run: the first argument of `_()` and `msgid()`, and whatever is handed to a parameter or field
named `template` (PlimsollError, reasons of rejected rows, reports), and what follows a code in a tuple
("door.bad_date", "Column …"). A sentence must be a literal, because it is looked up word for word.
"""

import ast
import re
import string
from dataclasses import dataclass
from pathlib import Path

from babel.messages.pofile import read_po

from pipeline.catalogue.checks import texts
from pipeline.catalogue.reading import read

ROOT = Path(__file__).parents[3]
CATALOG = ROOT / "models" / "words" / "locale" / "zh" / "LC_MESSAGES" / "plimsoll.po"
SOURCES = ("app.py", "pages", "ui", "models", "pipeline")
TRANSLATING = {"_": 0, "msgid": 0}
# Functions that pass on a template which was checked where it was written.
PASSES_ON = {("models/words/wording.py", "translate"), ("ui/shell/wording.py", "translate")}
CODE = re.compile(r"(door|refresh|build|control|aliases|sample|kpi)\.[a-z_]+")
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


@dataclass(frozen=True)
class Found:
    sentences: dict[str, str]  # sentence → "file:line" of its first use
    not_literal: list[str]


def source_files() -> list[Path]:
    return [
        path for name in SOURCES for path in ([ROOT / name] if name.endswith(".py") else (ROOT / name).rglob("*.py"))
    ]


def parsed() -> dict[str, ast.Module]:
    return {
        str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8"))
        for path in source_files()
        if path.exists()
    }


def template_takers(trees: dict[str, ast.Module]) -> dict[str, int]:
    """{name of a function or class: position of its `template`}, for positional use."""
    takers = {"PlimsollError": 1, "InputError": 1, **TRANSLATING}
    for tree in trees.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                names = [argument.arg for argument in node.args.posonlyargs + node.args.args]
                if "template" in names and not node.name.startswith("__"):
                    takers[node.name] = names.index("template") - (names[0] in ("self", "cls"))
            elif isinstance(node, ast.ClassDef):
                fields = [item.target.id for item in node.body if isinstance(item, ast.AnnAssign)]
                if "template" in fields:
                    takers[node.name] = fields.index("template")
                elif any(isinstance(base, ast.Name) and base.id in takers for base in node.bases):
                    takers.setdefault(node.name, takers[next(b.id for b in node.bases if b.id in takers)])
    return takers


def constants(tree: ast.Module) -> dict[str, list[str]]:
    """{module-level name: the strings it may stand for}."""
    found = {}
    for node in tree.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Name) and getattr(node, "value", None) is not None:
            value = node.value
            parts = value.values if isinstance(value, ast.Dict) else getattr(value, "elts", [value])
            parts = [part.args[0] if is_msgid(part) else part for part in parts]
            strings = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
            if strings and len(strings) == len(parts):
                found[target.id] = strings
    return found


def is_msgid(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") == "msgid" and len(node.args) == 1


def is_code(node: ast.expr) -> bool:
    """Whether this is the short stable name of an error or reason, such as "door.bad_date"."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(CODE.fullmatch(node.value))


def literals(node: ast.expr, known: dict[str, list[str]]) -> list[str] | None:
    """The strings an argument may be; an empty list where it only passes a template on; None where nobody can tell."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, ast.IfExp):
        both = [literals(node.body, known), literals(node.orelse, known)]
        return None if None in both else both[0] + both[1]
    if is_msgid(node):
        return literals(node.args[0], known)
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "get" and isinstance(node.func.value, ast.Name):
        return known.get(node.func.value.id)
    if isinstance(node, ast.Name):
        return known.get(node.id, [] if node.id == "template" else None)
    if isinstance(node, ast.Attribute):
        return [] if node.attr == "template" else None
    if isinstance(node, ast.Subscript):
        if isinstance(node.value, ast.Name) and node.value.id in known:
            return known[node.value.id]
        return [] if isinstance(node.slice, ast.Constant) and node.slice.value == "template" else None
    return None


def scan(trees: dict[str, ast.Module]) -> Found:
    takers = template_takers(trees)
    sentences: dict[str, str] = {}
    not_literal = []
    for file, tree in trees.items():
        known = constants(tree)
        for node in ast.walk(tree):
            handed = []
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in takers and len(node.args) > takers[name]:
                    handed.append(node.args[takers[name]])
                handed += [word.value for word in node.keywords if word.arg == "template"]
                if (file, name) in PASSES_ON:
                    continue
            elif isinstance(node, ast.Dict):
                pairs = zip(node.keys, node.values, strict=True)
                handed += [value for key, value in pairs if isinstance(key, ast.Constant) and key.value == "template"]
            elif isinstance(node, ast.Tuple) and len(node.elts) >= 2 and is_code(node.elts[0]):
                handed += [node.elts[1]] if isinstance(node.elts[1], ast.Constant) else []
            for argument in handed:
                strings = literals(argument, known)
                if strings is None:
                    not_literal.append(f"{file}:{node.lineno}: {ast.unparse(argument)[:80]}")
                for sentence in strings or []:
                    sentences.setdefault(sentence, f"{file}:{node.lineno}")
    return Found({sentence: where for sentence, where in sentences.items() if sentence}, not_literal)


def chinese() -> dict[str, str]:
    """{sentence of the code: its Chinese}. Texts of the KPI catalogue stand in contexts of their own."""
    return {sentence: text for (context, sentence), text in entries().items() if context is None}


def entries() -> dict[tuple[str | None, str], str]:
    with CATALOG.open("rb") as file:
        return {(entry.context, entry.id): entry.string for entry in read_po(file, locale="zh") if entry.id}


def blanks(sentence: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(sentence) if name is not None}


FOUND = scan(parsed())


def test_every_sentence_is_a_literal():
    assert FOUND.not_literal == []


def test_every_sentence_has_its_chinese():
    catalog = chinese()
    missing = {sentence: where for sentence, where in FOUND.sentences.items() if not catalog.get(sentence)}
    assert missing == {}


def test_no_chinese_is_left_over():
    assert [sentence for sentence in chinese() if sentence not in FOUND.sentences] == []


def test_chinese_fills_the_same_blanks():
    wrong = {
        sentence: translation
        for sentence, translation in chinese().items()
        if not blanks(translation) <= blanks(sentence)
    }
    assert wrong == {}


def test_every_text_of_the_catalogue_has_its_chinese_and_none_is_left_over():
    stated = texts(read(ROOT / "dbt_project" / "catalogue"))
    translated = {key for key, text in entries().items() if key[0] is not None and text}
    assert len(stated) > 300
    assert translated == set(stated)


def test_the_glossary_says_which_words_are_never_written():
    assert {t for t in entries().values() if any(word in t for word in NEVER_WRITTEN)} == set()


def test_the_reader_of_sentences_finds_them():
    tree = ast.parse(
        "LATER = 'b {x}'\n_('a')\nraise InputError('c', LATER)\nRejectedRow(1, 'c', template='d')\n"
        "_(f'{x}')\nreport = {'template': 'e'}\n_('f' if x else 'g')\n('door.bad', 'h', {})\n"
    )
    found = scan({"x.py": tree})
    assert sorted(found.sentences) == ["a", "b {x}", "d", "e", "f", "g", "h"]
    assert len(found.not_literal) == 1
