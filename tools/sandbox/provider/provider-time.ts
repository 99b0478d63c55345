/** `2026-02-11T09:30:05Z`: the provider's times are whole seconds. */
export const providerTime = (time = new Date()) => time.toISOString().replace(/\.\d+Z$/, 'Z');
