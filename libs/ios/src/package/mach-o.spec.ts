import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { machOStub } from '../testing/mach-o-stub.js';
import { mutate, mutations } from '../testing/mutate.js';
import { readMachO } from './mach-o.js';

const ALL = ['armv6', 'armv7', 'armv7s', 'arm64', 'arm64e', 'x86_64'] as const;

describe('reading the head of an executable', () => {
  it.each(ALL)('tells a thin one for %s', (architecture) => {
    const stub = machOStub({ architectures: [architecture] });

    expect(readMachO(stub)).toEqual({ architectures: [architecture], fairPlayEncrypted: false });
  });

  it('tells all slices of a fat one, and that FairPlay encrypts it', () => {
    const stub = machOStub({ architectures: ALL, encrypted: true });

    expect(readMachO(stub)).toEqual({ architectures: ALL, fairPlayEncrypted: true });
  });

  it('does not tell about encryption where the head ends before it', () => {
    const stub = machOStub({ architectures: ['armv7', 'arm64'], encrypted: true });

    expect(readMachO(stub.subarray(0, 100))).toEqual({
      architectures: ['armv7', 'arm64'],
      fairPlayEncrypted: undefined,
    });
    expect(readMachO(machOStub().subarray(0, 40)).fairPlayEncrypted).toBeUndefined();
  });

  it('tells nothing of what is no executable', () => {
    const javaClass = Buffer.from('cafebabe0000003d0000000000000000', 'hex');
    const endless = Buffer.from('cafebabeffffffff0000000000000000', 'hex');

    for (const bytes of [
      Buffer.alloc(0),
      Buffer.alloc(64),
      javaClass,
      endless,
      Buffer.from('#!/bin/sh\n...'),
    ])
      expect(readMachO(bytes)).toEqual({ architectures: [], fairPlayEncrypted: undefined });
  });

  it('is not held up by load commands that do not advance', () => {
    const stub = machOStub();
    stub.writeUInt32LE(0, 36);
    stub.writeUInt32LE(0xffffffff, 16);

    expect(readMachO(stub).fairPlayEncrypted).toBeUndefined();
  });

  it('names a processor it does not know by its number', () => {
    const stub = machOStub();
    stub.writeUInt32LE(99, 4);

    expect(readMachO(stub).architectures).toEqual(['cpu-99']);
  });

  it('never fails, whatever bytes are changed', () => {
    const stubs = [machOStub(), machOStub({ architectures: ALL })];

    fc.assert(
      fc.property(fc.constantFrom(...stubs), mutations, (stub, changes) => {
        readMachO(mutate(stub, changes));
      }),
    );
  });
});
