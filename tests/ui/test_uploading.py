"""What the upload page makes of the door's reports."""

import datetime as dt
from pathlib import Path

import pytest

from models.builds import Build
from models.errors import InputError
from ui import refreshing, uploading
from ui.uploading import Handed

FILE = Handed("工时.csv", b"x", "h1")
OTHER = Handed("b.csv", b"y", "h2")


@pytest.mark.parametrize(
    ("code", "plain"),
    [("%d/%m/%y %H:%M", "dd/MM/yy HH:mm"), ("%Y-%m-%d", "yyyy-MM-dd"), ("yyyy年M月d日", "yyyy年M月d日")],
)
def test_date_formats_are_written_as_people_write_them(code, plain):
    assert uploading.plain_date_format(code) == plain


def test_only_files_of_which_something_would_land_can_be_confirmed():
    tried = {"h1": [{"status": "refused"}, {"status": "landed"}], "h2": [{"status": "unchanged"}]}
    assert uploading.loadable(tried, [FILE, OTHER]) == [FILE]
    assert uploading.loadable({"h1": [{"status": "held"}]}, [FILE]) == [FILE]
    assert uploading.loadable({"h1": [{"status": "refused"}]}, [FILE]) == []


def test_a_file_that_the_door_throws_out_has_its_reason_as_an_entry():
    entry = uploading.refused("a.csv", InputError("door.empty", "{file} is empty.", file="a.csv"))
    assert entry["status"] == "refused"
    assert entry["reasons"] == [
        {
            "code": "door.empty",
            "message": "a.csv is empty.",
            "template": "{file} is empty.",
            "details": {"file": "a.csv"},
        }
    ]


def built_from(*batch_ids: str) -> Build:
    published_at = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    return Build("b-000001", Path("x"), published_at, {"batches": [{"batch_id": one} for one in batch_ids]})


def test_a_build_is_behind_when_other_batches_count_now():
    landed = [{"batch_id": "a", "status": "landed"}, {"batch_id": "b", "status": "undone"}]
    assert not refreshing.is_behind(built_from("a"), landed)
    assert refreshing.is_behind(built_from("a", "b"), landed)  # b was undone since
    assert refreshing.is_behind(built_from(), landed)
    assert refreshing.is_behind(None, landed)
    assert not refreshing.is_behind(None, [])


def test_held_batches_do_not_make_a_build_old():
    assert not refreshing.is_behind(None, [{"batch_id": "a", "status": "held"}])


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
