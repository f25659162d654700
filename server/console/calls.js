/* The journal: every call as it comes, what is looked for among them, and one of them opened. */
import { bdi, copy, failed, framed, h, soft } from './dom.js'
import { control, query } from './api.js'
import { evidence, facts, json, link, longList, section, titled } from './parts.js'
import { clockTime, count, moment, narrow } from './time.js'
import { CALLS_KEPT, onCall, world } from './world.js'
import { loaded, redraw } from './load.js'
import { snippets } from './snippets.js'

const PAGE = 200, NEWEST = 1e15

const reasonOf = call => {
  const why = call.explain
  if (!why?.rule) return ''
  return [(why.found ?? why.violations?.[0] ?? why.rule).replace(/arn:aws[\w-]*:rekognition:[^ :]*:\d+:([^ ]*)/g, '$1').replace(/(\/[^/ ]+)\/\d{13}\b/g, '$1'), why.limit && `${why.limit.setting} is ${why.limit.value}`].filter(Boolean).join('; ')
}

const outcome = call => h('span.outcome.' + (call.status === 200 ? 'good' : 'bad'), call.error ?? (call.status || 'no answer'))

/* ---- of others' pages ---- */

export const refusalLine = call => h('li', { 'data-key': call.id }, h('a', { href: link('calls', String(call.id)) }, h('b', call.operation ?? 'Unknown operation'), ' ', outcome(call)),
  h('p', bdi(reasonOf(call))), h('p.soft.small', h('time', { datetime: call.at }, moment(call.at)), ` · ${call.account} · ${call.region}`))

/* Which calls name what is looked at: the others leave its list as it is. */
let watched = null, touches = 0
onCall(calls => {
  if (!watched || !calls || calls.some(call => JSON.stringify([call.input, call.output])?.includes(watched))) touches++
})

export function callsOf(arn, name) {
  watched = name ?? arn
  const about = name ? { text: JSON.stringify(name) } : { arn }
  return titled('Calls', h('a', { href: '#/calls' + query(about) }, 'Open in the journal'), loaded('/requests' + query({ ...about, before: NEWEST, limit: 12, brief: 1 }),
    ({ requests }) => requests.length ? h('ul.lines', requests.map(call => h('li', { 'data-key': call.id }, h('time.soft', { datetime: call.at }, moment(call.at)), h('a', { href: link('calls', String(call.id)) }, call.operation ?? 'Unknown operation'), outcome(call),
      h('span.soft.reason', bdi(reasonOf(call)))))) : h('p.empty', 'No call has named it yet.'), touches))
}

/* ---- the list ---- */

let list = { key: null, items: [], next: null, total: 0, live: true, waiting: 0 }

/* The question of the address, to go on with. */
const asked = () => /\?.*|$/.exec(location.hash)[0]

const filterOf = args => Object.fromEntries(['operation', 'status', 'error', 'account', 'region', 'arn', 'text'].map(name => [name, args.get(name)]).filter(([, value]) => value))

async function begin(key, filter) {
  list = { key, filter, items: [], next: null, total: null, live: list.live, waiting: 0, error: null, asking: true }
  const mine = list
  try {
    const [{ requests, next }, counted] = await Promise.all([control('GET', '/requests' + query({ ...filter, before: NEWEST, limit: PAGE, brief: 1 })),
      control('GET', '/requests/count' + query(filter))])
    Object.assign(mine, { items: requests, next: next ?? null, total: counted.count })
  } catch (error) {
    mine.error = error
  }
  mine.asking = false
  redraw()
}

async function more() {
  const mine = list
  if (mine.next === null || mine.asking) return
  mine.asking = true
  try {
    const { requests, next } = await control('GET', '/requests' + query({ ...mine.filter, before: mine.next, limit: PAGE, brief: 1 }))
    mine.items = [...mine.items, ...requests]
    mine.next = next ?? null
  } catch (error) {
    failed(error)
  }
  mine.asking = false
  if (mine === list) redraw()
}

/* What came since, that fits: asked of the server, which knows what fits. */
async function newer() {
  const mine = list
  if (mine.key === null || mine.asking) return
  if (!mine.live) {
    mine.waiting++
    return
  }
  mine.asking = true
  try {
    const { requests } = await control('GET', '/requests' + query({ ...mine.filter, after: mine.items[0]?.id ?? 0, limit: CALLS_KEPT, brief: 1 }))
    mine.items = [...requests.reverse(), ...mine.items]
    mine.total += requests.length
  } catch { /* the connection is lost, which is said elsewhere */ }
  mine.asking = false
  if (mine === list) redraw()
}

let due = 0
onCall(calls => {
  if (calls === null) list.key = null
  else if (!due) due = setTimeout(() => { due = 0; if (location.hash.startsWith('#/calls')) newer() }, 300)
})

function row(call, selected) {
  return h('div.row.call' + (String(call.id) === selected ? '.selected' : ''), { 'data-key': call.id }, h('time', { datetime: call.at, title: `${moment(call.at, true)} of the world, ${moment(call.realAt, true)} real` }, clockTime(call.at)),
    h('a', { href: link('calls', String(call.id)) + asked() }, call.operation ?? 'Unknown operation'), outcome(call),
    h('span.soft.reason', bdi(reasonOf(call))), h('span.soft.where', `${call.account} · ${call.region}`), h('span.number.soft', `${(call.durationUs / 1000).toFixed(1)} ms`))
}

