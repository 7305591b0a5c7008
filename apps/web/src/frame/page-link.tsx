import { Anchor, Button } from '@mantine/core';
import { createLink } from '@tanstack/react-router';

/** Links to pages of this page's own, in the look of Mantine. */
export const PageLink = createLink(Anchor<'a'>);
export const PageButton = createLink(Button<'a'>);
