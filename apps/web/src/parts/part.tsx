import { Title } from '@mantine/core';
import { useId } from 'react';
import type { ReactNode } from 'react';

interface PartProps {
  readonly title: string;
  readonly children: ReactNode;
}

/** A section of a page, under its heading. */
export function Part({ title, children }: PartProps): ReactNode {
  const id = useId();
  return (
    <section className="part" aria-labelledby={id}>
      <Title order={2} id={id} mb="sm">
        {title}
      </Title>
      {children}
    </section>
  );
}
