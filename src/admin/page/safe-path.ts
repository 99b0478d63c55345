const OWN = 'http://own.invalid';

/** A path of this server to go on to; anything else, such as the URL of another host, becomes `/`. */
export function safePath(path: string | undefined): string {
  if (!path?.startsWith('/') || !URL.canParse(path, OWN)) return '/';
  const { origin, pathname, search } = new URL(path, OWN);
  return origin === OWN && !pathname.startsWith('//') ? `${pathname}${search}` : '/';
}
