// The server's HTTP API. Every answer is data or a Refusal, whose text is a sentence for people.
import type { ActivityDone, Course, Devices, Drill, Hello, InstrumentRow, Me, Path, Settings, Take, TakeRow, Today, Track, Unit } from './api_types';
import { say } from './words';

export class Refusal extends Error {
  constructor(
    readonly code: string,
    text: string,
    readonly waitS: number,
  ) {
    super(text);
  }
}

let csrf = '';

/** The token that every change needs; it comes with `me`. */
export function useToken(me: Me | null): void {
  csrf = me ? me.csrf : '';
}

async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (method !== 'GET' && csrf) headers['X-Woodshed-Csrf'] = csrf;
  let answer: Response;
  try {
    answer = await fetch(path, {
      method,
      headers,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw new Refusal('offline', say('no_server'), 0);
  }
  let value: unknown;
  try {
    value = await answer.json();
  } catch {
    throw new Refusal('failed', say('odd_answer', { status: answer.status }), 0);
  }
  if (!answer.ok) {
    const error = (value as { error?: { code?: string; text?: string; wait_s?: number } }).error;
    throw new Refusal(error?.code ?? 'failed', error?.text ?? say('odd_answer', { status: answer.status }), error?.wait_s ?? 0);
  }
  return value as T;
}

function query(values: Record<string, string | number | undefined>): string {
  const q = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) if (value !== undefined) q.set(key, String(value));
  const text = q.toString();
  return text ? `?${text}` : '';
}

export const api = {
  hello: () => ask<Hello>('GET', '/api/hello'),
  firstRun: (body: { name: string; login: string; password: string; code?: string }) => ask<Me>('POST', '/api/first-run', body),
  login: (login: string, password: string) => ask<Me>('POST', '/api/login', { login, password }),
  logout: () => ask<unknown>('POST', '/api/logout'),
  me: () => ask<Me>('GET', '/api/me'),
  keep: (settings: Settings) => ask<Me>('PUT', '/api/me/settings', settings),
  devices: () => ask<Devices>('GET', '/api/devices'),
  instruments: () => ask<InstrumentRow[]>('GET', '/api/instruments'),
  courses: () => ask<Course[]>('GET', '/api/courses'),
  today: () => ask<Today>('GET', '/api/today'),
  path: (course?: string) => ask<Path>('GET', `/api/path${query({ course })}`),
  unit: (id: string) => ask<Unit>('GET', `/api/unit${query({ id })}`),
  drill: (id: string, seed?: number, level?: number) => ask<Drill>('GET', `/api/drill${query({ id, seed, level })}`),
  drillSound: (id: string, seed: number, level: number, tempo?: number) =>
    `/api/drill/sound${query({ id, seed, level, tempo })}`,
  takes: (drill?: string, limit = 20) => ask<{ takes: TakeRow[]; more: boolean }>('GET', `/api/takes${query({ drill, limit })}`),
  take: (id: string) => ask<Take>('GET', `/api/takes/${encodeURIComponent(id)}`),
  takeTrack: (id: string) => ask<Track>('GET', `/api/takes/${encodeURIComponent(id)}/track`),
  takeSound: (id: string) => `/api/takes/${encodeURIComponent(id)}/sound?as=wav`,
  takeModel: (id: string) => `/api/takes/${encodeURIComponent(id)}/model`,
  activities: (unit: string) => ask<ActivityDone[]>('GET', `/api/activities${query({ unit })}`),
  activityDone: (activity: string, answers: { ask: string; answer: string }[]) => ask<{ id: string }>('POST', '/api/activities', { activity, answers }),
};
