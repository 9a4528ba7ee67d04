// #region config
// shakedown.config.ts
import type { Config } from 'shakedown'

export const config: Config = { scripts: ['e2e'], timeout: '10m', workers: 4, retries: 1 }
// #endregion
