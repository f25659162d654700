/* What the server was last heard to say of the world, and who wants to know when that changes. */
import { control, query } from './api.js'

export const world = {
  ready: false,
  trouble: null,
  accounts: {}, // as GET /_local/state?brief=1 has them
  resources: [], // each: kind, arn, name, account, region, status, pending, parent, of (what the state has)
  byArn: new Map(),
  clocks: new Map(), // by account; '' is the world's
  usage: null,
  lifecycles: new Map(), // by kind
  images: [],
  breakpoints: [],
  calls: [], // the newest calls in brief, newest first
  callCount: 0,
}

export const CALLS_KEPT = 400
const CLOCKS_ASKED = 40

const listeners = new Set()
const callListeners = new Set()
export const onWorld = listener => (listeners.add(listener), () => listeners.delete(listener))
export const onCall = listener => (callListeners.add(listener), () => callListeners.delete(listener))

function tell() {
  for (const listener of listeners) listener()
}

/* ---- ARNs ---- */

const partition = region => region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
export const arnIn = (account, region, rest) => `arn:${partition(region)}:rekognition:${region}:${account}:${rest}`

export function readArn(arn) {
  const [, , , region, account, ...rest] = String(arn).split(':')
  return { region, account, rest: rest.join(':') }
}

export const scopeOf = arn => {
  const { account, region } = readArn(arn)
  return { account, region }
}

/* ---- the state ---- */

function list(accounts) {
  const found = []
  const add = (kind, account, region, arn, name, of, parent) => found.push({ kind, arn, name, account, region, parent, of, status: of.status ?? 'ACTIVE', pending: of.pending })
  for (const [account, regions] of Object.entries(accounts)) for (const [region, has] of Object.entries(regions)) {
    for (const project of has.projects ?? []) {
      add('project', account, region, project.arn, project.name, project)
      for (const dataset of project.datasets ?? []) add('dataset', account, region, dataset.arn, dataset.type.toLowerCase(), dataset, project)
      for (const version of project.versions ?? [])
        add(project.feature === 'CONTENT_MODERATION' ? 'adapter' : 'project_version', account, region, version.arn, version.name, version, project)
    }
    for (const one of has.collections ?? []) {
      add('collection', account, region, arnIn(account, region, 'collection/' + one.id), one.id, one)
      for (const user of one.users ?? []) add('user', account, region, arnIn(account, region, `local/collection/${one.id}/user/${user.id}`), user.id, user, one)
    }
    for (const one of has.videoJobs ?? []) add('video_job', account, region, arnIn(account, region, 'local/video-job/' + one.jobId), one.jobId, one)
    for (const one of has.streamProcessors ?? [])
      add(one.request?.Settings?.ConnectedHome ? 'home_processor' : 'stream_processor', account, region, arnIn(account, region, 'streamprocessor/' + one.name), one.name, one)
    for (const one of has.sessions ?? []) add('liveness', account, region, arnIn(account, region, 'session/' + one.sessionId), one.sessionId, one)
  }
  return found
}

function takeClock(account, clock) {
  world.clocks.set(account, { ...clock, nowMs: Date.parse(clock.now), asked: performance.now() })
}

async function readClocks() {
  takeClock('', await control('GET', '/clock'))
  const accounts = Object.keys(world.accounts).slice(0, CLOCKS_ASKED)
  const answers = await Promise.all(accounts.map(account => control('GET', '/clock' + query({ account }))))
  for (const account of world.clocks.keys()) if (account) world.clocks.delete(account)
  answers.forEach((clock, i) => clock.own && takeClock(accounts[i], clock))
}

async function readAll() {
  const [state, usage, breakpoints] = await Promise.all([control('GET', '/state?brief=1'), control('GET', '/usage'), control('GET', '/breakpoints')])
  world.accounts = state.accounts
  world.images = state.images ?? []
  world.usage = usage
  world.breakpoints = breakpoints.breakpoints
  world.resources = list(state.accounts)
  world.byArn = new Map(world.resources.map(one => [one.arn, one]))
  await readClocks()
  if (!world.lifecycles.size)
    for (const one of (await control('GET', '/lifecycles')).lifecycles) world.lifecycles.set(one.kind, one)
}

let reading = null, stale = false

async function readUntilFresh() {
  while (stale) {
    stale = false
    const begun = performance.now()
    try {
      await readAll()
      world.ready = true
      world.trouble = null
    } catch (error) {
      world.trouble = error
    }
    tell()
    if (stale) await new Promise(over => setTimeout(over, 60 + 3 * (performance.now() - begun)))
  }
  reading = null
}

/* One at a time, and never most of the time: a large world takes a while to be told. */
export function refresh() {
  stale = true
  reading ??= readUntilFresh()
  return reading
}

/* ---- clocks ---- */

/* The clock that an account follows. */
export const clockOf = account => world.clocks.get(account ?? '') ?? world.clocks.get('')

export function worldNow(account) {
  const clock = clockOf(account)
  if (!clock) return Date.now()
  return clock.nowMs + (clock.mode === 'real' ? (performance.now() - clock.asked) * clock.scale : 0)
}

/* ---- calls ---- */

export async function readCalls() {
  const [{ requests }, { count }] = await Promise.all([
    control('GET', '/requests' + query({ before: 1e15, limit: CALLS_KEPT, brief: 1 })), control('GET', '/requests/count')])
  world.calls = requests
  world.callCount = count
  for (const listener of callListeners) listener(null)
  tell()
}

let heardCalls = [], telling = false

function tellCalls() {
  telling = false
  const calls = heardCalls.reverse()
  heardCalls = []
  world.calls = [...calls, ...world.calls].slice(0, CALLS_KEPT)
  world.callCount += calls.length
  for (const listener of callListeners) listener(calls)
  tell()
}

/* Of many in a short time they are told together. */
export function hearCall(call) {
  if (call.id <= (heardCalls.at(-1)?.id ?? world.calls[0]?.id ?? 0)) return
  heardCalls.push(call)
  if (telling) return
  telling = true
  setTimeout(tellCalls, 150)
}

/* ---- what there is to ask ---- */

export const kindWords = { project: 'Project', dataset: 'Dataset', project_version: 'Model', adapter: 'Adapter', collection: 'Collection', user: 'User',
  video_job: 'Video job', stream_processor: 'Stream processor', home_processor: 'Stream processor', liveness: 'Liveness session' }

/* What the lifecycle has for a status: the rows that lead out of it. */
export const movesFrom = (kind, status) => (world.lifecycles.get(kind)?.transitions ?? []).filter(row => row.from === status)
export const accepts = (one, event) => movesFrom(one.kind, one.status).some(row => row.event === event)
export const stepOf = (kind, status) => world.lifecycles.get(kind)?.steps.find(row => row.status === status)

const inScope = (one, scope) => (!scope.account || one.account === scope.account) && (!scope.region || one.region === scope.region)
export const ofKinds = (kinds, scope) => world.resources.filter(one => kinds.includes(one.kind) && inScope(one, scope))

/* What will happen by itself, soonest first. */
export const upcoming = scope => world.resources.filter(one => one.pending && inScope(one, scope))
  .map(one => ({ one, due: one.pending.dueAt && !one.pending.breakpoint ? Date.parse(one.pending.dueAt) : Infinity }))
  .sort((a, b) => (a.due - worldNow(a.one.account)) - (b.due - worldNow(b.one.account)))
