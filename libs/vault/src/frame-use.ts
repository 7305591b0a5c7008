/** What is done with a chunk frame: seal it; nothing; check that the bytes are those of its id, as they are stored already. */
export const FRAME = { seal: 0, leaveOut: 1, checkOnly: 2 } as const;
