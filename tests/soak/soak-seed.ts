/** The seed of a soak: `LAKEWRIGHT_SEED` repeats one. Every test prints it. */
export const soakSeed: number = Number(process.env.LAKEWRIGHT_SEED ?? Math.floor(Math.random() * 1e9))
