// The door of the pages: who is there, and which page.
import { render } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { api, Refusal, useToken } from './api';
import type { Hello, InstrumentRow, Me, PageSettings } from './api_types';
import { useKeys } from './keys';
import { Button, Dialog, Message } from './parts/controls';
import { type Person, PersonContext } from './person';
import { useRoute } from './router';
import { showTheme } from './theme';
import { say, type Word } from './words';
import { ActivityPage } from './pages/activity';
import { PathPage } from './pages/path';
import { PractisePage } from './pages/practise';
import { ResultPage } from './pages/result';
import { SettingsPage } from './pages/settings';
import { FirstRun, SignIn } from './pages/sign_in';
import { TodayPage } from './pages/today';
import { ToolsPage } from './pages/tools';
import { WorkPage } from './pages/work';

function App() {
  const [hello, setHello] = useState<Hello | null>(null);
  const [me, setMe] = useState<Me | null>(null);
  const [trouble, setTrouble] = useState('');
  const [round, setRound] = useState(0);
  const enter = (who: Me | null): void => {
    useToken(who);
    setMe(who);
  };
  useEffect(() => {
    setTrouble('');
    // both at once: who is there is known as soon as what the server is
    const who = api.me().catch((e: unknown) => {
      if (e instanceof Refusal && e.code === 'signed_out') return null;
      throw e;
    });
    Promise.all([api.hello(), who]).then(([h, somebody]) => {
      if (somebody) enter(somebody);
      setHello(h);
    }).catch((e: unknown) => setTrouble(e instanceof Error ? e.message : String(e)));
  }, [round]);
  if (trouble)
    return (
      <main class="page narrow" id="main">
        <h1>{say('product')}</h1>
        <Message tone="stop" live>{trouble}</Message>
        <p class="row"><Button kind="filled" onClick={() => setRound(round + 1)}>{say('again')}</Button></p>
      </main>
    );
  if (!hello) return <main class="page" id="main"><h1 class="only-heard">{say('product')}</h1><p class="waiting" role="status">{say('waiting')}</p></main>;
  if (!me) return hello.first_run ? <FirstRun hello={hello} onMe={(who) => (setHello({ ...hello, first_run: false }), enter(who))} /> : <SignIn hello={hello} onMe={enter} />;
  return <Inside me={me} onMe={enter} />;
}

function Inside({ me, onMe }: { me: Me; onMe: (me: Me | null) => void }) {
  const [instruments, setInstruments] = useState<InstrumentRow[]>([]);
  const [page, setPage] = useState<PageSettings>(me.settings.page ?? {});
  const [keysShown, setKeysShown] = useState(false);
  useEffect(() => {
    api.instruments().then(setInstruments, () => undefined); // a page that needs them asks for more and tells what is wrong
  }, []);
  useEffect(() => showTheme(page.theme), [page.theme]);
  useKeys({ '?': () => setKeysShown(true) }, page.keys !== false);
  const person = useMemo<Person>(() => ({
    me, instruments, page,
    keepPage(changes) {
      const now = { ...page, ...changes };
      setPage(now);
      api.keep({ ...me.settings, page: now }).then(onMe, () => undefined); // it holds on this page; the next change tries again
    },
    async keepInstrument(instrument) {
      onMe(await api.keep({ ...me.settings, page, instrument }));
    },
    signOut() {
      api.logout().then(() => onMe(null), () => onMe(null));
    },
  }), [me, instruments, page]);
  return (
    <PersonContext.Provider value={person}>
      <Page />
      <Dialog open={keysShown} title={say('keys')} onClose={() => setKeysShown(false)}>
        <dl class="keys">{keyRows.map(([key, word]) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{say(word)}</dd></div>)}</dl>
      </Dialog>
    </PersonContext.Provider>
  );
}

const keyRows: [string, Word][] = [
  ['Tab', 'key_tab'], ['Esc', 'key_esc'], ['?', 'key_help'], ['Space', 'key_space'], ['R', 'key_r'], ['C', 'key_c'], ['M', 'key_m'], ['L', 'key_l'],
  ['P', 'key_p'], ['− +', 'key_tempo'], ['K', 'key_k'], ['← →', 'key_arrows'],
];

function Page() {
  const route = useRoute();
  switch (route.page) {
    case 'path': return <PathPage course={route.query.get('course') ?? ''} />;
    case 'activity': return <ActivityPage id={route.query.get('id') ?? ''} unit={route.query.get('unit') ?? ''} />;
    case 'practise': return <PractisePage query={route.query} key={route.query.toString()} />;
    case 'result': return <ResultPage id={route.id} />;
    case 'tools': return <ToolsPage />;
    case 'work': return <WorkPage />;
    case 'settings': return <SettingsPage />;
    default: return <TodayPage />;
  }
}

const root = document.getElementById('app');
if (root) render(<App />, root);
