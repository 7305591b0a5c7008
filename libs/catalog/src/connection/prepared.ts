const names = new Map<string, string>();

/**
 * A statement that every upload runs again and again. It may be run by whatever runs statements: a connection that prepares knows it by
 * its text. What it answers must not change with the schema, so it names its columns.
 */
export function prepared(name: string, sql: string): string {
  names.set(sql, `rootcellar_${name}`);
  return sql;
}

export function nameOf(sql: string): string | undefined {
  return names.get(sql);
}
