/* global AbortSignal, Option, TextEncoder, addEventListener, document, fetch, history, location */
// The first administrator, by the one-time token. The browser gets this file as it is.

const PASSWORD_MIN = 8;
const PASSWORD_MAX_BYTES = 1024;
const PATIENCE_MS = 60_000;
const FIELDS = [
  'setupToken',
  'household',
  'name',
  'email',
  'password',
  'passwordAgain',
  'timeZone',
];
const NO_ADDRESS = 'This is not an e-mail address. One looks like ada@example.org.';

const form = document.forms[0];
const sendButton = form.querySelector('button[type="submit"]');
const field = (name) => form.elements.namedItem(name);

/** From the link. It stays in this variable: shown nowhere, stored nowhere. */
let linkToken = '';

takeToken();
// The link pasted into the tab that shows this page already does not load it again.
addEventListener('hashchange', takeToken);
offerTimeZones();
form.addEventListener('input', ({ target }) => showFault(target.name, ''));
form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (!sendButton.disabled) void submit();
});

/** Browsers do not send what follows the #. Out of the address bar it does not stay in their history either. */
function takeToken() {
  const token = tokenIn(location.hash);
  if (token === '') return;
  history.replaceState(null, '', location.pathname);
  setLinkToken(token);
}

/** Without one the page asks for it. */
function setLinkToken(token) {
  linkToken = token;
  document.getElementById('token-field').hidden = token !== '';
}

/** Somebody may paste the whole link. */
function tokenIn(text) {
  return text.slice(text.indexOf('#') + 1).trim();
}

function offerTimeZones() {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone ?? 'UTC';
  const zones = new Set([own, 'UTC', ...(Intl.supportedValuesOf?.('timeZone') ?? [])]);
  for (const zone of [...zones].sort()) {
    field('timeZone').add(new Option(zone.replaceAll('_', ' '), zone, zone === own, zone === own));
  }
}

async function submit() {
  const request = {
    setupToken: linkToken || tokenIn(field('setupToken').value),
    household: field('household').value.trim(),
    name: field('name').value.trim(),
    email: field('email').value.trim(),
    password: field('password').value,
    timeZone: field('timeZone').value,
    computerName: 'set-up page',
  };
  const faults = faultsIn(request);
  if (Object.keys(faults).length === 0) {
    setSending(true);
    Object.assign(faults, await send(request));
    setSending(false);
  }
  showFaults(faults);
}

/** What the service would refuse, in words for people, by field. */
function faultsIn({ setupToken, household, name, email, password }) {
  if (code === 'PASSWORD_WEAK') return { password: said };
  const faults = {};
  if (setupToken === '') faults.setupToken = 'The token is missing.';
  if (household === '') faults.household = 'Give your household a name.';
  if (name === '') faults.name = 'Say what you are called.';
  if (email === '' || !field('email').validity.valid) faults.email = NO_ADDRESS;
  if (Array.from(password).length < PASSWORD_MIN) {
    faults.password = `A password has at least ${PASSWORD_MIN} characters.`;
  } else if (new TextEncoder().encode(password).length > PASSWORD_MAX_BYTES) {
    faults.password = `A password has at most ${PASSWORD_MAX_BYTES} bytes.`;
  } else if (field('passwordAgain').value !== password) {
    faults.passwordAgain = 'This is not the same password.';
  }
  return faults;
}

/** @returns what was refused, by field, or as a whole (`problem`); nothing when there is nothing more to do */
async function send(request) {
  let response;
  try {
    response = await fetch('/api/v1/setup', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
      signal: AbortSignal.timeout?.(PATIENCE_MS),
    });
  } catch {
    return {
      problem:
        'No answer came. Look whether Rootcellar still runs, then try again. If it was set up before the answer got lost, this page will say so.',
    };
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok && answer.code !== 'SETUP_DONE') return refusal(response.status, answer);
  if (response.ok) endSignIn(answer.token);
  finish(response.ok ? 'created' : 'done', request);
  return {};
}

/** Problem details; validation names the property each sentence is about. */
function refusal(status, { code, detail, hint = '', requestId }) {
  const said = [detail ?? `The answer was ${status} and no more.`, hint].join(' ').trim();
  if (code === 'SETUP_TOKEN_WRONG') {
    setLinkToken('');
    return { setupToken: said };
  }
  const faults = {};
  for (const sentence of code === 'INPUT_INVALID' ? said.split('; ') : []) {
    const name = FIELDS.find((each) => sentence.startsWith(`${each} `));
    if (name !== undefined) faults[name] = name === 'email' ? NO_ADDRESS : sentence;
    else if (/password/i.test(sentence)) faults.password = sentence;
  }
  if (Object.keys(faults).length > 0) return faults;
  const named = code === undefined ? said : `${said} [${code}]`;
  if (status < 500) return { problem: `Not set up. ${named}` };
  const inLog = requestId === undefined ? '' : ` In the log this is request ${requestId}.`;
  // A failure behind the point where it was done looks the same from here.
  return {
    problem: `${named} Try again: if it was set up all the same, this page says so.${inLog}`,
  };
}

function setSending(sending) {
  sendButton.disabled = sending;
  sendButton.textContent = sending ? 'Setting up …' : 'Set up';
  form.setAttribute('aria-busy', String(sending));
}

function showFaults(faults) {
  document.getElementById('problem').textContent = faults.problem ?? '';
  for (const name of FIELDS) showFault(name, faults[name] ?? '');
  const first = FIELDS.find((name) => name in faults);
  if (first !== undefined) field(first).focus();
  else if ('problem' in faults) sendButton.focus();
}

function showFault(name, text) {
  document.getElementById(`${name}-error`).textContent = text;
  if (text === '') field(name).removeAttribute('aria-invalid');
  else field(name).setAttribute('aria-invalid', 'true');
}

/** The set-up signs in, too. This page has no use for that, and nobody shall find a sign-in that nobody uses. */
function endSignIn(token) {
  const headers = { authorization: `Bearer ${token}` };
  // Should it fail, the token is gone with this page all the same.
  fetch('/api/v1/sessions/current', { method: 'DELETE', headers, keepalive: true }).catch(() => {});
}

function finish(state, { household, email }) {
  form.reset();
  setLinkToken('');
  fill('household', household);
  fill('email', quoted(email));
  document.body.dataset.state = state;
  const heading = document.querySelector(`h1[data-when="${state}"]`);
  document.title = heading.textContent;
  heading.focus();
}

function fill(what, text) {
  for (const place of document.querySelectorAll(`[data-fill="${what}"]`)) place.textContent = text;
}

/** For a shell. */
function quoted(text) {
  return /^[\w.@+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
