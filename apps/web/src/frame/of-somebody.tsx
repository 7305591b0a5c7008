import { useSuspenseQuery } from '@tanstack/react-query';
import { Navigate, Outlet, useLocation } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { meQuery } from '../features/sign-in/queries.js';

/** Around pages of somebody: when the sign-in ends while one is open, whoever sits there signs in again and comes back. */
export function OfSomebody(): ReactNode {
  const { data: me } = useSuspenseQuery(meQuery);
  const { pathname } = useLocation();
  if (me === null) return <Navigate to="/sign-in" search={{ returnTo: pathname }} />;
  return <Outlet />;
}
