/* Time: the world's clock and accounts' own, and what fired when they were set forward. */
import { act, ask, done, h, press } from './dom.js'
import { control, query } from './api.js'
import { nameOfArn, next, section, table, words } from './parts.js'
import { count, moment } from './time.js'
import { clockOf, refresh, upcoming, world } from './world.js'
import { badge, nameOf } from './parts.js'

let fired = null // of the last advance: { account, fired, waiting }

export async function change(body, account) {
  await control('PUT', '/clock' + query({ account }), body)
  await refresh()
}

export async function advance(body, account) {
  const answer = await control('POST', '/clock/advance' + query({ account }), body)
  fired = { account, ...answer }
  await refresh()
  done(answer.fired.length ? `${count(answer.fired.length, 'step')} fired: ${answer.fired.slice(-2).map(move => words(move.to)).join(', ')}` : 'Nothing fired')
  return answer
}

export const advanceForm = account => h('form.inline', { onsubmit: event => {
  event.preventDefault()
  act(() => advance({ by: event.target.elements.by.value.trim() }, account))()
} }, h('label', h('span.unseen', 'Advance by '), h('input.short', { name: 'by', value: '10m', size: 6, 'aria-label': 'Advance by' })), h('button', { type: 'submit' }, 'Advance'))

export const isFrozen = account => clockOf(account)?.mode === 'frozen'

const scaleForm = account => () => ask('How fast it goes', { action: 'Set', fields: [{ name: 'scale', label: 'Milliseconds of the world in one of real time', type: 'number', min: 0, step: 'any', value: clockOf(account).scale, required: true }] }, ({ scale }) => change({ scale }, account))
const moveForm = account => () => ask('Set it forward to', { action: 'Set', fields: [{ name: 'now', label: 'Moment, in UTC', required: true, value: new Date(clockOf(account).nowMs).toISOString(), help: 'Never back.' }] }, ({ now }) => change({ now }, account))

function clockCard(account, own) {
  const clock = clockOf(account), frozen = clock.mode === 'frozen'
  return h('li.card', { 'data-key': account || 'world' }, h('div.bar', h('h2', account ? `Account ${account}` : 'The world'), h('span.badge.' + (frozen ? 'quiet' : 'on'), h('i', { 'aria-hidden': 'true' }), frozen ? 'Frozen' : clock.scale === 1 ? 'Real' : `Real × ${clock.scale}`)),
    h('p.big', h('time', { 'data-now': account }, moment(clock.now)), h('span.soft', ' UTC')),
    h('div.buttons', h('button.primary', { onclick: act(() => change({ mode: frozen ? 'real' : 'frozen' }, account)) }, frozen ? 'Let it run' : 'Freeze'),
      press('To the next', act(() => advance({ until: 'next' }, account))), press('Until settled', act(() => advance({ until: 'settled' }, account))), advanceForm(account),
      press('Speed…', scaleForm(account)), press('Set…', moveForm(account)),
      own && press('Back to the world’s', act(async () => { await control('DELETE', '/clock' + query({ account })); refresh() }, `${account} follows the world again`))))
}

const giveClock = () => ask('Give an account a clock of its own', { action: 'Give', text: h('p.soft', 'It begins where the world’s is; everything in the account follows it, and only that.'), fields: [{ name: 'account', label: 'Account', required: true, list: Object.keys(world.accounts) }] },
  ({ account }) => change({ mode: clockOf('').mode }, account))

export function clocks({ scope }) {
  const own = [...world.clocks.keys()].filter(Boolean), soon = upcoming(scope)
  return { title: 'Time', content: [h('div.bar', h('h1', 'Time'), h('div.buttons', press('A clock of an account’s own…', giveClock))),
    h('ul.cards.broad', clockCard('', false), own.map(account => clockCard(account, true))),
    fired && section(`What fired last`, h('p.soft', `${fired.account ? `In account ${fired.account}` : 'In the world'}, up to ${moment(fired.now, true)}`),
      table('What fired last', [['At'], ['What'], ['Event'], ['From'], ['To']], fired.fired.slice(-200).map((move, i) => ({ key: i + move.arn, cells: [moment(move.at, true), nameOfArn(move.arn), move.event, move.from ? words(move.from) : '—', badge(move.to)] })), { empty: 'Nothing: it was not due yet.' }),
      fired.waiting?.length > 0 && h('p.soft', `${count(fired.waiting.length, 'step')} wait for polls, which no time ends.`)),
    section('What is pending', table('What is pending', [['What'], ['Is'], ['Then'], ['Account']], soon.slice(0, 100).map(({ one }) => ({ key: one.arn, cells: [nameOf(one), badge(one.status), next(one), one.account] })), { empty: 'Nothing is pending.' }))] }
}
