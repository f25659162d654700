/* A dataset: its images with what is on them, and what is wrong with its lines. */
import { arnOf, bdi, failed, h, press } from './dom.js'
import { rekognition } from './api.js'
import { deleteDataset } from './actions.js'
import { badge, button, facts, next, picture, section } from './parts.js'
import { moment } from './time.js'
import { callsOf } from './calls.js'
import { imageOf, redraw } from './load.js'
import { life } from './version.js'
import { found, historyOf, place, tags } from './projects.js'

/* What was read of a dataset, and with which filter. */
let read = { arn: null }

async function readMore(one, from) {
  const { filter } = read
  try {
    const answer = await rekognition('ListDatasetEntries', { DatasetArn: one.arn, MaxResults: 60, ...(from && { NextToken: from }), ...(filter === 'errors' && { HasErrors: true }),
      ...(filter === 'labeled' && { Labeled: true }), ...(filter === 'unlabeled' && { Labeled: false }), ...(read.text && { SourceRefContains: read.text }) }, one)
    read.entries.push(...answer.DatasetEntries.map(describe))
    read.more = answer.NextToken ?? null
  } catch (error) {
    read.error = error
    if (from) failed(error)
  }
  redraw()
}

function begin(one, filter, text) {
  read = { arn: one.arn, mark: one.status, filter, text, entries: [], more: null }
  readMore(one)
}

/* A line of a manifest: its image, the labels of it, and boxes where it has them. */
function describe(line) {
  let entry
  try { entry = JSON.parse(line) } catch { return { line, source: line, labels: [], boxes: [], errors: [{ code: 'INVALID', message: 'no JSON' }] } }
  const labels = [], boxes = []
  for (const [name, about] of Object.entries(entry)) {
    if (!name.endsWith('-metadata') || typeof about !== 'object' || about === null) continue
    const value = entry[name.slice(0, -'-metadata'.length)]
    if (about['class-name'] !== undefined) labels.push(String(about['class-name']))
    for (const note of value?.annotations ?? []) {
      const size = value.image_size?.[0] ?? {}
      const label = String(about['class-map']?.[note.class_id] ?? note.class_id)
      if (size.width && size.height) boxes.push({ label, box: { left: note.left / size.width, top: note.top / size.height, width: note.width / size.width, height: note.height / size.height } })
      if (!labels.includes(label)) labels.push(label)
    }
  }
  return { line, source: String(entry['source-ref'] ?? ''), labels, boxes, errors: entry['cl-errors'] ?? [] }
}

function tile(one, entry, i) {
  const alt = `${entry.source.split('/').at(-1)}: ${entry.labels.join(', ') || 'no label'}`
  if (entry.url === undefined) {
    entry.url = null
    imageOf(entry.source.replace(/^s3:\/\//, ''), one.region, url => {
      if (url !== null) { entry.url = url; redraw() }
    })
  }
  return h('li.tile', { 'data-key': i + entry.source }, picture(entry.url, alt, entry.boxes),
    h('p.small', h('bdi', { title: entry.source }, entry.source.split('/').at(-1))), h('p.labels', entry.labels.map(label => h('span.tag', bdi(label)))),
    entry.errors.length > 0 && h('ul.errors', entry.errors.map(error => h('li', h('b', error.code), ' ', error.message))))
}

function entries(one) {
  if (read.arn !== one.arn || read.mark !== one.status) begin(one, read.arn === one.arn ? read.filter : '', read.arn === one.arn ? read.text : '')
  const filter = h('select', { 'aria-label': 'Which entries', onchange: event => begin(one, event.target.value, read.text) },
    [['', 'All entries'], ['labeled', 'With labels'], ['unlabeled', 'Without labels'], ['errors', 'With errors']].map(([value, label]) => h('option', { value, selected: value === read.filter }, label)))
  const search = h('input.search', { type: 'search', 'aria-label': 'Name of an image', placeholder: 'Name of an image', value: read.text, onchange: event => begin(one, read.filter, event.target.value) })
  return section('Entries', h('div.filters', filter, search), read.error ? h('p.empty', read.error.message) : read.entries.length
    ? [h('ul.grid', read.entries.map((entry, i) => tile(one, entry, i))), read.more && press('Show more', () => readMore(one, read.more))]
    : h('p.empty', 'No entry fits.'))
}

export function dataset({ parts: [arn] }) {
  return found(arn, one => ({ title: `${one.name}, ${one.parent.name}`, content: [place(one), h('div.bar', h('h1', `${one.name === 'train' ? 'Training' : 'Test'} dataset `, badge(one.status)), h('div.buttons', button('Delete…', deleteDataset(one), { kind: 'danger' }))),
    h('p', arnOf(arn)), next(one), one.of.statusMessage && h('p.message.' + (/FAILED$/.test(one.status) ? 'bad' : 'plain'), bdi(one.of.statusMessage)), entries(one),
    h('div.sides', h('div', life(one), callsOf(arn)), h('div', facts([['Created', moment(one.of.createdAt)], ['Tags', tags(one.of.tags)]]), historyOf(one)))] }))
}
