// pith.sty with a record in it, as pithtex/render/package/pith_sty.py writes it to the byte where the receipt was given; one that is
// made here is spelled otherwise, by fixed codes. PITH_STY and VERSION stand before this part.

const MARKER = "%%<pith-record>\n", CHUNK = 88, MAX_COMMENT = 300;

// Raw DEFLATE after the dictionary, as one block of fixed codes: at each place the longest match, the nearest of its length.
function deflate(data, dictionary) {
  const all = new Uint8Array(dictionary.length + data.length), bytes = [], seen = new Map();
  all.set(dictionary);
  all.set(data, dictionary.length);
  let held = 0, count = 0;
  const put = (value, bits) => {
    held |= value << count;
    for (count += bits; count > 7; count -= 8, held >>>= 8) bytes.push(held & 255);
  };
  const code = (value, bits) => {
    for (let bit = bits; bit--; ) put((value >> bit) & 1, 1); // Huffman codes stand with their first bit first
  };
  const literal = (symbol) => {
    if (symbol < 144) code(48 + symbol, 8);
    else if (symbol < 256) code(256 + symbol, 9);
    else if (symbol < 280) code(symbol - 256, 7);
    else code(symbol - 88, 8);
  };
  const number = (bases, value) => bases.findLastIndex((base) => base <= value);
  const key = (at) => (all[at] << 16) | (all[at + 1] << 8) | all[at + 2];
  const remember = (at) => {
    if (at + 2 < all.length) seen.set(key(at), [at, ...(seen.get(key(at)) ?? []).slice(0, 255)]);
  };
  for (let at = 0; at < dictionary.length; at++) remember(at);
  put(1, 1);
  put(1, 2);
  for (let at = dictionary.length; at < all.length; ) {
    let length = 0, back = 0;
    for (const from of at + 2 < all.length ? (seen.get(key(at)) ?? []) : []) {
      if (at - from > 32768) break;
      let same = 0;
      while (same < 258 && at + same < all.length && all[from + same] === all[at + same]) same++;
      if (same > length) [length, back] = [same, at - from];
    }
    if (length < 3) {
      length = 1;
      literal(all[at]);
    } else {
      const symbol = number(LENGTHS, length), far = number(DISTANCES, back);
      literal(257 + symbol);
      put(length - LENGTHS[symbol], lengthBits(symbol));
      code(far, 5);
      put(back - DISTANCES[far], distanceBits(far));
    }
    for (; length--; at++) remember(at);
  }
  literal(256);
  put(0, 7);
  return Uint8Array.from(bytes);
}

function toBase64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

// The compact receipt of a verified record; a title that would not survive is left out.
async function encodeReceipt(record) {
  let title = record.title === null ? "" : collapse(record.title);
  if (deceives(title) || hex(await sha256(utf8(title.toLowerCase()))) !== record.titleDigest) title = "";
  const body = deflate(utf8(`${record.text}\n${title}`), utf8(DICTIONARY));
  const receipt = `p1.${record.keyId}.${toBase64url(body)}.${toBase64url(record.signature)}`;
  decodeReceipt(receipt);
  return receipt;
}

// Text for the inside of one TeX comment line: printable ASCII without the caret, all else by its code point.
function texComment(text) {
  const chars = Array.from(text);
  const cut = chars.length > MAX_COMMENT ? [...chars.slice(0, MAX_COMMENT - 3), ..."..."] : chars;
  const code = (char) => char.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
  return cut.map((char) => (/[ -~]/.test(char) && char !== "^" ? char : `<U+${code(char)}>`)).join("");
}

async function makePackage(record) {
  const receipt = record.receipt ?? (await encodeReceipt(record));
  const [before, after] = PITH_STY.split(MARKER);
  const lines = (text) => (text.match(new RegExp(`.{1,${CHUNK}}`, "g")) ?? []).map((piece) => `    ${piece}\n`).join("");
  const source = texComment(`${record.kind === "arxiv" ? "arXiv" : record.kind}:${record.id}v${record.version}`);
  return `${before}% The record that this copy of pith.sty carries, verified by pithtex ${VERSION}:
%   ${texComment(record.title || "(not stated by the document)")}
%   ${source}, ${record.number}
\\__pith_record:nnnn
  { ${record.number} }
  { ${record.digest} }
  {
${lines(receipt)}  }
  {
${lines(qrRows(`${LINK_PREFIX}${record.suffix}#r=${receipt}`).join("."))}  }
${after}`;
}
