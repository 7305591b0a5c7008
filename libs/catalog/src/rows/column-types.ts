import type { ColumnOptions, PrimaryColumnOptions, ValueTransformer } from 'typeorm';

/** PostgreSQL's `bigint` arrives as text; every size of ours is a safe integer. */
const bigintToNumber: ValueTransformer = {
  to: (value: unknown) => value,
  from: (value: unknown) => (typeof value === 'string' ? Number(value) : value),
};

export function id(primaryKeyConstraintName: string): PrimaryColumnOptions {
  return { type: 'uuid', name: 'id', primaryKeyConstraintName };
}

export function uuid(name: string, options: ColumnOptions = {}): ColumnOptions {
  return { type: 'uuid', name, ...options };
}

export function bigint(name: string, options: ColumnOptions = {}): ColumnOptions {
  return { type: 'bigint', name, transformer: bigintToNumber, ...options };
}

export function bytea(name: string, options: ColumnOptions = {}): ColumnOptions {
  return { type: 'bytea', name, ...options };
}

export function text(name: string, options: ColumnOptions = {}): ColumnOptions {
  return { type: 'text', name, ...options };
}

export function instant(name: string, options: ColumnOptions = {}): ColumnOptions {
  return { type: 'timestamptz', name, ...options };
}

export function jsonb(name: string): ColumnOptions {
  return { type: 'jsonb', name };
}

export const NOW: ColumnOptions = { default: () => 'now()' };
export const NULLABLE: ColumnOptions = { nullable: true };
