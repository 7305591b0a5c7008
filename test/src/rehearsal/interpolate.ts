export type Variables = Readonly<Record<string, string>>;

const VARIABLE = /\$(?:\$|\{(?<name>\w+)(?:(?<operator>:[-?])(?<word>[^}]*))?\})/g;

/**
 * Compose's `${NAME}`, `${NAME:-default}`, `${NAME:?what is wrong}` and `$$`; empty counts as unset for the latter two.
 * @throws Error with the words behind `:?`
 */
export function interpolate(text: string, variables: Variables): string {
  return text.replaceAll(VARIABLE, (found: string, ...rest: unknown[]) => {
    if (found === '$$') return '$';
    const { name, operator, word } = rest.at(-1) as Readonly<Record<string, string | undefined>>;
    const value = variables[name ?? ''] ?? '';
    if (value !== '' || operator === undefined) return value;
    if (operator === ':?') throw new Error(`${name ?? ''}: ${word ?? ''}`);
    return word ?? '';
  });
}
