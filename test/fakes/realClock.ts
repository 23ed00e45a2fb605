import { SYSTEM_CLOCK } from '../../src/backend/clock.ts';

/** The machine's clock as the service has it; unlike the editor's, a pending delay keeps the process alive. */
export const realClock = SYSTEM_CLOCK;
