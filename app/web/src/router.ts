// Pages are told by the hash: #/practise?drill=...&seed=3. Nothing of it goes to the server.
import { useEffect, useState } from 'preact/hooks';

export interface Route {
  page: string;
  id: string;
  query: URLSearchParams;
}

function read(): Route {
  const [path = '', search = ''] = location.hash.replace(/^#\/?/, '').split('?');
  const [page = '', ...rest] = path.split('/');
  return { page: page || 'today', id: decodeURIComponent(rest.join('/')), query: new URLSearchParams(search) };
}

export function link(page: string, query: Record<string, string | number | undefined> = {}): string {
  const q = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) q.set(key, String(value));
  const text = q.toString();
  return `#/${page}${text ? `?${text}` : ''}`;
}

export function go(page: string, query: Record<string, string | number | undefined> = {}): void {
  location.hash = link(page, query);
}

export function useRoute(): Route {
  const [route, setRoute] = useState(read);
  useEffect(() => {
    const changed = (): void => setRoute(read());
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  return route;
}
