/* The lifecycle of a resource as a diagram: drawn from the table of lifecycles, and nothing known of any status here. */
import { narrow } from './time.js'
import { h, svg } from './dom.js'
import { toneOf, words } from './parts.js'
import { world } from './world.js'

const GONE = 'NONE'

/* Statuses that it was in, is in, or may still come to. */
function reachable(rows, from) {
  const found = new Set([from])
  for (const status of found) for (const row of rows) if (row.from === status && status !== GONE) found.add(row.to)
  return found
}

function rankOf(rows, shown) {
  const ranks = new Map()
  let level = rows.filter(row => row.from === GONE && shown.has(row.to)).map(row => row.to)
  const rest = () => [...shown].filter(status => !ranks.has(status))
  for (let rank = 0; rest().length; rank++) {
    if (!level.length) level = [rest()[0]]
    for (const status of level) if (!ranks.has(status)) ranks.set(status, rank)
    level = rows.filter(row => ranks.get(row.from) === rank && shown.has(row.to) && !ranks.has(row.to)).map(row => row.to)
  }
  return ranks
}

/* The way of success is the first lane; failures are in the second, the way out in the third. */
function laneOf(rows, ranks) {
  const taken = new Set(), lanes = new Map()
  const wanted = status => status === GONE || rows.some(row => row.from === status && row.to === GONE && row.by === 'time') ? 2 : toneOf(status) === 'bad' ? 1 : 0
  for (const [status, rank] of [...ranks].sort((a, b) => wanted(a[0]) - wanted(b[0]))) {
    let lane = wanted(status)
    while (taken.has(`${rank} ${lane}`)) lane++
    taken.add(`${rank} ${lane}`)
    lanes.set(status, lane)
  }
  const used = [...new Set(lanes.values())].sort()
  for (const [status, lane] of lanes) lanes.set(status, used.indexOf(lane))
  return lanes
}

function lines(status) {
  const text = status === GONE ? 'Gone' : words(status), parts = text.split(' ')
  if (text.length <= 12 || parts.length === 1) return [text]
  const first = parts.length > 2 && (parts[0] + ' ' + parts[1]).length <= 12 ? 2 : 1
  return [parts.slice(0, first).join(' '), parts.slice(first).join(' ')]
}

/* A place along the lifecycle and across it, in pixels: from left to right, or on narrow screens downwards. */
const measure = () => narrow.matches ? { along: 62, across: 112, wide: 102, high: 38 } : { along: 117, across: 70, wide: 97, high: 42 }

function place(size, rank, lane) {
  return narrow.matches
    ? { x: 6 + lane * size.across, y: 22 + rank * size.along }
    : { x: 6 + rank * size.along, y: 30 + lane * size.across }
}

