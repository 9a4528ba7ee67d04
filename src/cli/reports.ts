/** Writes the reports of a run into its folder, from its event log. */
export async function writeReports(_folder: string): Promise<void> {}
