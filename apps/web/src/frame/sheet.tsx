import { Title } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';

interface SheetProps {
  /** Heading of the page, and title of the window. */
  readonly title: string;
  readonly narrow?: boolean;
  readonly children: ReactNode;
}

/** The one sheet of paper a page is written on. When its heading changes it is read out. */
export function Sheet({ title, narrow = false, children }: SheetProps): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = title === 'Rootcellar' ? title : `${title} · Rootcellar`;
    // A field that asks for the focus keeps it.
    if (document.activeElement === null || document.activeElement === document.body)
      heading.current?.focus();
  }, [title]);
  return (
    <div className="sheet" data-narrow={narrow ? '' : undefined}>
      <Title order={1} ref={heading} tabIndex={-1} mb="md">
        {title}
      </Title>
      {children}
    </div>
  );
}
