// Takes what a link brought behind its # out of the address bar, so it comes before all else.
import './lib/link-secret.js';
import './look/mantine.css';
import './look/page.css';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { meQuery } from './features/sign-in/queries.js';
import { makeQueryClient } from './lib/query-client.js';
import { cssVariables, theme } from './look/theme.js';
import { makeRouter } from './router.js';

const queryClient = makeQueryClient((client) => client.setQueryData(meQuery.queryKey, null));
const router = makeRouter(queryClient);
const root = document.getElementById('root');
if (root === null) throw new Error('The document has no place for the page.');

createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={nonceOfDocument}
    >
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);

/** Mantine's style elements need it: the content security policy allows no others. */
function nonceOfDocument(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
}
