/** One element of DER: its tag, its content, and all of its bytes. */
export interface DerElement {
  readonly tag: number;
  readonly content: Buffer;
  readonly whole: Buffer;
}

export const DER = { sequence: 0x30, set: 0x31, context0: 0xa0, integer: 0x02 } as const;

/** The elements that follow each other in the bytes; ends where they make no sense any more. */
export function* derElements(bytes: Buffer): Generator<DerElement> {
  for (let at = 0; at < bytes.length;) {
    const element = derElement(bytes.subarray(at));
    if (element === undefined) return;
    yield element;
    at += element.whole.length;
  }
}

/** The first element; undefined where there is none whole. Lengths of up to four bytes, definite ones only. */
export function derElement(bytes: Buffer): DerElement | undefined {
  const [tag, first] = bytes;
  if (tag === undefined || first === undefined) return undefined;
  const more = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || more > 4 || bytes.length < 2 + more) return undefined;
  const length = more === 0 ? first : bytes.readUIntBE(2, more);
  const end = 2 + more + length;
  if (end > bytes.length) return undefined;
  return { tag, content: bytes.subarray(2 + more, end), whole: bytes.subarray(0, end) };
}

/** The elements inside of one, if it has this tag. */
export function derChildren(element: DerElement | undefined, tag: number): DerElement[] {
  return element?.tag === tag ? [...derElements(element.content)] : [];
}
