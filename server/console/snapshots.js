/* Snapshots of the world, fixtures, and beginning again. */
import { act, ask, confirm, done, h, press } from './dom.js'
import { bytes, control, query } from './api.js'
import { table, titled } from './parts.js'
import { bytesOf, moment } from './time.js'
import { readCalls, refresh, world } from './world.js'
import { forget, loaded } from './load.js'

let marks = 0
const again = () => { forget(); marks++; refresh(); readCalls() }

function save(blob, name) {
  const a = h('a', { href: URL.createObjectURL(blob), download: name })
  a.click()
  setTimeout(() => URL.revokeObjectURL(a.href), 10000)
}

const account = { name: 'account', label: 'Account', help: 'Left out: the whole world.' }
const path = (name, more = '') => `/snapshots/${encodeURIComponent(name)}${more}`

const take = () => ask('Take a snapshot', { action: 'Take it', fields: [{ name: 'name', label: 'Name', required: true, value: 'before', help: 'One that has this name is replaced.' }, { ...account, list: Object.keys(world.accounts) }] }, async ({ name, account }) => {
  await control('PUT', path(name) + query({ account }))
  again()
})

const put = () => ask('Upload a snapshot', { action: 'Upload', fields: [{ name: 'name', label: 'Name', required: true }, { name: 'file', label: 'File', type: 'file', required: true }] }, async ({ name, file }) => {
  await control('PUT', path(name), file)
  again()
})

const restore = one => () => ask(`Bring back ${one.name}?`, { action: 'Bring it back', danger: true, text: h('p', 'What is there now is lost, unless you take a snapshot of it first.'), fields: one.account ? [] : [{ ...account, list: Object.keys(world.accounts) }] }, async given => {
  await control('POST', path(one.name, '/restore') + query({ account: one.account ?? given.account }), {})
  done(`${one.name} is back`)
  again()
})

const load = () => ask('Load a fixture', { action: 'Load', text: h('p.soft', 'JSON that declares projects, versions in any state, collections and more; all of it or nothing.'), fields: [{ name: 'file', label: 'File', type: 'file', accept: '.json,application/json' }, { name: 'text', label: 'Or its text', type: 'area', rows: 6 }] }, async ({ file, text }) => {
  let fixture
  try { fixture = JSON.parse(file ? await file.text() : text ?? '') } catch (error) { throw Object.assign(new Error(error.message), { code: 'No JSON' }) }
  const made = await control('POST', '/load', fixture)
  done(`${made.projects} projects and ${made.versions} versions are made`)
  again()
})

const reset = () => ask('Empty the world?', { action: 'Empty it', danger: true, text: h('p', 'Resources, history, calls, faults and outcomes go; it can’t be undone. Snapshots stay.'), fields: [{ ...account, list: Object.keys(world.accounts) },
  { name: 'everything', label: 'Settings, clocks and rules too', type: 'check' }] }, async ({ account, everything }) => {
  const { stays } = await control('POST', '/reset' + query({ account, everything: everything ? 1 : undefined }), {})
  done(stays.length ? `Empty; what stays: ${stays.join(', ')}` : 'Empty')
  again()
})

export function snapshots() {
  return { title: 'Snapshots', content: [h('h1', 'Snapshots and fixtures'),
    titled('Snapshots', [press('Take a snapshot…', take, 'primary'), press('Upload…', put)], loaded('/snapshots', answer => table('Snapshots', [['Name'], ['Of'], ['Taken'], ['Size', 'number'], ['', 'acts']], answer.snapshots.map(one => ({ key: one.name, cells: [
      h('bdi', one.name), one.account ?? 'the world', moment(one.takenAt), bytesOf(one.bytes), h('div.buttons', h('button', { 'aria-label': `Bring back ${one.name}`, onclick: restore(one) }, 'Bring back…'),
        h('button', { 'aria-label': `Download ${one.name}`, onclick: act(async () => save(await bytes(path(one.name)), one.name + '.sqlite')) }, 'Download'),
        h('button.danger', { 'aria-label': `Delete ${one.name}`, onclick: () => confirm(`Delete ${one.name}?`, 'It can’t be undone.', 'Delete', async () => { await control('DELETE', path(one.name)); again() }) }, 'Delete…'))] })), { empty: 'No snapshot was taken.' }), marks)),
    titled('Fixtures', [press('Load a fixture…', load), press('Write the world down', act(async () => save(await bytes('/state'), 'world.json')))], h('p.soft', 'A fixture is the world as JSON, to be loaded again with --load.')),
    titled('Begin again', press('Empty the world…', reset, 'danger'), h('p.soft', 'For one account, or all of them.'))] }
}
