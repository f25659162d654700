/* Parts that several pages show: statuses, names, countdowns, tables, timelines, boxes on images. */
import { act, bdi, confirm, copyButton, framed, h, morphChildren, svg } from './dom.js'
import { control } from './api.js'
import { duration, moment } from './time.js'
import { kindWords, refresh, world } from './world.js'

export const link = (...parts) => '#/' + parts.map(encodeURIComponent).join('/')

export function pageOf(one) {
  switch (one.kind) {
  case 'project': return link('project', one.arn)
  case 'project_version': case 'adapter': return link('version', one.arn)
  case 'dataset': return link('dataset', one.arn)
  case 'collection': case 'user': return link('collection', one.kind === 'user' ? one.arn.replace(/:local\/(collection\/[^/]*)\/.*/, ':$1') : one.arn)
  default: return link('job', one.arn)
  }
}

/* ---- statuses ---- */

const GOOD = /^(RUNNING|CREATED|ACTIVE|SUCCEEDED|TRAINING_COMPLETED|COPYING_COMPLETED|CREATE_COMPLETE|UPDATE_COMPLETE|DONE|200)$/
const QUIET = /^(STOPPED|EXPIRED|DEPRECATED|KEPT|NONE)$/

export function toneOf(status) {
  if (/FAILED$/.test(status)) return 'bad'
  if (GOOD.test(status)) return status === 'RUNNING' ? 'on' : 'good'
  return QUIET.test(status) ? 'quiet' : 'busy'
}

