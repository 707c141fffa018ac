"""Words of exports on screen, in the reader's language however the file spells them."""

from __future__ import annotations

import pytest

from ui.kpis.meanings import milestone_word


@pytest.mark.parametrize(
    ("written", "english", "chinese"),
    [
        ("到货", "arrival", "到货"),
        ("设备安装", "installation", "安装"),
        ("Preliminary acceptance", "first acceptance", "初验"),
        ("trial-run", "trial run", "试运行"),
        ("Final Acceptance", "final acceptance", "终验"),
        ("上线", "go-live", "上线"),
        ("Go-live", "go-live", "上线"),
        ("推广完成", "roll-out complete", "推广完成"),
        ("milestone", "milestone", "里程碑"),
        ("等保测评", "等保测评", "等保测评"),  # unknown: as it stands
        ("Steering committee 3", "Steering committee 3", "Steering committee 3"),
    ],
)
def test_a_type_of_milestone(written, english, chinese):
    assert milestone_word(written, "en") == english
    assert milestone_word(written, "zh") == chinese
