import { plistInvalid, plistTooLarge } from './plist-errors.js';
import type { PlistLimits } from './plist-limits.js';

/** No tag, comment or declaration of a property list is as long. */
const MAX_PIECE_CHARACTERS = 4096;
/** Of a value in a dictionary: two tags for the key, two for the value. */
const PIECES_PER_VALUE = 4;
/** Declarations and comments around the values. */
const PIECES_BESIDES = 1000;

/**
 * Looks over the markup of an XML property list before it is parsed. What a list never has costs a parser hundreds
 * of bytes of memory per character: comments of megabytes, a million attributes, a DTD of its own. Text and CDATA
 * may be of any length.
 *
 * @throws ArchiveError PLIST_INVALID, PLIST_TOO_LARGE
 */
export function checkXmlMarkup(text: string, { maxValues }: PlistLimits): void {
  const maxPieces = maxValues * PIECES_PER_VALUE + PIECES_BESIDES;
  let pieces = 0;
  for (let at = text.indexOf('<'); at >= 0; pieces += 1) {
    if (pieces >= maxPieces) throw plistTooLarge('more markup', maxPieces);
    at = text.indexOf('<', endOfPiece(text, at));
  }
  let references = 0;
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', at + 1)) references += 1;
  if (references > maxValues) throw plistTooLarge('more character references', maxValues);
}

function endOfPiece(text: string, start: number): number {
  if (text.startsWith('<![CDATA[', start)) return endAfter(text, ']]>', start);
  const isComment = text.startsWith('<!--', start);
  const end = endAfter(text, isComment ? '-->' : '>', start);
  if (end - start > MAX_PIECE_CHARACTERS)
    throw plistTooLarge('a longer tag or comment', MAX_PIECE_CHARACTERS);
  if (!isComment) checkTag(text.slice(start, end));
  return end;
}

function endAfter(text: string, mark: string, start: number): number {
  const end = text.indexOf(mark, start);
  if (end < 0) throw plistInvalid('its XML breaks off');
  return end + mark.length;
}

/** A tag ends at its first `>`: where that stands in quotes, or a DTD goes on behind it, more would slip through. */
function checkTag(tag: string): void {
  const openQuotes = tag.split('"').length % 2 === 0 || tag.split("'").length % 2 === 0;
  const openInstruction = tag.startsWith('<?') && !tag.endsWith('?>');
  if (openQuotes || openInstruction) throw plistInvalid('its markup is none that lists have');
  if (tag.startsWith('<!') && tag.includes('['))
    throw plistInvalid('it declares entities of its own');
}
