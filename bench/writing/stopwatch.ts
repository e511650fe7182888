/** Starts to measure this process; the function that it gives says what was used since. */
export function stopwatch(): () => { wallSeconds: number; cpuSeconds: number } {
  const began = performance.now();
  const used = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(used);
    return { wallSeconds: (performance.now() - began) / 1000, cpuSeconds: (user + system) / 1e6 };
  };
}
