/* The page: its head, its ways, and what is drawn again when the world changes. */
import { act, ask, h, morph, morphChildren, press, problem, say, svg } from './dom.js'
import { credentialsInUse, listen, tryNow, useCredentials } from './api.js'
import { hearCall, onCall, onWorld, readCalls, refresh, world } from './world.js'
import { narrow, tick } from './time.js'
import { advance, advanceForm, change, clocks, isFrozen } from './clock.js'
import { forget, onRedraw } from './load.js'
import { calls } from './calls.js'
import { collection, collections, noteCalls } from './collections.js'
import { dataset } from './datasets.js'
import { deliveries, job, jobs, noteMove } from './jobs.js'
import home from './home.js'
import { project, projects } from './projects.js'
import { rules } from './rules.js'
import { settings } from './settings.js'
import { snapshots } from './snapshots.js'
import { version } from './version.js'

const pages = { '': home, projects, project, version, dataset, collections, collection, jobs, job, deliveries, calls, time: clocks, rules, snapshots, settings }
const ways = [['', 'Home'], ['projects', 'Projects'], ['collections', 'Collections'], ['jobs', 'Jobs'], ['deliveries', 'Deliveries'], ['calls', 'Calls'], ['time', 'Time'], ['rules', 'Rules'], ['snapshots', 'Snapshots'], ['settings', 'Settings']]
const parents = { project: 'projects', version: 'projects', dataset: 'projects', collection: 'collections', job: 'jobs' }

/* ---- where we are ---- */

const plain = text => {
  try { return decodeURIComponent(text) } catch { return text }
}

