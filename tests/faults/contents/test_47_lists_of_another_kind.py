"""Any list with an id is its own feed, or refused with what is missing; never rows of another kind."""

from __future__ import annotations

import pytest

from models.builds.data_dir import DataDir
from pipeline.ingest import batches
from tests.ingest.exports import load

# (rows, the feeds that they may land as): nobody's work, nobody's defect.
LISTS = {
    "通讯录.csv": ("编号,姓名,手机,部门,状态\n1,甲,13800000000,研发,在职\n2,乙,13900000000,研发,在职\n", {"people"}),
    "会议.csv": ("编号,会议主题,会议日期,主持人,状态\n1,周会,2026-03-02,甲,完成\n2,评审,2026-03-03,乙,完成\n", set()),
    "设备台账.csv": ("设备编号,设备名称,型号,数量,状态,责任人\nS-1,服务器,X,2,在用,甲\nS-2,交换机,Y,1,在用,乙\n", set()),
    "考勤表.csv": ("工号,姓名,考勤日期,上班时间,下班时间,状态\n1,甲,2026-03-02,09:00,18:00,正常\n", {"attendance"}),
    "team.csv": ("id,name,email,role,status,created_at\n1,Ada,a@example.org,member,active,2026-01-02\n", {"people"}),
    "rooms.csv": ("id,name,location,status,owner\n1,Blue,floor 1,open,ada\n2,Red,floor 2,closed,ben\n", set()),
    "entries.csv": ("id,user,project,start,end,status\n1,ada,YB,2026-03-02T09:00:00Z,2026-03-02T10:00:00Z,done\n", {"worklogs"}),
}  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_own_feed_or_refused(data_dir: DataDir, name: str) -> None:
    text, may_be = LISTS[name]
    entry = load(data_dir, name, text)[0]
    if entry["status"] == "refused":
        assert "--feed" in entry["reasons"][0]["message"] or "upload page" in entry["reasons"][0]["message"]
        assert not [batch for batch in batches(data_dir) if batch.status == "landed"]
    else:
        assert entry["feed"] in may_be
