"""The public interface, as a type checker sees it. Never run."""

from __future__ import annotations

from pathlib import Path

import pithtex


def public_api(data: bytes, path: Path) -> None:
    canonical: bytes = pithtex.canonical_bytes({"a": 1})
    digests: tuple[str, str, str] = (pithtex.digest({}), pithtex.title_digest("t"), pithtex.abstract_digest("a"))
    number: pithtex.PithNumber = pithtex.PithNumber.parse("pith:2026:CNPMIFD42NONUMCBYNP4XLPY53")
    same: pithtex.PithNumber = pithtex.PithNumber.from_digest(digests[0], 2026)
    texts: tuple[str, str, str] = (number.full, number.suffix, same.short)
    record: pithtex.Record = pithtex.load_record(data)
    verified: pithtex.VerifiedRecord = pithtex.verify_record(record, keyring=pithtex.default_keyring())
    bundle: pithtex.Bundle = pithtex.load_bundle({"bundle_type": "pith_open_graph_bundle"})
    whole: pithtex.VerifiedBundle = pithtex.verify_bundle(bundle, keyring=pithtex.Keyring([]))
    verdict: pithtex.Verdict = pithtex.check_pdf(path, record=bundle.record, keyring=pithtex.default_keyring())
    state: pithtex.State = pithtex.merge([bundle], keyring=pithtex.default_keyring())
    document: dict[str, object] = state.to_dict()
    _ = (document, canonical, texts, verified.title, whole.record.number, verdict.word)
