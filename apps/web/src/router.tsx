import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  redirect,
} from '@tanstack/react-router';
import { AccountPage } from './features/account/account-page.js';
import { ApprovePage } from './features/approve/approve-page.js';
import { HomePage } from './features/home/home-page.js';
import { InvitationPage } from './features/invitation/invitation-page.js';
import { meQuery, methodsQuery } from './features/sign-in/queries.js';
import { SetUpPage } from './features/setup/setup-page.js';
import { SignInPage } from './features/sign-in/sign-in-page.js';
import { OfSomebody } from './frame/of-somebody.js';
import { BrokenPage, MissingPage, WaitingPage } from './frame/other-pages.js';
import { Frame } from './frame/frame.js';
import { localPath } from './lib/local-path.js';

interface RouterContext {
  readonly queryClient: QueryClient;
}

interface SignInSearch {
  /** A path of this service. */
  readonly returnTo?: string;
  /** Why a provider signed nobody in, by its code. */
  readonly problem?: string;
}

/** Every page knows whether the service is set up and who is signed in before it is drawn, so nothing jumps. */
const root = createRootRouteWithContext<RouterContext>()({
  component: Frame,
  notFoundComponent: MissingPage,
  loader: async ({ context: { queryClient } }) => {
    await Promise.all([
      queryClient.query({ ...methodsQuery, staleTime: 'static' }),
      queryClient.query({ ...meQuery, staleTime: 'static' }),
    ]);
  },
});

const home = createRoute({ getParentRoute: () => root, path: '/', component: HomePage });
const setUp = createRoute({ getParentRoute: () => root, path: '/setup', component: SetUpPage });
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  // What is not a path of our own is overwritten here: leaving it out would let the address through as it is.
  validateSearch: ({ returnTo, problem }: Readonly<Record<string, unknown>>): SignInSearch => ({
    returnTo: localPath(returnTo, window.location.origin),
    ...(typeof problem === 'string' ? { problem } : {}),
  }),
  component: SignInPage,
});
const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: InvitationPage,
});

/** Pages of somebody: whoever is not signed in comes back to them afterwards. A new page for members belongs below this. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  component: OfSomebody,
  beforeLoad: async ({ context: { queryClient }, location }) => {
    const me = await queryClient.query({ ...meQuery, staleTime: 'static' });
    if (me === null) throw redirect({ to: '/sign-in', search: { returnTo: location.pathname } });
  },
});
const approve = createRoute({
  getParentRoute: () => signedIn,
  path: '/approve',
  component: ApprovePage,
});
const account = createRoute({
  getParentRoute: () => signedIn,
  path: '/account',
  component: AccountPage,
});

const routes = root.addChildren([
  home,
  setUp,
  signIn,
  invitation,
  signedIn.addChildren([approve, account]),
]);

export function makeRouter(queryClient: QueryClient): AppRouter {
  return createRouter({
    routeTree: routes,
    context: { queryClient },
    defaultPendingComponent: WaitingPage,
    defaultErrorComponent: BrokenPage,
  });
}

type AppRouter = ReturnType<typeof createRouter<typeof routes>>;

declare module '@tanstack/react-router' {
  interface Register {
    router: AppRouter;
  }
}
