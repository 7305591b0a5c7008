import { Alert } from '@mantine/core';
import type { ReactNode } from 'react';

/** What went wrong with the whole; read out when it appears. Takes no room without text. */
export function Problem({ text }: { readonly text: string | undefined }): ReactNode {
  return (
    <div role="alert">
      {text !== undefined && (
        <Alert role="presentation" color="red" variant="outline" className="problem">
          {text}
        </Alert>
      )}
    </div>
  );
}
