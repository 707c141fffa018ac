"""Findings that are known and not mended yet, by page and check. The list only shrinks: an entry that is no longer needed fails
its test, and none is added for what was well."""

KNOWN: dict[str, set[str]] = {
    "portfolio": {"title", "cut", "sideways", "contrast"},
    "project": {"title", "fold", "cut", "sideways", "contrast"},
    "evidence": {"title", "cut", "sideways"},
    "quality": {"title"},
    "cost": {"title", "fold", "cut", "sideways", "contrast"},
    "schedule": {"title", "cut", "sideways", "contrast"},
    "milestones": {"title"},
    "pace": {"title", "cut", "sideways"},
    "what_if": {"title", "cut", "sideways", "contrast"},
    "baselines": {"title", "contrast"},
    "labor": {"title", "cut", "sideways"},
    "warnings": {"title", "fold", "cut", "contrast"},
    "rules": {"title", "contrast"},
    "gate": {"title", "fold", "cut", "contrast"},
    "notifications": {"title", "cut", "sideways"},
    "uploads": {"title", "fold", "cut", "contrast"},
    "matching": {"title", "cut", "sideways", "contrast"},
    "profiles": {"title", "fold", "cut", "contrast"},
    "accounts": {"title", "contrast"},
    "settings": {"title", "fold", "cut", "sideways", "contrast"},
    "periods": {"title", "fold", "cut", "sideways", "contrast"},
    "refresh": {"title", "contrast"},
    "health": {"title", "cut", "sideways"},
    "glossary": {"title", "fold", "cut"},
}
