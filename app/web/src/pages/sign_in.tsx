// Sign-in, and the first run that makes the first teacher.
import { useState } from 'preact/hooks';
import { api } from '../api';
import type { Hello, Me } from '../api_types';
import { Button, Field, Message, useAsk } from '../parts/controls';
import { useTitle } from '../parts/frame';
import { say } from '../words';

function Trouble({ text }: { text: string }) {
  return text ? <Message tone="stop" live>{text}</Message> : null;
}

export function SignIn({ hello, onMe }: { hello: Hello; onMe: (me: Me) => void }) {
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const { busy, trouble, run } = useAsk();
  useTitle(say('sign_in'), null);
  return (
    <main class="page narrow" id="main">
      <p class="eyebrow">{hello.room ? say('room_named', { room: hello.room }) : say('product')}</p>
      <h1>{say('sign_in')}</h1>
      <p class="lead">{say('sign_in_lead')}</p>
      <form onSubmit={(e) => (e.preventDefault(), run(async () => onMe(await api.login(login.trim(), password))))}>
        <Field id="login" name={say('login_name')} value={login} onInput={setLogin} autocomplete="username" />
        <Field id="password" name={say('password')} value={password} onInput={setPassword} type="password" autocomplete="current-password" />
        <Trouble text={trouble} />
        <p class="row"><Button type="submit" kind="filled" disabled={busy}>{busy ? say('signing_in') : say('sign_in')}</Button></p>
      </form>
      <p class="caption">{say('sign_in_lost')}</p>
    </main>
  );
}

export function FirstRun({ hello, onMe }: { hello: Hello; onMe: (me: Me) => void }) {
  const [name, setName] = useState('');
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const { busy, trouble, run } = useAsk();
  useTitle(say('first_run'), null);
  const make = (): void =>
    run(async () => onMe(await api.firstRun({ name: name.trim(), login: login.trim(), password, ...(hello.needs_code ? { code: code.trim() } : {}) })));
  return (
    <main class="page narrow" id="main">
      <p class="eyebrow">{say('product')}</p>
      <h1>{say('first_run')}</h1>
      <p class="lead">{say('first_run_lead')}</p>
      <form onSubmit={(e) => (e.preventDefault(), make())}>
        <Field id="name" name={say('your_name')} value={name} onInput={setName} autocomplete="name" hint={say('your_name_hint')} />
        <Field id="login" name={say('login_name')} value={login} onInput={setLogin} autocomplete="username" hint={say('login_hint')} />
        <Field id="password" name={say('password')} value={password} onInput={setPassword} type="password" autocomplete="new-password"
          minLength={8} hint={say('password_hint')} />
        {hello.needs_code && <Field id="code" name={say('code')} value={code} onInput={setCode} hint={say('code_hint')} />}
        <Trouble text={trouble} />
        <p class="row"><Button type="submit" kind="filled" disabled={busy}>{say('first_run_make')}</Button></p>
      </form>
    </main>
  );
}
