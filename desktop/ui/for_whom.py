"""The words of "Untuk": whom or what a service is asked for, and what the row of the subject is called then."""

from __future__ import annotations

from desktop.i18n import N_
from desktop.operations.case import BY_PROXY, CHILD, FOR_COMPANY, OBJECT, SELF

WHOM = {
    SELF: N_("sendiri"),
    CHILD: N_("anak"),
    BY_PROXY: N_("kuasa"),
    FOR_COMPANY: N_("badan usaha"),
    OBJECT: N_("objek"),
}
# What a choice means, said under the row: the chips have no room for it.
WHOM_WORDS = {
    BY_PROXY: N_("Diwakilkan dengan surat kuasa. Pemohon adalah yang diwakili."),
    FOR_COMPANY: N_("Pemohon adalah orang yang datang untuk badan usaha."),
    OBJECT: N_("Tanah, kendaraan, atau objek lain."),
}
SUBJECT_TITLES = {CHILD: N_("Anak"), FOR_COMPANY: N_("Usaha"), OBJECT: N_("Objek")}
SUBJECT_HINTS = {
    CHILD: N_("nama; atau bayi + nama ibu"),
    FOR_COMPANY: N_("nama badan usaha"),
    OBJECT: N_("nomor polisi, nomor tanah, …"),
}
