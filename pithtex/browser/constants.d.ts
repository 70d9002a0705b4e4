/** What the scripts share with Python: scripts.py writes these constants before the joined modules. */

/** The dictionary of the compact receipt's compression. */
export const DICTIONARY: string;
/** The keys that are trusted: by name, in hexadecimal digits. */
export const KEYS: Readonly<Record<string, string>>;
export const KEY_ID: string;
export const ARXIV_ID: string;
export const LINK_PREFIX: string;
/** Where the registry says which record is of a paper on arXiv, with {arxiv} in it. */
export const ARXIV_LOOKUP: string;
export const REGISTRY_HOSTS: readonly string[];
/** A pattern of what a host name holds that imitates the registry's. */
export const NAME_LIKE: string;
export const METADATA_KEYS: readonly string[];
export const OWN_ADDRESSES: readonly string[];
export const UNHASHED: readonly string[];
export const SNAPSHOTS: readonly string[];
export const RECEIPT_VERSIONS: readonly string[];

export const MERGE_VERSION: string;
/** Event type to list of the state. */
export const STATE_LISTS: Readonly<Record<string, string>>;

/** What a statement can say, the gravest first: withdrawn, critical finding, contradictory, superseded, corrected ... */
export const CAN_SAY: readonly string[];
/** Event type to what its statement says. */
export const STATEMENT_TYPES: Readonly<Record<string, string>>;
export const KIND_FIELDS: readonly string[];
export const WORD_FIELDS: readonly string[];
export const SUPERSEDED_BY: readonly string[];
/** Patterns, as pithtex/verification/statements.py has them. */
export const REPLACED: string;
export const WITHDRAWN: string;
export const DENIED: string;
export const DENIED_CHARS: number;
export const MAX_STATEMENT: number;

export const XMP_NAMESPACE: string;
export const INFO_NUMBER: string;
export const INFO_RECEIPT: string;
/** The name of the badge's annotation. */
export const BADGE_ANNOTATION: string;
/** Entries of a link that may stand there twice. */
export const HARMLESS: readonly string[];

/** How texts are read that people paste: pithtex/decoding/pasted.py. */
export const PASTED: Readonly<{
  expressions: Record<string, string>;
  references: Record<string, string>;
  reach: number;
}>;

export const MAX_CODES: number;
export const MAX_DOCUMENT: number;
export const MAX_DEPTH: number;
export const MAX_DIGITS: number;
export const MAX_RECEIPT: number;
export const MAX_STREAM: number;
export const MAX_XMP: number;
export const MAX_LINKS: number;
export const MAX_VALUE: number;

/** pith.sty without a record, the line in it where the record goes, and how its lines are cut. */
export const PITH_STY: string;
export const MARKER: string;
export const CHUNK: number;
export const MAX_ABSTRACT: number;
export const MAX_CARRIED: number;
export const MAX_COMMENT: number;
export const VERSION: string;
