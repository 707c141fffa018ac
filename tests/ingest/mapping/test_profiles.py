"""What was said of an export once is found again by its header, said in the report, and handed on as YAML."""

import json

import pytest
import sqlalchemy as sa

from models.builds.data_dir import DataDir
from models.errors import InputError
from pipeline.ingest import (
    delete_profile,
    keep_answers,
    profile_yaml,
    profiles,
    rename_profile,
    save_mapping_profile,
    save_profile_yaml,
)
from pipeline.store import control
from tests.commands import ran
from tests.ingest.exports import codes, landed_rows, load

# Names of no language, so that only the profile can know them.
HEADER = "Tagi,Weri,Vorhabi,Aufwandi,Orti,Bemerki,Kundi,Teami,Schichti,Notizi\n"
ROW = "2026-03-02,p101,YB,8,,,,,,\n"
MAPPING = {"Tagi": "work_date", "Weri": "person", "Vorhabi": "project", "Aufwandi": "hours", "Notizi": None}


def _save(data_dir: DataDir, name: str = "Wochenzettel", **options) -> None:
    save_mapping_profile(data_dir, name, "worklogs", MAPPING, header=HEADER.strip().split(","), **options)


def _audited(data_dir: DataDir) -> list[tuple[str, str]]:
    with control.reading(data_dir) as connection:
        rows = connection.execute(sa.select(control.audit.c.action, control.audit.c.subject))
        return [tuple(row) for row in rows if row[0].startswith("mapping")]


def test_found_by_the_whole_header_unmapped_columns_included(data_dir: DataDir) -> None:
    _save(data_dir)
    entry = load(data_dir, "w.csv", HEADER + ROW)[0]
    assert entry["status"] == "landed" and "ingest.profile_used" in codes(entry)
    assert entry["columns_mapped"] == {name: canonical for name, canonical in MAPPING.items() if canonical}


def test_one_new_column_is_like_enough_and_said(data_dir: DataDir) -> None:
    _save(data_dir)
    entry = load(data_dir, "w.csv", HEADER.strip() + ",Neu\n" + ROW.strip() + ",x\n")[0]  # 10 of 11 are shared: 91 %
    assert entry["status"] == "landed"
    reason = next(told for told in entry["reasons"] if told["code"] == "ingest.profile_alike")
    assert (reason["details"]["new"], reason["details"]["gone"]) == ("'Neu'", "-")
    assert entry["questions"] == [{"code": "profile_alike", "profile": "Wochenzettel", "new": ["Neu"], "gone": []}]


def test_two_new_columns_or_a_lost_one_that_counts_are_not(data_dir: DataDir) -> None:
    _save(data_dir)
    two = load(data_dir, "w.csv", HEADER.strip() + ",Neu,Neuer\n" + ROW.strip() + ",x,y\n", feed="worklogs")[0]  # 83 %
    assert two["status"] == "refused"
    renamed = load(data_dir, "v.csv", HEADER.replace("Aufwandi", "Zeiti") + ROW, feed="worklogs")[0]
    assert renamed["status"] == "refused"


def test_an_answer_is_asked_once_and_kept(data_dir: DataDir) -> None:
    content = "Date,Person,Project,Hours\n01/02/2026,p101,YB,8\n02/02/2026,p101,YB,4\n"
    refused = load(data_dir, "w.csv", content)[0]
    question = refused["questions"][0]
    assert question == {
        "code": "date_order", "column": "Date", "value": "01/02/2026", "dmy": "2026-02-01", "mdy": "2026-01-02",
        "feed": "worklogs", "header": ["Date", "Person", "Project", "Hours"],
    }  # fmt: skip
    assert keep_answers(data_dir, "w", question["feed"], question["header"], date_order="dmy") == "w"
    entry = load(data_dir, "w.csv", content)[0]
    assert entry["status"] == "landed" and entry["date_order"] == "dmy"
    assert "ingest.profile_answers" in codes(entry) and "ingest.profile_used" not in codes(entry)
    assert str(landed_rows(data_dir, entry)["work_date"].min()) == "2026-02-01"
    # a second answer joins the first; what is said now comes before what is kept
    assert keep_answers(data_dir, "again", "worklogs", question["header"], time_zone="Europe/Berlin") == "w"
    assert profiles(data_dir)[0].options == {"date_order": "dmy", "time_zone": "Europe/Berlin"}
    other = load(data_dir, "w.csv", content + "03/02/2026,p101,YB,1\n", date_order="mdy")[0]
    assert (other["date_order"], other["time_zone"]) == ("mdy", "Europe/Berlin")


