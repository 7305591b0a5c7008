import { Anchor, Button } from '@mantine/core';
import type { AnchorProps, ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, ReactNode, RefObject } from 'react';

type LinkProps<Look> = Look &
  Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof Look> & {
    readonly ref?: RefObject<HTMLAnchorElement>;
  };

/** Links to pages of this page's own, in the look of Mantine. */
export const PageLink = createLink(function PageLink(props: LinkProps<AnchorProps>): ReactNode {
  return <Anchor {...props} />;
});

export const PageButton = createLink(function PageButton(props: LinkProps<ButtonProps>): ReactNode {
  return <Button component="a" {...props} />;
});
