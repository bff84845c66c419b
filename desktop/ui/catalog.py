"""The catalogue, for administrators: standards and their versions, one line edited, and decrees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop.errors import UserError
from desktop.i18n import N_, _, ngettext, number, plain_date, short_date
from desktop.models.standard import Definition, Requirement
from desktop.operations import standards
from desktop.operations.catalog import DECREED, newest_standard
from desktop.operations.desk import Desk
from desktop.operations.rule_words import Names
from desktop.operations.standard_rows import FORMS, LINES, WHEN, row_of
from desktop.operations.standards import Branch, Version
from desktop.ui import style
from desktop.ui.catalog_bench import Bench
from desktop.ui.catalog_components import ComponentsForm
from desktop.ui.catalog_forms import BeginForm, DecreeForm, LineForm, filled
from desktop.ui.catalog_tree import CatalogTree, Place
from desktop.ui.catalog_workbooks import Workbooks
from desktop.ui.form import Form
from desktop.ui.rows import Column, Rows, Table
from desktop.ui.screen import Act, Screen, scrolled

BROWSE, LINE, DECREE, IMPORT, COMPONENTS = range(5)


class CatalogScreen(Screen):
    """The tree at the left, what is chosen in the middle, and at the right the rules to be tried out."""

    name = "catalog"
    title = N_("Katalog")
    tables = frozenset({"service", "service_standard", "agency"})

    def build(self) -> None:
        self._place: Place | None = None
        self._services: dict[str, Branch] = {}
        self._by_agency: dict[str, list[Branch]] = {}
        self._versions: list[Version] = []
        self._version: Version | None = None
        self._newest_id = ""
        self._definition: Definition | None = None
        self._line: Requirement | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(style.px(20), style.px(4), style.px(20), style.px(12))
        row.setSpacing(style.px(14))
        self.tree = CatalogTree()
        self.tree.setFixedWidth(style.em(262))
        self.tree.came_to.connect(self._came_to)
        self.tree.opened.connect(self._open_tree)
        row.addWidget(self.tree)
        middle = QVBoxLayout()
        middle.setSpacing(style.px(6))
        self.name_line = style.label("", "title")
        self.name_line.setWordWrap(True)
        self.about = style.Mark(wrap=True)
        self.about.setObjectName("standard_about")
        middle.addWidget(self.name_line)
        middle.addWidget(self.about)
        self._pages = QStackedWidget()
        self.decree_form = DecreeForm(self.around.feedback, "")
        decree_page = filled(QWidget(), self.decree_form, self.act_button("F9"))
        for page in (self._browse_page(), self._line_page(), decree_page, self._import_page(),
                     self._components_page()):
            self._pages.addWidget(page)
        middle.addWidget(self._pages, 1)
        row.addLayout(middle, 5)
        self.bench = Bench(lambda: self.desk.day(self.around.store.clock()))
        row.addWidget(self.bench, 4)
        self.refresh()
        self.show_page(BROWSE)

    @property
    def desk(self) -> Desk:
        """The desk somebody sits at; this screen is never up without one."""
        assert self.around.desk is not None
        return self.around.desk

    def _browse_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        self.lines = Table("standard_lines", _("Syarat"), Rows([
            Column(_("No."), lambda line: str(line.ordinal), 44, right=True),
            Column(_("Syarat"), lambda line: line.name,
                   mark=lambda line: ("", "") if line.enabled else ("muted", "ban")),
            Column(_("Bentuk"), lambda line: _(FORMS[line.form]), 84),
            Column(_("Lembar"), lambda line: str(line.copies or "–"), 82, right=True),
        ], key=lambda line: line.code))  # fmt: skip
        self.lines.opened.connect(lambda _line: self._edit())
        self.lines.picked.connect(self._picked)
        column.addWidget(self.lines, 1)
        self.line_words = style.label("", "muted")
        self.line_words.setWordWrap(True)
        self.line_words.setObjectName("line_words")
        self.line_words.setMinimumHeight(3 * self.line_words.fontMetrics().lineSpacing())
        self.line_words.setAlignment(Qt.AlignmentFlag.AlignTop)
        column.addWidget(self.line_words)
        return page

    def _line_page(self) -> QWidget:
        self.line_form = LineForm(self.around.feedback)
        self.line_form.changed.connect(lambda _title: self._try_line())
        return filled(QWidget(), self.line_form, self.act_button("F9"))

    def _components_page(self) -> QWidget:
        self.components_form = ComponentsForm(self.around.feedback)
        page = QWidget()
        filled(scrolled(page), self.components_form, self.act_button("F9"), air=6)
        return page

    def _import_page(self) -> QWidget:
        self.workbooks = Workbooks(self)
        return self.workbooks.page

    # --- what is shown

    def refresh(self) -> None:
        if self.page() != BROWSE:
            self._is_stale = True  # a form is saved over the version it was opened from, and over no newer one
            return
        with self.reading() as session:
            found = [(agency.id, agency.name_id, services) for agency, services in standards.tree(session)]
        self._by_agency = {agency_id: services for agency_id, _name, services in found}
        self._services = {one.service_id: one for services in self._by_agency.values() for one in services}
        self.tree.show_agencies(found)
        if self.tree.place() is None and found:
            own = next((one for one in found if one[0] in self.desk.agency_ids), found[0])
            self.tree.go_to(Place(own[0], own[2][0].service_id))

    def _came_to(self, place: Place) -> None:
        is_other = self._place is None or (self._place.service_id, self._place.version_id) != (
            place.service_id, place.version_id)  # fmt: skip
        self._place = place
        if not place.service_id:
            self._show_agency(place)
            return
        with self.reading() as session:
            self._versions = standards.versions(session, place.service_id)
            newest = newest_standard(session, place.service_id)
            self._newest_id = newest.id if newest else ""
            chosen = place.version_id or self._newest_id
            self._version = next((one for one in self._versions if one.id == chosen), None)
            self._definition = standards.definition_by_id(session, chosen) if self._version else None
        self.tree.show_versions(place, [(one, self._version_words(one)) for one in self._versions])
        self._show_standard(from_top=is_other)

    def _show_agency(self, place: Place) -> None:
        self._version, self._definition, self._versions = None, None, []
        services = self._by_agency[place.agency_id]
        self.name_line.setText(self.tree.currentItem().text(0))
        samples = sum(one.is_sample for one in services)
        self.about.show_state("muted", _("{count} layanan, {samples} di antaranya masih contoh.").format(
            count=len(services), samples=samples), icon_name="list-checks")
        self.lines.show_rows([])
        self.line_words.setText("")
        self.bench.show_standard(None)
        self.acts_changed.emit()

    def _show_standard(self, *, from_top: bool) -> None:
        self.name_line.setText(self._services[self._place.service_id].name)
        version = self._version
        if version is None:
            self.about.show_state("warning", _("Layanan ini belum punya standar."))
        else:
            kind = {standards.IN_FORCE: "good", standards.WAITING: "info"}.get(version.standing, "muted")
            kind = "warning" if version.state != DECREED and kind == "good" else kind
            self.about.show_state(kind, self._about_words(version))
        self.lines.show_rows(self._definition.requirements if self._definition else [])
        if self._definition and (from_top or self.lines.current() is None):
            self.lines.selectRow(0)
        self._picked(self.lines.current())
        self.bench.show_standard(self._definition)
        self.acts_changed.emit()

    def _about_words(self, version: Version) -> str:
        start = standards.begins_words(self.desk, version.valid_from, self.around.store.clock())
        since = _("sejak {date}").format(date=plain_date(self.desk.day(version.valid_from)))
        when = {standards.IN_FORCE: since, standards.WAITING: start}.get(
            version.standing, _(standards.STANDINGS[version.standing]).lower())
        decree = version.decree if version.state == DECREED else _("Contoh (belum ditetapkan)")
        return _("Versi {number} · {decree} · {when}").format(number=version.number, decree=decree, when=when)

    def _version_words(self, version: Version) -> str:
        return _("Versi {number} · {standing} · {date}").format(
            number=version.number, standing=_(standards.STANDINGS[version.standing]),
            date=short_date(self.desk.day(version.valid_from)))

    def _picked(self, line: Requirement | None) -> None:
        if line is None or self._definition is None:
            self.line_words.setText("")
            return
        when = row_of(LINES, line, Names.of(self._definition))[WHEN]
        words = [
            "" if line.enabled else _("Dimatikan: tidak diminta."),
            _("Diminta bila {rule}.").format(rule=when) if when else _("Selalu diminta."),
            line.age_limit, line.where, line.clause,
        ]  # fmt: skip
        self.line_words.setText(" ".join(word for word in words if word))

    def show_page(self, page: int) -> None:
        """Bring up one of the pages, with what goes with it around it."""
        self._pages.setCurrentIndex(page)
        self.bench.setVisible(page not in (IMPORT, COMPONENTS))
        self.tree.setEnabled(page == BROWSE)
        for part in (self.name_line, self.about):
            part.setVisible(page != IMPORT)
        self._catch_up()
        self.acts_changed.emit()

    def page(self) -> int:
        """Which of the pages is up."""
        return self._pages.currentIndex()

    # --- acts and keys

    def acts(self) -> list[Act]:
        page = self.page()
        back = Act("Esc", _("Kembali"), self._back)
        if page in (LINE, COMPONENTS):
            save = self._save_line if page == LINE else self._save_components
            return [Act("F9", _("Simpan sebagai versi baru"), save, kind="primary", icon="check"), back]
        if page == DECREE:
            return [Act("F9", _("Tetapkan"), self._save_decree, kind="primary", icon="check"), back]
        if page == IMPORT:
            return [self.workbooks.act(), back]
        acts = [
            Act("F6", _("Komponen standar"), self._edit_components, enabled=self._is_newest()),
            Act("F7", _("Tetapkan dengan SK"), self._begin_decree, enabled=bool(self._decreeable())),
            Act("F8", _("Ekspor XLSX"), self.workbooks.export),
            Act("Shift+F8", _("Impor XLSX"), self._begin_import),
        ]
        if self._is_newest():
            acts.insert(0, Act("Enter", _("Ubah baris"), self._open_tree, kind="primary", icon="pencil"))
        return acts

    def help(self) -> list[str]:
        return [
            _("Standar tidak pernah diubah di tempat: setiap perubahan menjadi versi baru, dan berkas yang sudah "
              "diterima tetap memakai versinya."),
            _("Pada instansi, F7 menetapkan semua layanannya sekaligus. Di sebelah kanan, jawab seperti di loket: "
              "daftarnya dibuat oleh aturan yang sama."),
        ]  # fmt: skip

    def arrive(self) -> None:
        if self.page() == BROWSE:
            self.tree.setFocus(Qt.FocusReason.OtherFocusReason)

    def keep(self) -> Any:
        return {**super().keep(), "place": self._place, "page": self.page(), "line": self._line}

    def restore(self, kept: Any) -> None:
        if kept["place"] is not None:
            self.tree.go_to(kept["place"])
        if kept["line"] is not None and kept["page"] == LINE:
            self.lines.select_key(kept["line"].code)
            self._edit()
        elif kept["page"] in (DECREE, IMPORT, COMPONENTS):
            self.show_page(kept["page"])
        super().restore(kept)

    def _back(self) -> None:
        self.show_page(BROWSE)
        self.bench.show_standard(self._definition)
        (self.lines if self._line is not None else self.tree).setFocus(Qt.FocusReason.OtherFocusReason)
        self._line = None

    def _is_newest(self) -> bool:
        return self._version is not None and self._version.id == self._newest_id

    def _open_tree(self) -> None:
        if self.lines.hasFocus():
            self._edit()
        elif self.lines.rows.rows:
            self.lines.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            item = self.tree.currentItem()
            item.setExpanded(not item.isExpanded())

    # --- one line

    def _edit(self) -> None:
        line = self.lines.current()
        if line is None or self._definition is None:
            return
        if not self._is_newest():
            self.say("warning", _("Ini bukan versi terakhir. Ubah versi terakhirnya."))
            return
        self._line = line
        self.line_form.show_line(row_of(LINES, line, Names.of(self._definition)))
        self._propose_begin(self.line_form)
        self.show_page(LINE)
        self.line_form.start()

    def _edited(self) -> Definition:
        return standards.line_changed(self._definition, self._line.code, self.line_form.row())

    def _try_line(self) -> None:
        """Show at once what the line as it stands now does to the checklist; half a word does nothing yet."""
        try:
            self.bench.show_standard(self._edited())
        except UserError:
            return

    def _save_line(self) -> None:
        self._save_version(self.line_form, self._edited)

    def _edit_components(self) -> None:
        if self._definition is None:
            return
        self.components_form.show_standard(self._definition)
        self._propose_begin(self.components_form)
        self.show_page(COMPONENTS)
        self.components_form.start()

    def _save_components(self) -> None:
        form, before = self.components_form, self._definition
        self._save_version(form, lambda: standards.components_changed(before, form.words()))

    def _save_version(self, form: BeginForm, made_of: Callable[[], Definition]) -> None:
        """The next version, as a form says it."""
        try:
            definition = made_of()
            given = standards.Decree(valid_from=form.begins(self.desk))
            with self.saving() as session:
                made = standards.renew(session, self.desk, self._place.service_id, definition,
                                       base_id=self._version.id, decree=given)
                words = self._new_version_words(made.version_no, made.valid_from)
        except UserError as problem:
            self.tell(form, problem)
            return
        self.finish(words)

    def _propose_begin(self, form: BeginForm) -> None:
        """What changes a version that waits begins when that one would."""
        if self._version.standing == standards.WAITING:
            start = self.desk.local(self._version.valid_from)
            form.set_values({"begins_on": start.date(), "begins_at": f"{start:%H%M}"})

    def _new_version_words(self, version_no: int, valid_from: Any) -> str:
        start = standards.begins_words(self.desk, valid_from, self.around.store.clock())
        return _("Versi {number} disimpan, {start}. Berkas lama tetap memakai versinya.").format(
            number=version_no, start=start)

    def finish(self, words: str) -> None:
        """Something was kept: back to the list, with a word of it."""
        self._place = Place(self._place.agency_id, self._place.service_id) if self._place else None
        self._back()
        self.refresh()
        if self._place is not None:
            self._came_to(self._place)
        self.say("good", words, 15)

    def tell(self, form: Form, problem: UserError) -> None:
        """What is wrong, under its field where it has one."""
        if not form.show_error(problem):
            self.around.feedback.tell(problem)

    # --- decrees and workbooks

    def _begin_import(self) -> None:
        self.show_page(IMPORT)
        self.workbooks.page.begin()

    def _decreeable(self) -> list[str]:
        if self._place is None:
            return []
        if self._place.service_id:
            return [self._place.service_id] if self._is_newest() else []
        return [one.service_id for one in self._by_agency[self._place.agency_id]]

    def _begin_decree(self) -> None:
        services = self._decreeable()
        if not services:
            return
        self.decree_form.clear()
        self.show_page(DECREE)
        if len(services) > 1:
            self.about.show_state("info", _("{count} layanan ditetapkan sekaligus dengan SK yang sama.").format(
                count=len(services)))
        self.decree_form.start()

    def _save_decree(self) -> None:
        services = self._decreeable()
        try:
            given = self.decree_form.decree(self.desk)
            with self.saving() as session:
                count = standards.decree(session, self.desk, services, given)
        except UserError as problem:
            self.tell(self.decree_form, problem)
            return
        moment = self.around.store.clock()
        start = standards.begins_words(self.desk, given.valid_from or moment, moment)
        words = ngettext("{count} standar ditetapkan, {start}.", "{count} standar ditetapkan, {start}.", count)
        self.finish(words.format(count=number(count), start=start))
