import { Alert } from '@mantine/core';
import type { ReactNode } from 'react';

/** What went wrong with the whole; read out when it appears. Takes no room without text. */
export function Problem({ text }: { readonly text: string | undefined }): ReactNode {
  return (
    <div role="alert" className="alert-place">
      {text !== undefined && (
        <Alert role="presentation" color="red" variant="outline">
          {text}
        </Alert>
      )}
    </div>
  );
}
