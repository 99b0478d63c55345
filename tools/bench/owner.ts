/** The user who owns every upload of the benchmark. */
export const OWNER = '6ba7b810-9dad-41d1-80b4-00c04fd430c8';
