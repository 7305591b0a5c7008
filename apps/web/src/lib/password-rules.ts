const MIN_CHARACTERS = 8;
const MAX_BYTES = 1024;

/** What the service would refuse of a new password before it looks at how easily it is guessed. */
export function passwordFaults(
  password: string,
  again: string,
): { password?: string; passwordAgain?: string } {
  if (Array.from(password).length < MIN_CHARACTERS) {
    return { password: `A password has at least ${MIN_CHARACTERS} characters.` };
  }
  if (new TextEncoder().encode(password).length > MAX_BYTES) {
    return { password: `A password has at most ${MAX_BYTES} bytes.` };
  }
  return again === password ? {} : { passwordAgain: 'This is not the same password.' };
}
