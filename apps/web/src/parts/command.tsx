import { Button } from '@mantine/core';
import { useRef, useState } from 'react';
import type { ReactNode } from 'react';

interface CommandProps {
  /** What it is, for people who hear the page: "the sign-in command". */
  readonly name: string;
  /** What is copied. */
  readonly text: string;
  /** A part to be replaced by hand; shown, not copied. */
  readonly toFillIn?: string;
}

/** A line for a terminal, with a button that copies it. */
export function Command({ name, text, toFillIn }: CommandProps): ReactNode {
  const code = useRef<HTMLSpanElement>(null);
  const [said, setSaid] = useState('');
  const copy = async (): Promise<void> => {
    setSaid(await copyText(text, code.current));
  };
  return (
    <div className="command">
      <code>
        <span ref={code}>{inWords(text)}</span>
        {toFillIn !== undefined && <var> {toFillIn}</var>}
      </code>
      <Button
        variant="default"
        miw="6.5rem"
        aria-label={`Copy ${name}`}
        onClick={() => void copy()}
      >
        {said === '' ? 'Copy' : said}
      </Button>
      <span className="unseen" role="status">
        {said === 'Selected' ? 'Selected: copy it with the keyboard.' : said}
      </span>
    </div>
  );
}

/** Browsers give no clipboard to pages that come without TLS from another computer: then the text is selected. */
export async function copyText(text: string, shown: Node | null): Promise<'Copied' | 'Selected'> {
  try {
    await navigator.clipboard.writeText(text);
    return 'Copied';
  } catch {
    if (shown !== null) window.getSelection()?.selectAllChildren(shown);
    return 'Selected';
  }
}

function inWords(text: string): ReactNode[] {
  return text.split(' ').flatMap((word, index) => [
    index === 0 ? '' : ' ',
    word.startsWith('--') ? (
      <span key={word} className="word">
        {word}
      </span>
    ) : (
      word
    ),
  ]);
}
