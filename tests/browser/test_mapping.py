"""A file whose columns nobody knows: mapped by hand, read, and kept as a profile that reads the next one by itself."""

from playwright.sync_api import expect

from tests.browser.reading import opened

UNKNOWN = "工程,类,日,钱\nQT,labor,2026-07-02,100.00\n"


def test_columns_are_mapped_by_hand_and_kept(visitor, healthy_dashboard):
    page = visitor(height=1400, locale="zh-CN")
    opened(page, healthy_dashboard, "uploads", lang="zh")
    dropped(page, "未知.csv")
    expect(page.get_by_text("未知.csv — 不能入库")).to_be_visible()

    choose(page, "手工做列映射：这是哪一类数据？", "成本")
    for header, column in (("工程", "项目"), ("类", "类别"), ("日", "记账日期"), ("钱", "金额")):
        choose(page, header, column)
    page.get_by_role("button", name="按此列映射重新预检").click()
    expect(page.get_by_text("未知.csv — 可以入库")).to_be_visible()

    page.get_by_role("textbox", name="映射方案", exact=True).fill("项目部台账")
    page.get_by_role("button", name="保存映射方案").click()
    expect(page.get_by_text("已保存。")).to_be_visible()

    opened(page, healthy_dashboard, "uploads", lang="zh")
    dropped(page, "下个月.csv")
    expect(page.get_by_text("下个月.csv — 可以入库")).to_be_visible()
    expect(page.get_by_text("这些列按已保存的映射方案“项目部台账”读取。")).to_be_visible()


def dropped(page, name: str) -> None:
    """Dropping a file is all it takes for a dry run."""
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": UNKNOWN.encode("gb18030")}
    )


def choose(page, label: str, option: str) -> None:
    box = page.get_by_test_id("stMain").get_by_role("combobox", name=label, exact=True)
    box.scroll_into_view_if_needed()
    box.click()
    page.get_by_role("option", name=option, exact=True).click()
    expect(box).to_have_value(option)
