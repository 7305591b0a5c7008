import { isUtf8 } from 'node:buffer';
import { isArchiveError, readableText } from '@rootcellar/model';
import { parsePlist } from '../../plist/parse-plist.js';
import type { PlistDict, PlistValue } from '../../plist/plist-value.js';
import type { BusinessSignal } from './package-description.js';

/** How apps speak of subscriptions, in the languages most of them are written in. Whole words, or sentences the App Store's rules ask for. */
const WORDS = [
  // English
  /\bsubscri(?:be|ption|ptions|bed)\b/i,
  /\brestore (?:my )?purchases?\b/i,
  /\bfree trial\b/i,
  /\bauto-?renew(?:s|al|able|ing|ed)?\b/i,
  // German
  /\babonnement(?:s|e)?\b/i,
  /\babonnieren\b/i,
  /\bk[äa]ufe wiederherstellen\b/i,
  // French, Spanish, Italian, Portuguese, Dutch
  /\babonnements?\b/i,
  /\brestaurer (?:les|mes) achats\b/i,
  /\bsuscripci[óo]n(?:es)?\b/i,
  /\brestaurar compras\b/i,
  /\babbonament[oi]\b/i,
  /\bripristina (?:gli )?acquisti\b/i,
  /\bassinaturas?\b/i,
  /\bproefperiode\b/i,
  // Japanese, Chinese, Korean: no spaces between words
  /サブスクリプション|購入を復元|自動更新/,
  /订阅|訂閱|恢复购买|恢復購買/,
  /구독|구입 항목 복원/,
];
const LIMITS = { maxBytes: 2 * 1024 * 1024, maxDepth: 8, maxValues: 50_000 };
export const STRINGS_MAX_BYTES = LIMITS.maxBytes;
const SENTENCE_MAX = 160;
/** One sentence may be about something else; from more the reader sees for themselves. */
const A_FILE = 5;

/** Sentences about subscriptions in a `.strings` file, of either form: a property list, or `"key" = "sentence";` lines. */
export function subscriptionWordsIn(strings: Uint8Array, where: string): BusinessSignal[] {
  const found: BusinessSignal[] = [];
  for (const sentence of sentencesIn(strings)) {
    if (found.length === A_FILE) break;
    if (!WORDS.some((word) => word.test(sentence))) continue;
    const evidence = readableText(sentence, SENTENCE_MAX, '');
    if (evidence !== '') found.push({ kind: 'subscription-words', evidence, where });
  }
  return found;
}

function* sentencesIn(strings: Uint8Array): Generator<string> {
  const list = parsed(strings);
  if (list !== undefined) {
    for (const value of list.values()) if (typeof value === 'string') yield value;
    return;
  }
  for (const [, sentence = ''] of textOf(strings).matchAll(/=\s*"((?:[^"\\\n]|\\.){1,2000})"\s*;/g))
    yield sentence;
}

function parsed(strings: Uint8Array): PlistDict | undefined {
  try {
    const value: PlistValue = parsePlist(strings, LIMITS);
    return value instanceof Map ? (value as PlistDict) : undefined;
  } catch (error) {
    if (isArchiveError(error, 'PLIST_INVALID', 'PLIST_TOO_LARGE')) return undefined;
    throw error;
  }
}

/** UTF-16 with its mark, as Xcode wrote them for long, or UTF-8. */
function textOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return isUtf8(bytes) ? new TextDecoder().decode(bytes) : '';
}
