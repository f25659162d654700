// A server of rekognition-local for tests, and accounts on it that do not see each other.
import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

// Where the program is: what REKOGNITION_LOCAL says, that of this package, or one on the path.
export function program() {
  if (process.env.REKOGNITION_LOCAL) return process.env.REKOGNITION_LOCAL
  const inside = fileURLToPath(new URL(`program/${process.arch}/rekognition-local`, import.meta.url))
  return existsSync(inside) ? inside : 'rekognition-local'
}

// What the control API refused: `status`, `code` and the message are its own.
export class Refused extends Error {
  constructor(status, code, message) {
    super(`${status} ${code}: ${message}`)
    this.name = 'Refused'
    this.status = status
    this.code = code
  }
}

// Models were left starting, running or stopping, which would cost money at AWS.
export class LeftOn extends Error {
  constructor(arns) {
    super(`left on, which would cost money: ${arns.join(', ')}`)
    this.name = 'LeftOn'
    this.arns = arns
  }
}

async function control(url, method, path, body, query) {
  const search = new URLSearchParams(query).toString()
  const answer = await fetch(`${url}/_local${path}${search && '?'}${search}`, {
    method, body: body === undefined ? undefined : JSON.stringify(body),
  })
  const text = await answer.text()
  const json = text === '' ? undefined : JSON.parse(text)
  if (!answer.ok) throw new Refused(answer.status, json?.error?.code, json?.error?.message)
  return json
}

// An account of a server: its world is its own, and so is its time once it was moved.
export class Account {
  constructor(url, id, region = 'us-east-1') {
    this.url = url
    this.id = id
    this.region = region
  }

  // What a client of the SDK is made with.
  config() {
    return { endpoint: this.url, region: this.region, credentials: { accessKeyId: this.id, secretAccessKey: 'any' } }
  }

  // The control API, of this account: control('POST', '/clock/advance', { by: '10m' })
  control(method, path, body, query) {
    return control(this.url, method, path, body, { account: this.id, ...query })
  }

  // Stops the account's time, until it is advanced; that of others goes on.
  async freeze() {
    await this.control('PUT', '/clock', { mode: 'frozen' })
  }

  // Moves the account's time, by '30m' or { until: 'settled' }; resolves to what was due on the way.
  async advance(by) {
    return (await this.control('POST', '/clock/advance', typeof by === 'string' ? { by } : by)).fired
  }

  async leftOn() {
    return (await this.control('GET', '/usage')).on.map(({ arn }) => arn)
  }

  // Empties the account. Rejects with LeftOn when something was on.
  async close() {
    const left = await this.leftOn()
    await this.control('POST', '/reset', undefined, { everything: '1' })
    if (left.length > 0) throw new LeftOn(left)
  }
}

export class Server {
  #process

  constructor(url, child) {
    this.url = url
    this.#process = child
  }

  // An account of twelve digits that nobody else has, or that one.
  account(id = String(randomInt(1, 2 ** 40)).padStart(12, '0').slice(-12), region) {
    return new Account(this.url, id, region)
  }

  // The control API, of the whole server: control('GET', '/health')
  control(method, path, body, query) {
    return control(this.url, method, path, body, query)
  }

  // Ends the server, if it was started here.
  async stop() {
    const child = this.#process
    this.#process = undefined
    if (!child) return
    if (child.exitCode === null && child.signalCode === null) {
      child.kill()
      await once(child, 'exit')
    }
    if (child.exitCode !== 0) throw new Error(`rekognition-local ended with ${child.exitCode ?? child.signalCode}`)
  }
}

// A server on a free port, which keeps nothing and is instant unless its options say otherwise.
export async function start({ options = [], environment = {} } = {}) {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('REKOGNITION_LOCAL')))
  const child = spawn(program(), ['--port', '0', '--db', ':memory:', '--profile', 'instant', '--log', 'off', ...options],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...clean, ...environment } })
  const lines = createInterface(child.stdout)
  const ended = new AbortController()
  try {
    const [ready] = await Promise.race([
      once(lines, 'line', { signal: ended.signal }),
      once(child, 'exit', { signal: ended.signal }).then(([status, signal]) => {
        throw new Error(`${child.spawnfile} ended with ${status ?? signal}, and has said why`)
      }),
    ])
    return new Server(ready.split(' ready on ')[1], child)
  } finally {
    ended.abort()
    lines.close()
  }
}

// A server that runs already, of `rekognition-local exec` or of somebody else; stop() leaves it.
export function connect(url = process.env.REKOGNITION_LOCAL_URL) {
  return new Server(url.replace(/\/$/, ''))
}

// What the hooks of test runners share: a server for a file, an account for a test.
export function hooks({ beforeAll, afterAll, beforeEach, afterEach }, settings) {
  const local = {}
  beforeAll(async () => { local.server = process.env.REKOGNITION_LOCAL_URL ? connect() : await start(settings) })
  beforeEach(async () => {
    local.account = local.server.account()
    await local.account.control('PUT', '/clock', { mode: 'real' })
  })
  afterEach(() => local.account.close())
  afterAll(() => local.server.stop())
  return local
}
