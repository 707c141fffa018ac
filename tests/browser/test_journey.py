"""The main journey: open, switch language, upload, refresh, see the new number, undo, refresh, see the old one.

The healthy project has earned 600,000 for 6 × 95,000 = 570,000, so CPI = 600,000 / 570,000 = 1.0526: "1.05".
The file uploaded here corrects June's voucher V6 from 95,000 to 225,000: by its number, and by its period, it replaces
the old one. 600,000 / (5 × 95,000 + 225,000) = 0.857: "0.86", below 0.90, critical.
"""

from playwright.sync_api import expect

from tests.browser.reading import opened, switched, text_of, troubles, turned_to

EXPORT = (
    "project,wbs_code,phase,module,category,kind,document_no,booked_on,amount,currency\n"
    "QT,1.6,development,core,labor,actual,V6,2026-06-30,225000.00,CNY\n"
)


def test_from_a_file_to_a_number_and_back(visitor, healthy_dashboard):
    page = visitor()
    opened(page, healthy_dashboard, "cost")
    shows(page, "1.05")
    assert "0.86" not in text_of(page)

    switched(page, "中文")
    expect(page.get_by_test_id("stTopNav")).to_contain_text("项目组合")
    shows(page, "成本绩效指数")

    turned_to(page, "数据", "数据上传")
    page.locator("input[type=file]").set_input_files(
        {"name": "六月更正.csv", "mimeType": "text/csv", "buffer": EXPORT.encode("utf-8")}
    )
    expect(page.get_by_text("读取 1 行 = 可入库 1 + 待处理 0 + 重复 0")).to_be_visible()
    page.get_by_role("button", name="确认入库").click()
    refreshed(page, "b-000002")

    opened(page, healthy_dashboard, "cost", lang="zh")
    shows(page, "0.86")
    shows(page, "超限")

    opened(page, healthy_dashboard, "uploads", lang="zh")
    page.get_by_role("button", name="撤销入库").first.click()
    expect(page.get_by_role("button", name="恢复入库")).to_be_visible()
    page.get_by_role("button", name="立即刷新").click()
    refreshed(page, "b-000003")

    opened(page, healthy_dashboard, "cost", lang="en")
    shows(page, "1.05")
    assert "0.86" not in text_of(page)
    assert troubles(page) == []


def shows(page, text: str) -> None:
    """Waits for the text: after a click the page of before may still stand."""
    expect(page.get_by_test_id("stMain")).to_contain_text(text)


def refreshed(page, build_id: str) -> None:
    """Waits until the page tells that `build_id` is published."""
    shows(page, f"{build_id} 已于")
