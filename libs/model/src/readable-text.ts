/**
 * Text from outside made fit to show: control, format and line characters become spaces, runs of white space one,
 * at most `maxLength` characters (code points). Never empty: `fallback` then.
 */
export function readableText(text: string, maxLength: number, fallback: string): string {
  const cleaned = text
    .slice(0, maxLength * 8)
    .toWellFormed()
    // U+200D stays: it joins emoji into one.
    .replace(/(?!\u200d)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  const cut = Array.from(cleaned).slice(0, maxLength).join('').trim();
  return cut === '' ? fallback : cut;
}