function input(name, label, args, more = {}) {
  const change = event => {
    const params = new URLSearchParams(location.hash.split('?')[1] ?? '')
    const value = event.target.value.trim()
    if (value) params.set(name, value)
    else params.delete(name)
    location.hash = '#/calls' + (params.size ? '?' + params : '')
  }
  return h('label.filter', h('span', label), more.options
    ? h('select', { onchange: change }, more.options.map(([value, text]) => h('option', { value, selected: value === (args.get(name) ?? '') }, text)))
    : h('input', { type: 'search', value: args.get(name) ?? '', onchange: change, list: more.list, placeholder: more.placeholder, spellcheck: 'false' }))
}

const known = name => [...new Set(world.calls.map(call => call[name]).filter(Boolean))].sort()

function filters(args) {
  return h('form.filters', { role: 'search', 'aria-label': 'Search the calls', onsubmit: event => event.preventDefault() }, input('text', 'Text', args, { placeholder: 'anywhere in it' }),
    input('operation', 'Operation', args, { list: 'operations' }), input('error', 'Error', args, { list: 'errors' }),
    input('status', 'Status', args, { options: [['', 'any'], ['200', '200'], ['400', '400'], ['403', '403'], ['500', '500'], ['501', '501'], ['503', '503'], ['0', 'no answer']] }),
    input('account', 'Account', args), input('arn', 'ARN', args),
    h('datalist', { id: 'operations' }, known('operation').map(value => h('option', { value }))), h('datalist', { id: 'errors' }, known('error').map(value => h('option', { value }))))
}

/* ---- one call ---- */

function explanation(why) {
  if (!why) return null
  return section('Why', why.rule && facts([['Rule', h('code', why.rule)], ['Found', bdi(why.found)], ['Limit', why.limit && h('a', { href: '#/settings' + query({ q: why.limit.setting }) }, `${why.limit.setting} = ${why.limit.value}`)],
    ['How that is known', why.evidence && evidence(why.evidence, why.source)]]), why.violations && h('ul', why.violations.map(violation => h('li', bdi(violation)))),
  why.decisions && [h('h3', 'Decision of policies'), typeof why.decisions === 'string' ? h('pre', framed('decision'), why.decisions) : json(why.decisions, 'decision')])
}

function opened(call) {
  if (!call) return h('p.empty', 'The journal has forgotten this call.')
  return [h('div.bar', h('h2', call.operation ?? 'Unknown operation', ' ', outcome(call)), h('a.button', { href: '#/calls' + asked(), 'aria-label': 'Close the call' }, 'Close')),
    facts([['At, in the world', moment(call.at, true)], ['Really', moment(call.realAt, true)], ['Account', call.account], ['Region', call.region], ['Access key', call.accessKeyId], ['Took', `${(call.durationUs / 1000).toFixed(2)} ms`],
      ['Request id', h('code', call.requestId)], ['Fault', call.fault && h('a', { href: '#/rules' }, `number ${call.fault} struck it`)], ['Ignored members', call.ignoredMembers && bdi(call.ignoredMembers.join(', '))]]),
    explanation(call.explain),
    call.operation && h('div.buttons.copies', soft('Copy as '), Object.keys(snippets).map(name => h('button', { onclick: () => copy(snippets[name](call, location.origin), `as ${name}`) }, name))),
    section('Input', json(call.input ?? null, 'input')), section('Output', json(call.output ?? null, 'output'))]
}

export function calls({ scope, args, parts: [id] }) {
  const filter = { ...(scope.account && { account: scope.account }), ...(scope.region && { region: scope.region }), ...filterOf(args) }
  const key = JSON.stringify(filter)
  if (list.key !== key) begin(key, filter)
  const live = h('button', { 'aria-pressed': String(list.live), onclick: () => { list.live = !list.live; list.waiting = 0; if (list.live) newer(); redraw() } }, list.live ? 'Live' : `Paused${list.waiting ? `, ${list.waiting} new` : ''}`)
  return { title: id ? `Call ${id}` : 'Calls', wide: true, content: [h('div.bar', h('h1', 'Calls'), h('div.buttons', soft(list.total === null ? '' : count(list.total, 'call')), live)), filters(args),
    h('div.split' + (id ? '.open' : ''), h('div.master', list.error ? h('p.refusal', list.error.message) : list.items.length
      ? longList({ name: 'calls' + key, label: 'Calls, newest first', items: list.items, total: list.total, height: () => narrow.matches ? 62 : 36, row: call => row(call, id), more, anchor: true })
      : h('p.empty', list.asking ? 'Reading …' : 'No call fits. What SDKs call shows here as it comes.')),
    id && h('article.detail', { 'aria-label': `Call ${id}`, 'data-key': 'call' + id }, loaded(`/requests${query({ after: id - 1, limit: 1 })}`, ({ requests }) => opened(requests.find(call => String(call.id) === id)))))] }
}