/* From one node to another: straight on, across, or in an arc back. */
function curve(size, a, b, ranks) {
  const { wide, high } = size, forward = ranks.get(b.status) - ranks.get(a.status)
  if (narrow.matches) {
    if (forward > 0) {
      const x1 = a.x + wide / 2, y1 = a.y + high, x2 = b.x + wide / 2, y2 = b.y, bend = (y2 - y1) / 2
      return `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`
    }
    const right = forward === 0 ? b.x > a.x : false
    if (forward === 0) return `M${right ? a.x + wide : a.x} ${a.y + high / 2}L${right ? b.x : b.x + wide} ${b.y + high / 2}`
    const x1 = a.x + wide, y1 = a.y + high / 2, y2 = b.y + high / 2, x2 = b.x + wide, out = Math.max(x1, x2) + 9
    return `M${x1} ${y1}C${out} ${y1} ${out} ${y1} ${out} ${(y1 + y2) / 2}S${out} ${y2} ${x2} ${y2}`
  }
  if (forward > 0) {
    const x1 = a.x + wide, y1 = a.y + high / 2, x2 = b.x, y2 = b.y + high / 2, bend = Math.max(14, (x2 - x1) / 2)
    return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`
  }
  if (forward === 0) {
    const down = b.y > a.y, x = a.x + wide / 2
    return `M${x} ${down ? a.y + high : a.y}L${x} ${down ? b.y : b.y + high}`
  }
  const x1 = a.x + wide / 2, x2 = b.x + wide / 2, up = Math.min(a.y, b.y) - 24
  return `M${x1} ${a.y}C${x1} ${up} ${x2} ${up} ${x2} ${b.y}`
}

function edge(size, nodes, ranks, row, current, visited) {
  const path = curve(size, nodes.get(row.from), nodes.get(row.to), ranks)
  const kind = [row.from === current ? 'next' : visited.has(row.from + '>' + row.to) ? 'been' : 'other', row.by, toneOf(row.to)].join(' ')
  return svg('path', { class: 'edge ' + kind, d: path, 'marker-end': `url(#arrow-${row.from === current ? 'next' : 'other'})` },
    svg('title', null, `${row.event}: ${words(row.from)} to ${row.to === GONE ? 'gone' : words(row.to)}, by ${row.by === 'call' ? 'a call' : row.by === 'time' ? 'itself, in time' : 'the service'} (${row.evidence}: ${row.source})`))
}

function node(size, at, one, visited) {
  const current = at.status === one.status
  const text = lines(at.status)
  const due = current && one.pending?.dueAt && !one.pending.breakpoint
  return svg('g', { class: `node ${toneOf(at.status)}${current ? ' current' : visited.has(at.status) ? ' been' : ''}`, transform: `translate(${at.x} ${at.y})` },
    svg('rect', { class: 'face', width: size.wide, height: size.high, rx: 8 }),
    due && svg('rect', { class: 'part', x: 0, y: size.high - 4, width: size.wide, height: 4, rx: 2, 'data-from': Date.parse(one.of.enteredAt), 'data-until': Date.parse(one.pending.dueAt), 'data-clock': one.account }),
    text.map((line, i) => svg('text', { x: size.wide / 2, y: size.high / 2 + 4 + (i - (text.length - 1) / 2) * 14, 'text-anchor': 'middle' }, line)))
}

const arrow = name => svg('marker', { id: 'arrow-' + name, class: 'arrow ' + name, viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto' },
  svg('path', { d: 'M0 .5 7.500 4 0 7.500z' }))

export function diagram(one, events, all) {
  const rows = (world.lifecycles.get(one.kind)?.transitions ?? []).filter(row => row.from !== row.to)
  if (!rows.length) return null
  const visited = new Set([one.status, ...events.map(event => event.to)])
  for (const event of events) if (event.from) visited.add(event.from + '>' + event.to)
  const every = new Set(rows.flatMap(row => [row.from, row.to]))
  const may = reachable(rows, one.status)
  const shown = all ? every : new Set([...every].filter(status => may.has(status) || (status !== GONE && visited.has(status))))
  const ranks = rankOf(rows, shown), lanes = laneOf(rows, ranks), size = measure()
  const nodes = new Map([...ranks].map(([status, rank]) => [status, { status, ...place(size, rank, lanes.get(status)) }]))
  const width = Math.max(...[...nodes.values()].map(at => at.x)) + size.wide + (narrow.matches ? 18 : 8)
  const height = Math.max(...[...nodes.values()].map(at => at.y)) + size.high + 8
  const drawn = rows.filter(row => row.from !== GONE && shown.has(row.from) && shown.has(row.to))
  const order = row => (row.from === one.status ? 2 : visited.has(row.from + '>' + row.to) ? 1 : 0)
  return h('div.diagram', svg('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': `Lifecycle: it is ${words(one.status)}; it may come to ${[...may].filter(status => status !== one.status).map(status => status === GONE ? 'gone' : words(status)).join(', ')}` },
    svg('defs', null, arrow('next'), arrow('other')),
    drawn.sort((a, b) => order(a) - order(b)).map(row => edge(size, nodes, ranks, row, one.status, visited)),
    [...nodes.values()].map(at => node(size, at, one, visited))))
}
