import { useState } from 'react';
import { refusalOf } from './refusal.js';

export interface Action {
  readonly running: boolean;
  readonly problem: string | undefined;
  readonly run: () => void;
}

/** Something a button does. One at a time; what goes wrong is kept in words. */
export function useAction(work: () => Promise<void>): Action {
  const [running, setRunning] = useState(false);
  const [problem, setProblem] = useState<string>();
  const run = async (): Promise<void> => {
    setRunning(true);
    setProblem(undefined);
    try {
      await work();
    } catch (error) {
      setProblem(refusalOf(error).problem);
    } finally {
      setRunning(false);
    }
  };
  return {
    running,
    problem,
    run: () => {
      if (!running) void run();
    },
  };
}