export const words = status => {
  const text = status.toLowerCase().replaceAll('_', ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

export const badge = status => h('span.badge.' + toneOf(status), { title: status }, h('i', { 'aria-hidden': 'true' }), words(status))

/* ---- what happens next ---- */

/* What ends the status of a resource, and when. */
export function next(one) {
  const pending = one.pending
  if (!pending) return null
  if (pending.breakpoint) return h('span.next', `${pending.event}: held by a breakpoint`)
  if (pending.polls) return h('span.next', `${pending.event}: after ${pending.polls} more polls`)
  return h('span.next', pending.event ?? 'ends', ' ', h('time', { datetime: pending.dueAt, 'data-due': Date.parse(pending.dueAt), 'data-clock': one.account }, '…'))
}

const OF_IDS = ['video_job', 'liveness'] // their names are long, and chance

export const nameOf = one => h('a', { href: pageOf(one), title: one.name }, bdi(OF_IDS.includes(one.kind) ? `${kindWords[one.kind]} ${one.name.slice(0, 8)}` : one.name))

/* The name of what an ARN is of, which may be gone. */
export function nameOfArn(arn) {
  const one = world.byArn.get(arn)
  if (one) return nameOf(one)
  const named = /:(?:local\/)?([a-z-]+)\/([^/]*)(?:\/(?:version|dataset|user)\/([^/]*))?/.exec(arn)
  return h('bdi.soft', { title: arn }, named ? named[3] ?? named[2] : arn)
}

/* ---- tables ---- */

const isThere = cell => Array.isArray(cell) ? cell.some(isThere) : cell || cell === 0

/* columns: [title, class]; on narrow screens a row is a card, each cell with its title. */
export function table(caption, columns, rows, { empty } = {}) {
  if (!rows.length) return empty ? h('p.empty', empty) : null
  return h('table.list', h('caption.unseen', caption),
    h('thead', h('tr', columns.map(([title, kind]) => h('th', { scope: 'col', class: kind }, title || h('span.unseen', 'Actions'))))),
    h('tbody', rows.map(row => h('tr', { 'data-key': row.key },
      row.cells.map((cell, i) => h('td', { class: columns[i][1], 'data-title': columns[i][0] }, isThere(cell) && h('div', cell)))))))
}

/* ---- long lists ---- */

/*
 * A list of any length, of which only what can be seen is there. `row(item, i)` is an element of `height` pixels;
 * `more()` is called when its end comes near. The element has update({ items, total }).
 */
export function longList({ name, label, items, row, height, more, total }) {
  const space = h('div.space', { role: 'list', 'aria-label': label })
  const view = h('div.long', { tabindex: 0, role: 'group', 'aria-label': label, hold: { name, items, total } }, space)
  let now = { items, total }, shown = ''
  view.hold.update = later => {
    now = later
    shown = ''
    draw()
  }
  function draw() {
    const high = typeof height === 'function' ? height() : height
    const first = Math.max(0, Math.floor(view.scrollTop / high) - 6)
    const last = Math.min(now.items.length, first + Math.ceil((view.clientHeight || 600) / high) + 12)
    space.style.setProperty('height', `${now.items.length * high}px`)
    if (more && last >= now.items.length - 20) more()
    const what = `${first} ${last} ${high}`
    if (what === shown) return
    shown = what
    const made = now.items.slice(first, last).map((item, i) => {
      const element = row(item, first + i)
      element.setAttribute('role', 'listitem')
      element.setAttribute('aria-setsize', now.total ?? now.items.length)
      element.setAttribute('aria-posinset', first + i + 1)
      element.style.setProperty('transform', `translateY(${(first + i) * high}px)`)
      element.style.setProperty('height', `${high}px`)
      return element
    })
    morphChildren(space, made) // a row that stays is the same, also for a finger that is on it
  }
  view.onscroll = draw
  new ResizeObserver(() => { shown = ''; draw() }).observe(view)
  return view
}

/* ---- history ---- */

/* Moves, oldest first, as a timeline with the newest on top. */
export const timeline = events => events.length ? h('ol.timeline', [...events].reverse().map(event =>
  h('li', { 'data-key': event.at + event.event, class: toneOf(event.to) },
    h('div', h('strong', event.to === 'NONE' ? 'Gone' : words(event.to)), ' ', h('span.soft', event.event)),
    h('div.soft', h('time', { datetime: event.at }, moment(event.at, true)), ' · ', event.cause === 'timer' ? 'by itself' : event.cause)))) : h('p.empty', 'Nothing has happened to it yet.')

/* The same as a strip over time: which status lasted how long. */
export function strip(events, nowMs) {
  const spans = events.map((event, i) => ({ status: event.to, from: Date.parse(event.at), until: events[i + 1] ? Date.parse(events[i + 1].at) : nowMs }))
    .filter(span => span.status !== 'NONE')
  if (!spans.length) return null
  const begin = spans[0].from, all = Math.max(1, spans.at(-1).until - begin)
  const total = {}
  for (const span of spans) total[span.status] = (total[span.status] ?? 0) + span.until - span.from
  return h('figure.strip', svg('svg', { viewBox: '0 0 1000 24', preserveAspectRatio: 'none', role: 'img',
    'aria-label': 'How long each status lasted: ' + Object.entries(total).map(([status, ms]) => `${words(status)} ${duration(ms)}`).join(', ') },
  spans.map(span => svg('rect', { class: 'fill ' + toneOf(span.status), x: 1000 * (span.from - begin) / all, y: 0,
    width: Math.max(2, 1000 * (span.until - span.from) / all), height: 24 }, svg('title', null, `${words(span.status)}, ${duration(span.until - span.from)}`)))),
  h('figcaption', Object.entries(total).map(([status, ms]) => h('span', h('i', { class: 'fill ' + toneOf(status), 'aria-hidden': 'true' }), `${words(status)} ${duration(ms)}`))))
}

/* ---- images ---- */

const hueOf = text => [...text].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 360, 7)

/* An image with boxes: each { left, top, width, height } as parts of its sides, and a label. */
export function picture(url, alt, boxes) {
  const image = url ? h('img', { src: url, alt }) : h('div.noimage', { role: 'img', 'aria-label': alt }, 'not to be read')
  return h('div.picture', image, boxes.map(({ box, label }) => {
    const at = h('span.box', label && h('span', bdi(label)))
    if (box.left + box.width / 2 > 0.5) at.classList.add('right')
    if (box.top < 0.14) at.classList.add('low')
    at.style.setProperty('left', `${box.left * 100}%`)
    at.style.setProperty('top', `${box.top * 100}%`)
    at.style.setProperty('width', `${box.width * 100}%`)
    at.style.setProperty('height', `${box.height * 100}%`)
    at.style.setProperty('--hue', hueOf(label ?? ''))
    return at
  }))
}

/* ---- small things ---- */

export const section = (title, ...content) => h('section', { 'aria-label': typeof title === 'string' ? title : null },
  h('h2', title), content)

export const titled = (title, actions, ...content) => h('section', { 'aria-label': title }, h('div.bar', h('h2', title), h('div.buttons', actions)), content)

/* Terms and what they are; what is undefined is left out. */
export const facts = pairs => h('dl.facts', pairs.filter(([, value]) => value !== undefined && value !== null && value !== '')
  .map(([term, value]) => h('div', h('dt', term), h('dd', value))))

export const json = (value, what) => h('div.json', copyButton(JSON.stringify(value, null, 2), what), h('pre', framed(what + ' JSON'), JSON.stringify(value, null, 2)))

export const evidence = (kind, source) => h('span.evidence', h('b', { class: kind }, kind), source && [' ', h('span', source)])

/* Removes a rule, and reads again. */
export const remove = (path, title, text, action = 'Delete') => () => confirm(title, text, action, async () => {
  await control('DELETE', path)
  refresh()
})

export const button = (label, work, { kind = '', said, title } = {}) =>
  h('button' + (kind && '.' + kind), { title, onclick: act(async () => { const answer = await work(); refresh(); return answer }, said) }, label)
