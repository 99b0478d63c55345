/** `2026-02-11 09:30:05` */
export const utcTime = (time: Date) => time.toISOString().slice(0, 19).replace('T', ' ');