def test_an_encoding_is_kept_too(data_dir: DataDir) -> None:
    content = "Date,Person,Project,Hours\n2026-03-02,Você vê,YB,8\n".encode("cp1252")
    refused = load(data_dir, "w.csv", content)[0]
    assert codes(refused) == ["ingest.encoding_undecided"]
    assert [choice["encoding"] for choice in refused["questions"][0]["choices"]] == ["cp1252", "cp1250"]
    assert load(data_dir, "w.csv", content, encoding="cp1250", dry_run=True)[0]["status"] == "landed"
    keep_answers(data_dir, "w", "worklogs", ["Date", "Person", "Project", "Hours"], encoding="cp1252")
    entry = load(data_dir, "w.csv", content)[0]
    assert (entry["status"], entry["encoding"]) == ("landed", "cp1252")
    assert landed_rows(data_dir, entry)["person"].to_list() == ["Você vê"]


def test_rename_and_delete_leave_a_line(data_dir: DataDir) -> None:
    _save(data_dir)
    _save(data_dir, "other")
    rename_profile(data_dir, "Wochenzettel", "  Stundenzettel  ")
    with pytest.raises(InputError) as caught:
        rename_profile(data_dir, "Stundenzettel", "other")
    assert caught.value.code == "ingest.profile_name_taken"
    delete_profile(data_dir, "other")
    assert [profile.name for profile in profiles(data_dir)] == ["Stundenzettel"]
    assert _audited(data_dir) == [
        ("mapping", "Wochenzettel"), ("mapping", "other"), ("mapping_renamed", "Stundenzettel"), ("mapping_deleted", "other"),
    ]  # fmt: skip
    with pytest.raises(InputError):
        delete_profile(data_dir, "other")


def test_out_and_in_as_yaml(data_dir: DataDir, tmp_path) -> None:
    _save(data_dir, date_order="dmy", decimal=",")
    text = profile_yaml(data_dir, "Wochenzettel")
    before = profiles(data_dir)
    elsewhere = DataDir.chosen(tmp_path / "elsewhere")
    assert save_profile_yaml(elsewhere, text) == "Wochenzettel"
    assert [profile.as_json() | {"saved_at": ""} for profile in profiles(elsewhere)] == [
        profile.as_json() | {"saved_at": ""} for profile in before
    ]
    assert load(elsewhere, "w.csv", HEADER + ROW)[0]["status"] == "landed"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: [", "ingest.not_a_profile"),
        ("just words", "ingest.not_a_profile"),
        ("plimsoll_mapping_profile: 1\nname: 3\n", "ingest.not_a_profile"),
        ("a: &a [x, x]\nb: *a\n", "ingest.not_a_profile"),
        ("!!python/object/apply:os.system [ls]", "ingest.not_a_profile"),
        ("plimsoll_mapping_profile: 1\nname: x\nfeed: nothing\ncolumns: {A: hours}\n", "ingest.profile_unknown_words"),
        (
            "plimsoll_mapping_profile: 1\nname: x\nfeed: worklogs\ncolumns: {A: no_such}\n",
            "ingest.profile_unknown_words",
        ),
        (
            "plimsoll_mapping_profile: 1\nname: x\nfeed: worklogs\ncolumns: {A: hours}\noptions: {date_order: ydm}\n",
            "ingest.profile_unknown_words",
        ),
        (
            "plimsoll_mapping_profile: 1\nname: ' '\nfeed: worklogs\ncolumns: {A: hours}\n",
            "ingest.profile_without_name",
        ),
        ("plimsoll_mapping_profile: 1\nname: x\nfeed: worklogs\n", "ingest.profile_without_columns"),
    ],
)
def test_yaml_that_is_no_profile(data_dir: DataDir, text: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        save_profile_yaml(data_dir, text)
    assert caught.value.code == code
    assert profiles(data_dir) == []


def test_from_the_command_line(data_dir: DataDir, tmp_path) -> None:
    def run(*words: str) -> dict:
        told = ran("profiles", *words, "--json", data_dir=data_dir)
        return json.loads(told.stdout) | {"exit": told.returncode}

    _save(data_dir)
    assert [profile["name"] for profile in run("list")["profiles"]] == ["Wochenzettel"]
    file = tmp_path / "p.yaml"
    file.write_text(run("export", "Wochenzettel")["yaml"], encoding="utf-8")
    assert run("delete", "Wochenzettel")["status"] == "deleted"
    assert run("import", str(file))["name"] == "Wochenzettel"
    assert run("export", "nobody")["error"]["code"] == "ingest.unknown_profile"
    assert run("export")["exit"] == 2
