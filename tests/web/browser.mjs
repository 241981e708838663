// Chromium with a WAV as its microphone, and what a student does in it.
import { AsyncLocalStorage } from 'node:async_hooks';
import { after, test as plainTest } from 'node:test';
import { chromium } from '../../app/web/node_modules/playwright-core/index.mjs';
import { patience } from './room.mjs';

const opened = new Set();
// A test that fails leaves its browser open, and with it the whole run would wait for ever.
after(() => Promise.all([...opened].map((browser) => browser.close())));

const tabsOf = new AsyncLocalStorage(); // of the test that runs

/** A test that tells what its pages showed when it failed, and leaves none of them open. */
export function test(name, ...rest) {
  const body = rest.pop();
  plainTest(name, ...rest, (t) => {
    const tabs = [];
    return tabsOf.run(tabs, async () => {
      try {
        await body(t);
      } catch (error) {
        const shown = await Promise.all(tabs.filter((tab) => !tab.isClosed()).map(showing));
        throw new Error([`${error.message}`, ...shown].join('\n'), { cause: error });
      } finally {
        await Promise.all(tabs.map((tab) => tab.context().close().catch(() => undefined)));
      }
    });
  });
}

async function showing(tab) {
  const words = await Promise.race([
    tab.evaluate(() => document.body.innerText.replace(/\s*\n\s*/g, ' / ')),
    new Promise((done) => setTimeout(done, 5000, '(it does not answer)')),
  ]).catch((error) => `(${error.message})`);
  return `the page at ${tab.url()} showed: ${words.slice(0, 3000)}${tab.faults.length > 0 ? `\n  and had: ${tab.faults.join('; ')}` : ''}`;
}

const executablePath = process.env.WOODSHED_CHROMIUM ?? '/usr/bin/chromium';

export async function open({ wav, microphone = 'granted' } = {}) {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
    '--disable-sync', '--use-fake-device-for-media-stream', '--autoplay-policy=no-user-gesture-required'];
  if (microphone === 'granted') args.push('--use-fake-ui-for-media-stream');
  if (microphone === 'absent') args.splice(args.indexOf('--use-fake-device-for-media-stream'), 1);
  if (wav) args.push(`--use-file-for-fake-audio-capture=${wav}`);
  const browser = await chromium.launch({ executablePath, headless: true, args });
  opened.add(browser);
  return browser;
}

/** A page that fails the test on an error of its own, on what it asks of elsewhere, and on a refused policy. */
export async function page(browser, room, { width = 1280, height = 800, scheme = 'light', reduced = false, microphone = 'granted' } = {}) {
  const context = await browser.newContext({
    viewport: { width, height }, colorScheme: scheme, reducedMotion: reduced ? 'reduce' : 'no-preference',
    ...(microphone === 'granted' ? { permissions: ['microphone'] } : {}),
  });
  const tab = await context.newPage();
  tabsOf.getStore()?.push(tab);
  tab.setDefaultTimeout(patience());
  tab.faults = [];
  tab.on('pageerror', (error) => tab.faults.push(`error: ${error.message}`));
  tab.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) tab.faults.push(message.text());
  });
  tab.on('request', (request) => {
    if (!request.url().startsWith(room.address) && !/^(data|blob):/.test(request.url())) tab.faults.push(`asks elsewhere: ${request.url()}`);
  });
  return tab;
}

export async function signIn(tab, room, slip) {
  await tab.goto(`${room.address}/`);
  await tab.getByLabel('Sign-in name').fill(slip.login);
  await tab.getByLabel('Password').fill(slip.password);
  await tab.getByRole('button', { name: 'Sign in' }).click();
  await tab.getByRole('navigation', { name: 'Places' }).waitFor();
}

export async function visit(tab, room, hash) {
  await tab.goto(`${room.address}/${hash}`);
}

/** The notes are drawn. */
export async function drawn(tab) {
  await tab.locator('.strip svg .notehead').first().waitFor();
}
