import { createTheme } from '@mantine/core';
import type { CSSVariablesResolver, MantineColorsTuple } from '@mantine/core';

/** Fired clay: the door of the mark. */
const CLAY: MantineColorsTuple = [
  '#fdf1e9',
  '#f8dfd0',
  '#f4c3a4',
  '#f2ab81',
  '#f0955f',
  '#d9703a',
  '#bd5522',
  '#a34516',
  '#8a3810',
  '#702c0a',
];

/** Greys with some earth in them, from ink on paper to a lamp in a cellar. */
const EARTH: MantineColorsTuple = [
  '#f6f2ea',
  '#f1eadd',
  '#e4dccd',
  '#cfc4b1',
  '#8f8270',
  '#7c7060',
  '#665b4d',
  '#4c443a',
  '#3a342d',
  '#2a241d',
];

const NIGHT: MantineColorsTuple = [
  '#ece5da',
  '#d3c9bb',
  '#b3a797',
  '#8f8476',
  '#82776a',
  '#3a342d',
  '#2b2621',
  '#231f1b',
  '#191613',
  '#12100e',
];

export const theme = createTheme({
  colors: { clay: CLAY, gray: EARTH, dark: NIGHT },
  primaryColor: 'clay',
  primaryShade: { light: 7, dark: 4 },
  autoContrast: true,
  black: '#2a241d',
  white: '#fffdf9',
  fontFamily: 'system-ui, sans-serif',
  fontFamilyMonospace: 'ui-monospace, monospace',
  headings: {
    fontFamily:
      "'Iowan Old Style', 'Palatino Linotype', Palatino, 'URW Palladio L', ui-serif, serif",
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.75rem', lineHeight: '1.2' },
      h2: { fontSize: '1.25rem', lineHeight: '1.3' },
      h3: { fontSize: '1rem', lineHeight: '1.4' },
    },
  },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // A finger hits 44 pixels.
    Button: { defaultProps: { size: 'md', variant: 'filled' } },
    TextInput: { defaultProps: { size: 'md' } },
    PasswordInput: { defaultProps: { size: 'md' } },
    NativeSelect: { defaultProps: { size: 'md' } },
    Radio: { defaultProps: { size: 'md' } },
  },
});

/** Where Mantine's own choice has too little contrast on these grounds. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#fffdf9',
    '--mantine-color-text': '#2a241d',
    '--mantine-color-dimmed': '#665b4d',
    '--mantine-color-placeholder': '#766a5a',
    '--mantine-color-error': '#a8182a',
    '--mantine-color-default-border': '#8f8270',
    '--mantine-color-anchor': '#a34516',
    '--ground': '#f6f2ea',
    '--hair': '#e4dccd',
    '--well': '#f1eadd',
  },
  dark: {
    '--mantine-color-body': '#231f1b',
    '--mantine-color-text': '#ece5da',
    '--mantine-color-dimmed': '#b3a797',
    '--mantine-color-placeholder': '#a3978a',
    '--mantine-color-error': '#ff9a94',
    '--mantine-color-default': '#231f1b',
    '--mantine-color-default-border': '#82776a',
    '--mantine-color-anchor': '#f0955f',
    '--ground': '#191613',
    '--hair': '#3a342d',
    '--well': '#171411',
  },
});
