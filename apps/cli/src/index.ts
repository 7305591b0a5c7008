export { runProgram } from './program.js';
export type { World } from './context.js';
