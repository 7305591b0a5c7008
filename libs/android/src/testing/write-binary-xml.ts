/** An attribute; with `id` one of Android's own. */
export interface XmlAttributeSource {
  readonly name: string;
  readonly id?: number;
  /** `reference`: leads into the resources. */
  readonly value: string | number | boolean | { readonly reference: number };
}

export interface XmlElementSource {
  readonly name: string;
  readonly attributes?: readonly XmlAttributeSource[];
  readonly children?: readonly XmlElementSource[];
}

const NONE = 0xffff_ffff;

/** Binary XML as Android's tools write it. */
export function writeBinaryXml(root: XmlElementSource, { utf8 = false } = {}): Buffer {
  const strings = new Strings(root);
  const nodes = Buffer.concat(nodesOf(root, strings));
  const body = Buffer.concat([poolOf(strings.list, utf8), mapOf(strings.ids), nodes]);
  return Buffer.concat([headerOf(0x0003, 8, body.length), body]);
}

/** Names of Android's attributes first: the n-th resource id is of the n-th string. */
class Strings {
  readonly list: string[] = [];
  readonly ids: number[] = [];

  constructor(root: XmlElementSource) {
    for (const { attributes = [] } of flat(root))
      for (const { name, id } of attributes)
        if (id !== undefined && !this.ids.includes(id)) {
          this.ids.push(id);
          this.list.push(name);
        }
  }

  indexOf(text: string, id?: number): number {
    if (id !== undefined) return this.ids.indexOf(id);
    const known = this.list.indexOf(text, this.ids.length);
    return known >= 0 ? known : this.list.push(text) - 1;
  }
}

function flat(element: XmlElementSource): XmlElementSource[] {
  return [element, ...(element.children ?? []).flatMap(flat)];
}

function nodesOf(element: XmlElementSource, strings: Strings): Buffer[] {
  const { name, attributes = [], children = [] } = element;
  const index = strings.indexOf(name);
  const head = u32(NONE, index);
  const counts = u16(20, 20, attributes.length, 0, 0, 0);
  const values = attributes.map((attribute) => attributeOf(attribute, strings));
  return [
    node(0x0102, head, counts, ...values),
    ...children.flatMap((child) => nodesOf(child, strings)),
    node(0x0103, u32(NONE, index)),
  ];
}

function attributeOf({ name, id, value }: XmlAttributeSource, strings: Strings): Buffer {
  const index = strings.indexOf(name, id);
  const text = typeof value === 'string' ? strings.indexOf(value) : NONE;
  const [type, data] = typedValue(value, text);
  return Buffer.concat([u32(NONE, index, text), u16(8), Buffer.from([0, type]), u32(data)]);
}

function typedValue(
  value: XmlAttributeSource['value'],
  text: number,
): readonly [type: number, data: number] {
  if (typeof value === 'string') return [0x03, text];
  if (typeof value === 'number') return [0x10, value];
  if (typeof value === 'boolean') return [0x12, value ? NONE : 0];
  return [0x01, value.reference];
}

function node(type: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat([u32(1, NONE), ...content]);
  return Buffer.concat([headerOf(type, 16, body.length), body]);
}

function poolOf(list: readonly string[], utf8: boolean): Buffer {
  const offsets: number[] = [];
  let data = Buffer.alloc(0);
  for (const text of list) {
    offsets.push(data.length);
    data = Buffer.concat([data, utf8 ? utf8Of(text) : utf16Of(text)]);
  }
  const padded = Buffer.concat([data, Buffer.alloc((4 - (data.length % 4)) % 4)]);
  const start = 28 + offsets.length * 4;
  const head = u32(list.length, 0, utf8 ? 0x100 : 0, start, 0);
  const body = Buffer.concat([head, u32(...offsets), padded]);
  return Buffer.concat([headerOf(0x0001, 28, body.length), body]);
}

function utf8Of(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([length8(text.length), length8(bytes.length), bytes, Buffer.from([0])]);
}

function length8(length: number): Buffer {
  return Buffer.from(length < 0x80 ? [length] : [0x80 | (length >> 8), length & 0xff]);
}

function utf16Of(text: string): Buffer {
  const length =
    text.length < 0x8000
      ? u16(text.length)
      : u16(0x8000 | (text.length >> 16), text.length & 0xffff);
  return Buffer.concat([length, Buffer.from(text, 'utf16le'), u16(0)]);
}

function mapOf(ids: readonly number[]): Buffer {
  return Buffer.concat([headerOf(0x0180, 8, ids.length * 4), u32(...ids)]);
}

function headerOf(type: number, headerBytes: number, bodyBytes: number): Buffer {
  return Buffer.concat([u16(type, headerBytes), u32(8 + bodyBytes)]);
}

function u16(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  values.forEach((value, at) => bytes.writeUInt16LE(value, at * 2));
  return bytes;
}

function u32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, at) => bytes.writeUInt32LE(value >>> 0, at * 4));
  return bytes;
}
