"""Views kept under a name: each viewer's own, replaced by name, refused in words."""

import pytest

from models.builds.data_dir import DataDir
from models.builds.viewer import Viewer
from models.errors import InputError
from pipeline import offers
from pipeline.store import saved_views
from tests.databases import on_both_databases

pytestmark = on_both_databases


def test_a_view_is_kept_replaced_and_removed_by_its_viewer_alone(data_dir: DataDir) -> None:
    own, other = offers.SavedViews(data_dir, Viewer("li")), offers.SavedViews(data_dir, Viewer("wang"))
    own.save("  周一  例会 ", "cost", "lang=zh&project=A")
    own.save("周一 例会", "quality", "lang=zh")
    other.save("周一 例会", "", "lang=en")
    assert [(view["name"], view["page"], view["query"]) for view in own.every()] == [
        ("周一 例会", "quality", "lang=zh")
    ]
    own.remove("周一 例会")
    assert own.every() == []
    assert [view["query"] for view in other.every()] == ["lang=en"]


def test_a_view_without_a_name_and_one_too_many_are_refused(data_dir: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    port = offers.SavedViews(data_dir)
    with pytest.raises(InputError, match="needs a name"):
        port.save("   ", "cost", "")
    monkeypatch.setattr(saved_views, "MOST", 1)
    port.save("a", "cost", "")
    port.save("a", "cost", "again")  # the same name takes no room
    with pytest.raises(InputError, match="Remove one first"):
        port.save("b", "cost", "")
