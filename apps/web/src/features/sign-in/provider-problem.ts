const WORDS: Readonly<Record<string, string>> = {
  PROVIDER_NOT_LINKED:
    'What the provider says of you is connected with no account here, so nobody was signed in. Sign in the way you did before, then connect the provider on your account page.',
  NOT_SIGNED_IN: 'Sign in first. Then connect the provider on your account page.',
};
const OTHERWISE =
  'Signing in with the provider did not work, and nobody was signed in. Try again, or sign in another way.';

/**
 * What to say to somebody who comes back from a provider without being signed in.
 * @param code of the address, so anybody may have made it up: what is not known is not shown
 */
export function providerProblem(code: string | undefined): string | undefined {
  if (code === undefined) return undefined;
  return Object.hasOwn(WORDS, code) ? WORDS[code] : OTHERWISE;
}
