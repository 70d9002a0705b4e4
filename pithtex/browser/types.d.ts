/** Types that refer to themselves, which JSDoc cannot say. */

import type { Name, PdfText, Ref, Stream, Dictionary } from "./pdf/objects.js";
import type { Num } from "./verify/json.js";

/** What JSON holds. */
export type Json = null | boolean | string | Num | Json[] | JsonObject;
export type JsonObject = Map<string, Json>;

/** An object of a PDF (ISO 32000-1, 7.3). */
export type PdfValue = null | boolean | number | PdfText | Name | Ref | Stream | PdfValue[] | Dictionary;