function route() {
  const [path, search] = location.hash.replace(/^#\/?/, '').split('?')
  const [name, ...parts] = path.split('/').map(plain)
  const args = new URLSearchParams(search ?? '')
  return { name, parts, args, scope: { account: args.get('account') ?? '', region: args.get('region') ?? '' } }
}

const withScope = (name, scope) => {
  const kept = new URLSearchParams(Object.entries(scope).filter(([, value]) => value))
  return `#/${name}${kept.size ? '?' + kept : ''}`
}

/* ---- the head ---- */

let live = null // null: connecting

function chooser(at) {
  const places = Object.entries(world.accounts).flatMap(([account, regions]) => [[account, ''], ...Object.keys(regions).map(region => [account, region])])
  const now = `${at.scope.account} ${at.scope.region}`
  if (at.scope.account && !places.some(([account, region]) => `${account} ${region}` === now)) places.push([at.scope.account, at.scope.region])
  return h('select', { 'aria-label': 'Account and region', onchange: event => {
    const [account, region] = event.target.value.split(' ')
    location.hash = withScope(parents[at.name] ?? at.name, { account, region })
  } }, h('option', { value: ' ', selected: now === ' ' }, 'All accounts'), places.map(([account, region]) => h('option', { value: `${account} ${region}`, selected: `${account} ${region}` === now }, region ? `${account} · ${region}` : account)))
}

const signIn = () => ask('Who calls the API', { action: 'Use it', text: h('p.soft', 'For --auth. Left empty: the account is the key.'), fields: [{ name: 'key', label: 'Access key id', value: credentialsInUse()?.key }, { name: 'secret', label: 'Secret access key', type: 'password' },
  { name: 'session', label: 'Session token', type: 'password' }] }, async given => useCredentials(given.key && given.secret ? given : null))

function head(at) {
  const account = world.clocks.has(at.scope.account) ? at.scope.account : '', frozen = isFrozen(account)
  return [h('a.brand', { href: '#/' }, h('img', { src: '/_local/console/icon.svg', alt: '', width: 22, height: 22 }), h('b', 'rekognition-local')), chooser(at),
    world.ready && h('div.clock', { role: 'group', 'aria-label': account ? `Clock of account ${account}` : 'Clock of the world' },
      h('a.when', { href: withScope('time', at.scope), title: 'Time' }, h('time', { 'data-now': account }, '…'), h('span.soft', frozen ? ' frozen' : ' UTC')),
      h('button', { onclick: act(() => change({ mode: frozen ? 'real' : 'frozen' }, account)), title: frozen ? 'Let the clock run' : 'Freeze the clock' }, frozen ? 'Run' : 'Freeze'),
      h('button', { onclick: act(() => advance({ until: 'next' }, account)), title: 'Advance to what is due first' }, 'Next'),
      h('button', { onclick: act(() => advance({ until: 'settled' }, account)), title: 'Advance until nothing is pending' }, 'Settle'), advanceForm(account)),
    h('button.plain.who', { onclick: signIn, 'aria-label': 'Who calls the API' }, svg('svg', { viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true' }, svg('path', { d: 'M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2.500 14a5.500 5.500 0 0 1 11 0', fill: 'none', stroke: 'currentColor', 'stroke-width': 1.400 }))),
    h('span.live.' + (live ? 'on' : 'off'), h('i', { 'aria-hidden': 'true' }), live ? 'Live' : live === null ? 'Connecting' : 'Lost')]
}

const nav = at => h('ul', ways.map(([name, title]) => h('li', h('a', { href: withScope(name, at.scope), 'aria-current': (parents[at.name] ?? at.name) === name ? 'page' : null }, title))))

/* ---- drawing ---- */

const top = document.getElementById('top'), main = document.getElementById('main')
let drawn = null, waiting = false

function content(at) {
  if (!world.ready) return { title: 'Connecting', content: world.trouble ? [h('h1', 'The world cannot be read'), h('div.refusal', problem(world.trouble))] : [h('p.empty', 'Reading the world …')] }
  const page = pages[at.name]
  return page ? page(at) : { title: 'Not found', content: [h('h1', 'There is no such page'), h('p', h('a', { href: '#/' }, 'Go home'))] }
}

function draw() {
  waiting = false
  const at = route(), page = content(at)
  document.title = `${page.title} – rekognition-local`
  const selecting = top.contains(document.activeElement) && document.activeElement.tagName === 'SELECT'
  if (!selecting) morph(top, h('header', { id: 'top' }, head(at)))
  morph(document.getElementById('nav'), h('nav', { id: 'nav', 'aria-label': 'Pages' }, nav(at)))
  const place = JSON.stringify([at.name, at.name === 'calls' ? [] : at.parts])
  const made = page.content.flat(Infinity).filter(Boolean)
  main.className = page.wide ? 'broad' : ''
  if (place === drawn) {
    morphChildren(main, made)
  } else {
    main.replaceChildren(...made)
    if (drawn !== null) {
      scrollTo(0, 0)
      main.focus({ preventScroll: true })
    }
    drawn = world.ready ? place : null
    document.querySelector('#nav [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }
  tick()
}

/* Many changes at once are one. */
function redraw() {
  if (waiting) return
  waiting = true
  requestAnimationFrame(draw)
}

/* ---- what goes on ---- */

function onState(heard, seconds) {
  const lost = document.getElementById('lost'), before = live
  live = heard
  lost.hidden = heard || before === null
  if (!heard && before !== false) lost.replaceChildren(h('span', 'The server does not answer. What is shown may be old; it is tried again.'), ' ', press('Try now', tryNow))
  if (heard) {
    if (before === false) {
      say('Connected again')
      forget()
    }
    refresh()
    readCalls().catch(() => {})
  } else if (seconds > 1 && before === null) {
    live = false
  }
  redraw()
}

function onEvent(type, data) {
  if (type === 'request') {
    hearCall(data)
  } else if (type === 'transition') {
    noteMove()
    refresh()
  }
}

addEventListener('hashchange', redraw)
narrow.addEventListener('change', redraw)
onWorld(redraw)
onRedraw(redraw)
onCall(noteCalls)
/* Units follow demand, and collections change, without a move. */
onCall(calls => { if (calls?.some(call => call.status === 200 && !/^(Describe|List|Get|Search)/.test(call.operation))) refresh() })
setInterval(tick, matchMedia('(prefers-reduced-motion: reduce)').matches ? 1000 : 250)
/* What is on costs more with time. */
setInterval(() => { if (live && world.usage?.on.length) refresh() }, 5000)
draw()
listen(onEvent, onState)
