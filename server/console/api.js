/* The two servers behind this page: the control API, and Rekognition itself. */

let token = null, asking = null
let credentials = null // what the user gave; else the account, and any secret

/* ---- the control API ---- */

/* The token of --control-token stays in memory, and is asked for once, whoever needs it. */
function askForToken() {
  asking ??= import('./dom.js').then(({ ask }) => new Promise(over => {
    const dialog = ask('The control API asks for its token', { action: 'Use it',
      fields: [{ name: 'token', label: 'Token of --control-token', type: 'password', required: true }] }, values => { token = values.token })
    dialog.addEventListener('close', () => {
      asking = null
      over()
    })
  }))
  return asking
}

export class Refusal extends Error {
  constructor(status, code, message, reason) {
    super(message)
    Object.assign(this, { status, code, reason })
  }
}

const unreachable = () => new Refusal(0, 'No answer', 'The server does not answer.')

/* The answer of fetch(), whatever its status. */
export async function send(method, path, { body, headers, signal } = {}) {
  for (;;) {
    const sent = token
    const answer = await fetch('/_local' + path, { method, body, signal,
      headers: { ...headers, ...(sent && { Authorization: 'Bearer ' + sent }) } })
    if (answer.status !== 401) return answer
    if (sent === token) await askForToken()
    if (sent === token) return answer
  }
}

async function refusalOf(answer) {
  let json = {}
  try { json = await answer.json() } catch { /* it has no body that says why */ }
  return new Refusal(answer.status, json.error?.code ?? 'Status ' + answer.status, json.error?.message ?? '')
}

export async function control(method, path, body) {
  const json = body !== undefined && !(body instanceof Blob)
  let answer
  try {
    answer = await send(method, path, { body: json ? JSON.stringify(body) : body,
      headers: { 'Content-Type': json || body === undefined ? 'application/json' : 'application/vnd.sqlite3' } })
  } catch {
    throw unreachable()
  }
  if (!answer.ok) throw await refusalOf(answer)
  return answer.json()
}

export async function bytes(path) {
  const answer = await send('GET', path)
  if (!answer.ok) throw await refusalOf(answer)
  return answer.blob()
}

export const query = named => {
  const given = Object.entries(named).filter(([, value]) => value !== undefined && value !== null && value !== '')
  return given.length ? '?' + new URLSearchParams(given) : ''
}

export const base64Of = async file => btoa(Array.from(new Uint8Array(await file.arrayBuffer()), byte => String.fromCharCode(byte)).join(''))

/* ---- Rekognition ---- */

const text = new TextEncoder()
const hex = buffer => [...new Uint8Array(buffer)].map(byte => byte.toString(16).padStart(2, '0')).join('')
const digest = async data => hex(await crypto.subtle.digest('SHA-256', text.encode(data)))

async function mac(key, data) {
  const made = await crypto.subtle.importKey('raw', typeof key === 'string' ? text.encode(key) : key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return crypto.subtle.sign('HMAC', made, text.encode(data))
}

/* Signature Version 4; without a secure context nobody can sign, and where nobody checks nobody needs to. */
async function sign(headers, body, { key, secret, region }) {
  const scope = [headers['X-Amz-Date'].slice(0, 8), region, 'rekognition', 'aws4_request']
  const all = Object.entries({ ...headers, host: location.host }).map(([name, value]) => [name.toLowerCase(), value]).sort(([a], [b]) => a < b ? -1 : 1)
  const names = all.map(([name]) => name).join(';')
  let signature = '0'.repeat(64)
  if (crypto.subtle) {
    const request = ['POST', '/', '', ...all.map(([name, value]) => `${name}:${value}`), '', names, await digest(body)].join('\n')
    let signing = 'AWS4' + secret
    for (const part of scope) signing = await mac(signing, part)
    signature = hex(await mac(signing, ['AWS4-HMAC-SHA256', headers['X-Amz-Date'], scope.join('/'), await digest(request)].join('\n')))
  }
  return `AWS4-HMAC-SHA256 Credential=${key}/${scope.join('/')}, SignedHeaders=${names}, Signature=${signature}`
}

export function useCredentials(given) {
  credentials = given
}
export const credentialsInUse = () => credentials

/* A call of the API, in an account and a region. */
export async function rekognition(operation, input, { account, region }) {
  const body = JSON.stringify(input)
  const headers = { 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': 'RekognitionService.' + operation,
    'X-Amz-Date': new Date().toISOString().replace(/[-:]|\.\d+/g, ''), ...(credentials?.session && { 'X-Amz-Security-Token': credentials.session }) }
  headers.Authorization = await sign(headers, body, { region, key: credentials?.key ?? account, secret: credentials?.secret ?? 'any' })
  let answer
  try {
    answer = await fetch('/', { method: 'POST', body, headers })
  } catch {
    throw unreachable()
  }
  const json = await answer.json().catch(() => ({}))
  if (answer.ok) return json
  const code = String(json.__type ?? json.error?.code ?? 'Status ' + answer.status).replace(/.*#/, '')
  throw new Refusal(answer.status, code, json.message ?? json.Message ?? json.error?.message ?? '',
    answer.headers.get('x-rekognition-local-reason'))
}

/* ---- what goes on ---- */

const pause = ms => new Promise(over => setTimeout(over, ms))

async function hear(answer, heard) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (let piece; !(piece = await reader.read()).done;) {
    const events = (rest + piece.value).split('\n\n')
    rest = events.pop()
    for (const one of events) heard(Object.fromEntries(one.split('\n').map(line => /^(\w*): ?(.*)$/.exec(line)?.slice(1) ?? ['', ''])))
  }
}

let hurry = () => {}
export const tryNow = () => hurry()

/*
 * Server-sent events, read by hand: EventSource sends no token. What was missed is told again from the last id on.
 * onState(true): it is heard again, and what is shown may be old; onState(false, seconds): it is lost.
 */
export async function listen(onEvent, onState) {
  let id = '', wait = 1
  for (;;) {
    try {
      const answer = await send('GET', '/events', { headers: id ? { 'Last-Event-ID': id } : {} })
      if (answer.ok) {
        wait = 1
        onState(true)
        await hear(answer, event => {
          id = event.id ?? id
          if (event.data) onEvent(event.event, JSON.parse(event.data))
        })
      }
    } catch { /* it is tried again */ }
    onState(false, wait)
    await Promise.race([pause(wait * 1000), new Promise(now => { hurry = now })])
    wait = Math.min(wait * 2, 10)
  }
}
