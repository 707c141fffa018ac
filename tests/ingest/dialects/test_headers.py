"""The dictionary of headers: how names are compared, and that no set contradicts itself."""

import pytest

from models.feeds import FEEDS
from pipeline.ingest.dialects import dialects
from pipeline.ingest.dialects.names import custom_field, is_roll_up, normal_header


@pytest.mark.parametrize(
    ("name", "normal"),
    [
        (" Issue  Key ", "issue key"),
        ("自定义字段( Story Point )", "自定义字段(story point)"),
        ("验证基线 ", "验证基线"),
        ("Σ 耗费时间", "σ耗费时间"),
        ("Σ耗费时间", "σ耗费时间"),
        ("工时（h）", "工时(h)"),  # full-width brackets
        ("\ufeff概要", "概要"),
    ],
)
def test_normal_header(name, normal):
    assert normal_header(name) == normal


@pytest.mark.parametrize(
    ("name", "inner"),
    [
        ("Custom field (Story Points)", "story points"),
        ("自定义字段(严重程度)", "严重程度"),
        ("Пользовательское поле (Story Points)", "story points"),
        ("Story Points", None),
    ],
)
def test_custom_field(name, inner):
    assert custom_field(name) == inner


def test_roll_ups_are_seen_with_and_without_a_blank():
    assert is_roll_up("Σ Time Spent")
    assert is_roll_up("Σ预估剩余时间")
    assert not is_roll_up("Time Spent")


def test_every_feed_is_known_by_its_canonical_names():
    """Each feed has a generic set, and it understands the feed's own column names."""
    for feed in FEEDS.values():
        generic = [
            header_set
            for header_set in dialects().header_sets
            if header_set.feed == feed.name and header_set.system == "generic"
        ]
        assert len(generic) == 1, feed.name
        names = generic[0].canonical()
        assert all(names[column.name][0] == column.name for column in feed.columns)
        assert {column for column in generic[0].names} <= {column.name for column in feed.columns}


def test_no_set_gives_one_name_to_two_columns():
    for header_set in dialects().header_sets:
        seen: dict[str, str] = {}
        for canonical, names in header_set.names.items():
            for name in names:
                normal = normal_header(name)
                assert seen.setdefault(normal, canonical) == canonical, (header_set.system, header_set.feed, name)


def test_months_are_known_headers():
    assert dialects().is_header("2026-01")
    assert dialects().is_header("2026年1月")
    assert dialects().is_header("Jan 2026")
    assert not dialects().is_header("2026-13")
