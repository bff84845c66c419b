"""A small catalogue in the plain format, to be read, changed and refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.models.standard import Definition
from desktop.operations.catalog_file import Catalogue, read_yaml
from desktop.operations.catalog_text import CatalogueError

SHIPPED = Path(__file__).parents[2] / "resources" / "catalogue" / "kudus.yaml"

# A small file in the plain format: lists of tags, English notes, switches and marks as tags.
PLAIN = """\
# a comment
meta:
  region_code: '3319'
  region: Kabupaten Kudus
  version: research-1
  agencies: 1
  services: 1
sources:
- key: own
  title: own knowledge, verify
  url: null
facts:
- tag: PROXY
  question_id: Diwakilkan dengan surat kuasa?
  meaning_en: represented by a proxy
- tag: MARRIED
  question_id: Pemohon sudah kawin?
  meaning_en: married
- tag: LOCAL_RULE
  question_id: Diminta standar setempat
  meaning_en: asked by the local standard only
- tag: OPTIONAL
  question_id: Dilampirkan bila ada
  meaning_en: attach when available, never blocks
agencies:
- code: DKC
  name_id: Dinas Kependudukan
  name_en: Civil registry office
  level: regency
  in_mpp_kudus_2022: true
  queue_prefix: A
  source: own
services:
- code: DKC-99
  agency: DKC
  slug: contoh
  name_id: Layanan contoh
  name_en: Sample service
  category: civil_registry
  applicant_types:
  - person
  variants:
  - code: LOST
    name_id: Hilang
    name_en: Lost
  - code: OTHER
    name_id: Lainnya
    name_en: Other
  duration:
    value: 1
    unit: working_days
  fee_idr: 0
  fee_kind: free
  fee_note: free by law
  product: Akta, Kartu Keluarga (dan KTP-el, bila berubah)
  legal_basis:
  - Permendagri 108/2019
  - PP 40/2019
  channel:
  - counter
  proxy_allowed: true
  sources:
  - own
  requirements:
  - code: KTP
    name_id: KTP-el asli
    name_en: ID card
    kind: original
    copies: 0
    handling: shown
    condition: null
    source: own
  - code: REPORT
    name_id: Surat kehilangan
    name_en: loss report
    kind: original
    copies: 1
    handling: filed
    condition: the card was lost
    when:
    - LOST
    source: own
  - code: BOOK
    name_id: Buku nikah
    name_en: marriage book
    kind: copy
    copies: 1
    handling: filed
    condition: married
    when:
    - MARRIED
    source: own
  - code: PHOTO
    name_id: Pas foto
    name_en: photo
    kind: photo
    copies: 2
    handling: filed
    condition: local standard asks
    when:
    - LOCAL_RULE
    source: own
  - code: PROOF
    name_id: 'Salah satu: akta kelahiran, ijazah'
    name_en: 'one of: birth certificate, diploma'
    kind: copy
    copies: 1
    handling: filed
    condition: null
    source: own
  - code: NPWP
    name_id: NPWP
    name_en: tax number
    kind: other
    copies: 0
    handling: given
    condition: applicant has one
    when:
    - OPTIONAL
    source: own
  - code: POWER
    name_id: Surat kuasa
    name_en: power of attorney
    kind: original
    copies: 1
    handling: filed
    condition: by proxy
    when:
    - PROXY
    source: own
"""


LOST_FACT = "- {tag: LOST, question_id: 'Dokumen lama hilang?', meaning_en: lost}\n"


def changed(old: str, new: str, times: int = 1) -> bytes:
    assert old in PLAIN, old
    return PLAIN.replace(old, new, times).encode()


def line_of(part: str) -> int:
    return PLAIN[: PLAIN.index(part)].count("\n") + 1


def plain() -> Catalogue:
    return read_yaml(PLAIN.encode())


def definition(source: bytes) -> Definition:
    return read_yaml(source).services[0].definition


def refused(source: bytes) -> list[tuple[int, str]]:
    with pytest.raises(CatalogueError) as caught:
        read_yaml(source)
    assert caught.value.field == "catalogue" and "tidak ada yang berubah" in caught.value.message
    return caught.value.problems
