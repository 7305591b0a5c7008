import { Anchor, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { meQuery } from '../features/sign-in/queries.js';
import { useSignOut } from '../features/sign-in/use-sign-out.js';
import { Mark } from '../look/mark.js';
import { PageLink } from './page-link.js';

/** What every page has around it. */
export function Frame(): ReactNode {
  return (
    <div className="frame">
      <header className="frame-bar">
        <Link to="/" className="frame-name">
          <Mark />
          Rootcellar
        </Link>
        <Person />
      </header>
      <main className="frame-main">
        <Outlet />
      </main>
      <footer className="frame-foot">
        <Anchor href="/api/docs" c="dimmed" size="sm">
          HTTP API
        </Anchor>
        <Anchor href="/health/ready" c="dimmed" size="sm">
          Health
        </Anchor>
      </footer>
    </div>
  );
}

function Person(): ReactNode {
  const { data: me } = useQuery(meQuery);
  const signOut = useSignOut();
  if (me === null || me === undefined) return null;
  return (
    <nav className="frame-person" aria-label="You">
      <PageLink to="/account">{me.name}</PageLink>
      <Button variant="subtle" size="compact-md" h="2.75rem" onClick={() => void signOut()}>
        Sign out
      </Button>
    </nav>
  );
}
