import { describe, expect, it } from '@jest/globals';
import { buildPackage } from '../testing/build-package.js';
import { storeMetadata } from '../testing/store-metadata.js';
import type { PackageSpec } from '../testing/build-package.js';
import { findSeams } from './find-seams.js';
import { readerOfBytes } from '@rootcellar/zip';

async function pieces(spec: PackageSpec): Promise<Buffer[]> {
  const bytes = buildPackage(spec);
  const seams = await findSeams(readerOfBytes(bytes), { size: bytes.length });
  return [0, ...seams].map((from, n) => bytes.subarray(from, seams[n] ?? bytes.length));
}

const ASSETS = { name: 'Payload/Example.app/assets', content: Buffer.alloc(5_000, 'a') };

describe('where a package is best cut', () => {
  it('is around what is of one buyer, so that two buyers’ copies share the rest', async () => {
    const copy = (who: string): PackageSpec => ({
      metadata: storeMetadata({ appleId: `${who}@example.org` }),
      extra: [
        ASSETS,
        { name: 'Payload/Example.app/SC_Info/Example.sinf', content: `rights of ${who}` },
        { name: 'Payload/Example.app/more', content: 'more' },
      ],
    });

    const [ada, bob] = [await pieces(copy('ada')), await pieces(copy('someone-else'))];

    expect(ada.map((piece, n) => piece.equals(bob[n] ?? Buffer.alloc(0)))).toEqual([
      ...[true, false, true, false, true, false],
    ]);
  });

  it('is before the directory alone where nothing is of a buyer', async () => {
    const plain = await pieces({ extra: [ASSETS] });

    expect(plain).toHaveLength(2);
    expect(plain[1]?.readUInt32LE(0)).toBe(0x02014b50);
  });

  it('is in not too many places, whatever the package', async () => {
    const extra = Array.from({ length: 500 }, (_, n) => ({
      name: n % 2 === 0 ? `Payload/Example.app/${String(n)}` : `META-INF/${String(n)}`,
      content: 'x',
    }));

    expect((await pieces({ extra })).length).toBeLessThanOrEqual(65);
  });

  it('is refused where there is no zip', async () => {
    const bytes = Buffer.from('no zip at all');

    await expect(findSeams(readerOfBytes(bytes), { size: bytes.length })).rejects.toMatchObject({
      code: 'PACKAGE_NOT_ZIP',
    });
  });
});
