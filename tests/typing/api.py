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
    loaded: pithtex.Record | pithtex.Bundle | pithtex.IntegrityReport = pithtex.load(path)
    of_record: pithtex.VerifiedRecord = pithtex.verify(record)
    of_bundle: pithtex.VerifiedBundle = pithtex.verify(bundle)
    any_kind: pithtex.VerifiedRecord | pithtex.VerifiedBundle | pithtex.VerifiedReport = pithtex.verify(path)
    examined: pithtex.Examined = pithtex.examine(loaded)
    keyring: pithtex.Keyring = pithtex.Keyring.from_file(path).with_key("id", b"")
    files: dict[str, bytes] = dict(pithtex.generate(of_bundle))
    made: pithtex.Rendered = pithtex.badge(of_record, "md")
    decoded: tuple[pithtex.Decoded, ...] = pithtex.decode(made.text, keyring)
    resolved: pithtex.Resolved = pithtex.resolve("2606.01751", mirrors=["https://mirror.example/"])
    review: pithtex.Review = pithtex.presubmit(path)
    standing: pithtex.Standing = pithtex.standing(of_bundle)
    findings: list[pithtex.Finding] = [*examined.findings, *review.findings, *standing.findings, *resolved.findings]
    try:
        pithtex.verify(b"")
    except pithtex.PithError as error:
        told: tuple[str, str, str | None] = (error.code, error.where, error.hint)
        _ = told
    _ = (any_kind, files, decoded, findings)
    _ = (document, canonical, texts, verified.title, whole.record.number, verdict.word)
