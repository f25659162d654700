/* Home: what is on and what it costs, what happens next, what was refused last, and where. */
import { act, framed, h, press, soft } from './dom.js'
import { control, rekognition } from './api.js'
import { createProject } from './actions.js'
import { badge, nameOf, nameOfArn, next, section, table, titled } from './parts.js'
import { count, dollars } from './time.js'
import { refresh, scopeOf, upcoming, world } from './world.js'
import { refusalLine } from './calls.js'

const NEXT_SHOWN = 12, REFUSALS_SHOWN = 8

const tile = (title, value, more, href) => h(href ? 'a.tile' : 'div.tile', { href }, soft(title), h('strong', value), soft(more))

const fits = (arn, scope) => {
  const at = scopeOf(arn)
  return (!scope.account || at.account === scope.account) && (!scope.region || at.region === scope.region)
}

function tiles(scope, on, soon) {
  const bills = world.usage.versions.filter(bill => fits(bill.arn, scope))
  const units = bills.reduce((sum, bill) => sum + bill.unitsInService, 0)
  const cost = bills.reduce((sum, bill) => sum + bill.estimatedCost, 0)
  const refused = world.calls.filter(one => one.status !== 200).length
  return h('div.tiles',
    tile('On now', String(on.length), units ? `${count(units, 'inference unit')} in service` : 'nothing in service'),
    tile('Cost so far', dollars(cost), 'as AWS would bill it'),
    soon.length && soon[0].due !== Infinity
      ? tile('Next', h('span', { 'data-due': soon[0].due, 'data-clock': soon[0].one.account, 'data-before': '' }, '…'), [soon[0].one.pending.event ?? 'ends', ' · ', nameOf(soon[0].one)])
      : tile('Next', '—', 'nothing will happen by itself'),
    tile('Calls', world.callCount.toLocaleString('en'), refused ? `${refused} refused of the last ${world.calls.length}` : 'none refused', '#/calls'))
}

function onNow(on) {
  return section('On now', table('What is on', [['Model'], ['Status'], ['Since'], ['Cost so far', 'number'], ['', 'acts']], on.map(one => ({ key: one.arn, cells: [
    nameOfArn(one.arn), badge(one.status), h('time', { datetime: one.since, 'data-since': Date.parse(one.since), 'data-clock': scopeOf(one.arn).account }, '…'), dollars(one.estimatedCost),
    one.status === 'RUNNING' && h('button', { 'aria-label': 'Stop ' + (world.byArn.get(one.arn)?.name ?? ''), onclick: act(async () => {
      await rekognition('StopProjectVersion', { ProjectVersionArn: one.arn }, scopeOf(one.arn))
      refresh()
    }) }, 'Stop')] })), { empty: 'Nothing is on: nothing costs.' }))
}

function whatNext(soon) {
  return section('What happens next', table('What happens next', [['What'], ['Is'], ['Then'], ['By the clock of']], soon.slice(0, NEXT_SHOWN).map(({ one }) => ({ key: one.arn, cells: [
    nameOf(one), badge(one.status), next(one), world.clocks.has(one.account) ? `account ${one.account}` : 'the world'] })), { empty: 'Nothing is pending. Train or start a model, and watch it here.' }),
  soon.length > NEXT_SHOWN && h('p.soft', `and ${count(soon.length - NEXT_SHOWN, 'more step')}.`))
}

function places(scope) {
  const rows = []
  for (const [account, regions] of Object.entries(world.accounts)) for (const region of Object.keys(regions)) {
    const here = world.resources.filter(one => one.account === account && one.region === region)
    rows.push({ key: account + region, cells: [h('a', { href: `#/projects?account=${account}&region=${encodeURIComponent(region)}` }, account), region,
      String(here.filter(one => one.kind === 'project').length), String(here.filter(one => one.kind === 'project_version' || one.kind === 'adapter').length),
      String(here.filter(one => one.kind === 'collection').length), world.clocks.has(account) ? h('a', { href: '#/time' }, 'its own') : 'the world’s'] })
  }
  return section('Accounts and regions', table('Accounts and regions', [['Account'], ['Region'], ['Projects', 'number'], ['Models', 'number'], ['Collections', 'number'], ['Clock']],
    rows.filter(row => !scope.account || row.key.startsWith(scope.account)), { empty: 'No account has anything yet.' }))
}

const EXAMPLE = { accounts: { 123456789012: { 'us-east-1': { projects: [{ name: 'flowers', versions: [{ name: 'first', status: 'STOPPED', f1Score: 0.87 }, { name: 'second', status: 'RUNNING', minInferenceUnits: 2 },
  { name: 'third', status: 'TRAINING_IN_PROGRESS' }, { name: 'broken', status: 'TRAINING_FAILED', statusMessage: 'The manifest file is not accessible.' }] }] } } } }

const welcome = scope => h('section.card', { 'aria-label': 'Welcome' }, h('h2', 'Nothing is here yet'),
  h('p', 'Point an SDK or the aws CLI at ', h('code', location.origin), ', and what it makes shows here as it happens. Or begin here:'),
  h('div.buttons', press('Create a project…', createProject(scope), 'primary'),
    press('Load an example', act(async () => { await control('POST', '/load', EXAMPLE); refresh() }, 'An example is loaded'))),
  h('pre', framed('Environment for SDKs'), `export AWS_ENDPOINT_URL_REKOGNITION=${location.origin}\nexport AWS_ACCESS_KEY_ID=123456789012 AWS_SECRET_ACCESS_KEY=any AWS_DEFAULT_REGION=us-east-1`))

export default function home({ scope }) {
  const on = world.usage.on.filter(one => fits(one.arn, scope)), soon = upcoming(scope)
  const refused = world.calls.filter(one => one.status !== 200 && (!scope.account || one.account === scope.account)).slice(0, REFUSALS_SHOWN)
  return { title: 'Home', content: [h('h1', 'Home'), !world.resources.length && welcome(scope), tiles(scope, on, soon),
    h('div.halves', h('div', onNow(on), whatNext(soon), places(scope)), h('div', titled('Last refusals', h('a', { href: '#/calls' }, 'All calls'),
      refused.length ? h('ul.refusals', refused.map(refusalLine)) : h('p.empty', 'No call was refused.'))))] }
}
