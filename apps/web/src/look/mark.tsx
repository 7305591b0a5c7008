import type { ReactNode } from 'react';

/** A cellar's door with shelves behind it. */
export function Mark(): ReactNode {
  return (
    <svg className="mark" viewBox="0 0 32 32" aria-hidden="true">
      <path className="mark-door" d="M4 30V14a12 12 0 0 1 24 0v16z" />
      <path className="mark-shelves" d="M9 15h14M9 20h14M9 25h14" />
    </svg>
  );
}
