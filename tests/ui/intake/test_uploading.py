"""What the upload page makes of ingest's reports."""

import datetime as dt
from pathlib import Path

import pytest

from models.builds.published import Build
from models.errors import InputError
from models.intake import Covers, LoadReport, Reason
from tests.ingest.exports import a_batch
from ui.intake import after as upload_after
from ui.intake import answers as upload_answers
from ui.intake import uploading
from ui.intake import words as upload_words
from ui.intake.uploading import UploadedFile
from ui.operations import refreshing

FILE = UploadedFile("工时.csv", b"x", "h1")
OTHER = UploadedFile("b.csv", b"y", "h2")


@pytest.mark.parametrize(
    ("code", "plain"),
    [("%d/%m/%y %H:%M", "dd/MM/yy HH:mm"), ("%Y-%m-%d", "yyyy-MM-dd"), ("yyyy年M月d日", "yyyy年M月d日")],
)
def test_date_formats_are_written_as_people_write_them(code, plain):
    assert upload_words.plain_date_format(code) == plain


def test_only_files_of_which_something_would_land_can_be_confirmed():
    tried = {"h1": [report(status="refused"), report(status="landed")], "h2": [report(status="unchanged")]}
    assert uploading.loadable(tried, [FILE, OTHER]) == [FILE]
    assert uploading.loadable({"h1": [report(status="held")]}, [FILE]) == [FILE]
    assert uploading.loadable({"h1": [report(status="refused")]}, [FILE]) == []


def test_a_file_that_ingest_throws_out_has_its_reason_as_an_entry():
    entry = uploading.refused("a.csv", InputError("ingest.empty", "{file} is empty.", file="a.csv"))
    assert entry.status == "refused"
    assert entry.reasons == [Reason("ingest.empty", "{file} is empty.", {"file": "a.csv"})]
    assert entry.reasons[0].message == "a.csv is empty."


def report(**said) -> LoadReport:
    return LoadReport.model_validate({"file": "a.csv"} | said)


def about(*projects: str) -> Covers:
    return Covers(projects=list(projects), first=None, last=None)


ENTRY = report(**{
    "feed": "worklogs", "system": "tempo", "encoding": "utf-8", "encoding_confidence": 0.87, "delimiter": ";",
    "date_format": "dd/mm/yyyy",
    "date_example": {"header": "Date", "column": "work_date", "text": "05/12/25", "read": "2025-12-05"},
    "units": {"hours": {"unit": "seconds", "from": "tool"}}, "columns_mapped": {"Date": "work_date"}, "status": "landed",
    "covers": {"projects": ["YB"], "from": "2025-12-01", "to": "2025-12-31"},
})  # fmt: skip


def test_a_file_is_told_in_plain_words():
    assert upload_words.what_it_is(ENTRY) == [
        "timesheets",
        "exported by Tempo",
        "UTF-8",
        "separated by semicolon",
    ]
    facts = dict(upload_words.how_it_was_read(ENTRY))
    assert facts["Encoding"] == "utf-8, guessed: 87 % sure"
    assert facts["Dates"] == "dd/mm/yyyy, so 05/12/25 is 5 Dec 2025"
    assert facts["hours"] == "in seconds, as the tool writes it"
    assert facts["Covers"] == "1 Dec 2025 to 31 Dec 2025"


def test_the_bar_of_a_file_never_goes_back_from_step_to_step():
    steps = [
        ("open", 0, None),
        ("formats", 0, 10),
        ("formats", 10, 10),
        ("check", 0, 10),
        ("check", 10, 10),
        ("compare", 10, 10),
    ]
    shares = [upload_words.share_done(*step) for step in [*steps, ("land", 0, None)]]
    assert shares == sorted(shares) and shares[-1] <= 1


def test_questions_are_those_of_ingest_and_those_that_reasons_stand_for():
    asked = report(status="refused", questions=[{"code": "date_order", "dmy": "2026-02-01", "mdy": "2026-01-02"}])
    assert [question["code"] for question in upload_answers.questions_of(asked)] == ["date_order"]
    needed = report(status="refused", reasons=[Reason("ingest.project_needed", "Whose?")])
    assert [question["code"] for question in upload_answers.questions_of(needed)] == ["project"]
    dated = report(status="landed", reasons=[Reason("ingest.day_from_file", "{day}", {"day": "2026-02-03"})])
    assert upload_answers.questions_of(dated) == [{"code": "measured_on", "day": "2026-02-03"}]


def test_rows_that_would_be_unallocated_are_asked_about_before_they_are_loaded():
    coverage = report(status="landed", feed="coverage", covers=about())
    assert upload_answers.questions_of(coverage) == [{"code": "project"}]
    assert upload_answers.questions_of(coverage.model_copy(update={"batch_id": "b"})) == []
    assert upload_answers.questions_of(ENTRY) == []
    assert upload_answers.questions_of(report(status="landed", feed="leaves", covers=about())) == []


@pytest.mark.parametrize(
    ("feed", "page"),
    [("issues", "quality/quality"), ("worklogs", "labor/labor"), ("ledger", "cost/cost"), ("schedule", "schedule/schedule"),
     ("risks", "overview/portfolio"), (None, "overview/portfolio")],
)  # fmt: skip
def test_a_file_leads_to_the_page_where_its_numbers_are(feed, page):
    assert upload_after.page_of(feed) == page
    assert (Path(__file__).resolve().parents[3] / "pages" / f"{page}.py").exists()


def test_the_link_is_filtered_to_the_one_project_that_all_files_are_about():
    assert upload_after.project_of([ENTRY, ENTRY], {"YB": "医保"}) == "YB"
    assert upload_after.project_of([ENTRY], {"QT": "轻舟"}) is None
    other = ENTRY.model_copy(update={"covers": about("QT")})
    assert upload_after.project_of([ENTRY, other], {"YB": "a", "QT": "b"}) is None
    assert upload_after.project_of([ENTRY, report(status="refused")], {"YB": "a"}) is None


def built_from(*batch_ids: str) -> Build:
    published_at = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    return Build("b-000001", Path("x"), published_at, {"batches": [{"batch_id": batch_id} for batch_id in batch_ids]})


def test_a_build_is_behind_when_other_batches_count_now():
    landed = [a_batch("a", "landed"), a_batch("b", "undone")]
    assert not refreshing.is_behind(built_from("a"), landed)
    assert refreshing.is_behind(built_from("a", "b"), landed)  # b was undone since
    assert refreshing.is_behind(built_from(), landed)
    assert refreshing.is_behind(None, landed)
    assert not refreshing.is_behind(None, [])


def test_held_batches_do_not_make_a_build_old():
    assert not refreshing.is_behind(None, [a_batch("a", "held")])


@pytest.mark.parametrize(
    ("state", "share"),
    [
        ({"step": "freeze"}, 0.04),
        ({"step": "build", "done": 60, "total": 120}, 0.20 + 0.7 * 0.5),
        ({"step": "build", "done": 0, "total": 0}, 0.20),
        ({"step": "pointer"}, 0.97),
        ({}, 0.01),
    ],
)
def test_the_bar_moves_with_the_nodes(state, share):
    assert refreshing._share_done(state)[1] == pytest.approx(share)


def test_the_bar_never_goes_back():
    shares = [share for step, (_words, share) in refreshing._STEPS.items() if step != "failing rows"]
    assert shares == sorted(shares)
