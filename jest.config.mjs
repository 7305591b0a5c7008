// Tests run from what `tsc -b` wrote: one compiler, and a type error fails the run before any test does.
export default {
  testEnvironment: 'node',
  transform: {},
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/migrations', '<rootDir>/test'],
  // Many specs run beside each other on small machines.
  testTimeout: 60_000,
  testMatch: ['**/dist/**/*.spec.js'],
  modulePathIgnorePatterns: ['<rootDir>/.runtime'],
};
