/* Settings: every one with its value, its default, and where that is known from. */
import { act, ask, h } from './dom.js'
import { control, query } from './api.js'
import { evidence, table } from './parts.js'
import { refresh } from './world.js'
import { loaded, redraw } from './load.js'
import { count } from './time.js'

let marks = 0
const again = () => { marks++; refresh(); redraw() }

async function set(one, value, account) {
  await control('PATCH', '/settings' + query({ account }), { [one.name]: value })
  again()
}

const change = (one, account) => () => ask(one.name, { action: 'Set', text: h('p', one.help, h('br'), evidence(one.evidence, one.source)), fields: [{ name: 'value', label: account ? `For account ${account}` : 'For all', required: true, value: one.value, options: one.words?.split(' '),
  type: one.kind === 'count' || one.kind === 'number' ? 'number' : 'text', step: one.kind === 'count' ? 1 : 'any', help: `The default is ${one.default}.` + (one.kind === 'step' ? ' A duration, a range such as 1s..3s, or 3 polls.' : '') }] }, ({ value }) => set(one, value, account))

export function settings({ scope, args }) {
  const wanted = (args.get('q') ?? '').toLowerCase(), account = scope.account
  const search = h('input.search', { type: 'search', value: args.get('q') ?? '', placeholder: 'Filter', 'aria-label': 'Filter settings', oninput: event => {
    history.replaceState(null, '', '#/settings' + query({ ...scope, q: event.target.value }))
    redraw()
  } })
  return { title: 'Settings', content: [h('div.bar', h('h1', 'Settings'), h('div.buttons', search)), h('p.soft', account ? `As account ${account} has them.` : 'For all accounts; choose one above for those of its own.'),
    loaded('/settings/table' + query({ account }), answer => {
      const found = answer.settings.filter(one => `${one.name} ${one.help} ${one.source}`.toLowerCase().includes(wanted) || (wanted === 'changed' && one.changed))
      return [h('p.soft', count(found.length, 'setting')), table('Settings', [['Setting'], ['Value'], ['Default'], ['What it is, and where the default is known from', 'wide'], ['', 'acts']], found.map(one => ({ key: one.name, cells: [h('code', one.name),
        h('b', { class: one.changed ? 'tone busy' : '' }, String(one.value), one.own && h('span.soft', ' its own')), String(one.default), [one.help, h('div.small', evidence(one.evidence, one.source))],
        h('div.buttons', h('button', { 'aria-label': `Change ${one.name}`, onclick: change(one, account) }, 'Change…'), (account ? one.own : one.changed) && h('button', { 'aria-label': `Restore ${one.name}`, onclick: act(() => set(one, null, account)) }, 'Restore'))] })), { empty: 'No setting fits.' })]
    }, marks)] }
}
