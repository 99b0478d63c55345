import { dirname } from 'node:path';

export const root = dirname(import.meta.dirname);
export const product = ['src', 'activities', 'workflows'];
export const routes = ['src/http', 'src/webhook', 'src/upload', 'src/admin', 'src/auth'];
export const filesOf = (place) => (place.endsWith('.ts') ? place : `${place}/**/*.{ts,tsx}`);
