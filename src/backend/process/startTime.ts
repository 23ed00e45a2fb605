/** When this process started, epoch milliseconds. */
export const ownStartTime = (): number => Math.round(Date.now() - process.uptime() * 1000);

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};
