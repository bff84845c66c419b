"""A PC that comes into a hall: what stops it on the way is told as what it is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from desktop.errors import UserError
from desktop.sync import join
from desktop.sync.worker import Worker
from tests.conftest import Clock
from tests.sync.hall import VERSION, Centre, Make, Pc
from tests.sync.test_worker import wait_for


@pytest.mark.parametrize(
    ("kind", "code"), [("broken", "E-06"), ("refused", None)], ids=["its disk is full", "the centre has no hall yet"]
)
def test_what_stops_a_pc_that_joins_is_its_own_disk_or_the_centre(
    make_admin: Make, centre: Centre, empty_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    kind: str, code: str | None,
) -> None:  # fmt: skip
    def full(*_arguments: object, **_more: object) -> None:
        raise UserError("Disk penuh.", code="E-06")

    if kind == "broken":
        make_admin()
        monkeypatch.setattr(join, "pull", full)
    shutil.copytree(empty_folder, tmp_path / "new")
    pc = Pc(tmp_path / "new", centre, centre.enrol("new"), Clock()).open()
    joining = Worker(pc.store, lambda: centre.connect(pc.enrolment), lambda _standing: None, app_version=VERSION,
                     node_id=pc.enrolment.node_id)  # fmt: skip
    joining.begin()
    wait_for(lambda: joining.standing.problem is not None)
    joining.close()
    pc.close()
    assert joining.standing.problem is not None
    assert (joining.standing.kind, joining.standing.problem.code) == (kind, code)
