/* Projects: all of them, and one. */
import { arnOf, bdi, h, press, soft } from './dom.js'
import { query } from './api.js'
import { createDataset, createProject, deleteProject, failNext, holdNext, train } from './actions.js'
import { badge, button, facts, json, link, longList, nameOf, next, section, table, timeline } from './parts.js'
import { count, moment, narrow } from './time.js'
import { movesFrom, ofKinds, world } from './world.js'
import { loaded, redraw } from './load.js'
import { callsOf } from './calls.js'

/* Beyond so many, only those that can be seen are there. */
const ROWS_MAX = 100

function versionRow(one) {
  return h('div.row.version', { 'data-key': one.arn }, nameOf(one), badge(one.status), next(one) ?? soft(one.of.statusMessage ?? ''),
    h('span.number', one.of.unitsInService ? count(one.of.unitsInService, 'unit') : ''))
}

function versionList(name, versions, empty) {
  if (versions.length <= ROWS_MAX) return table('Versions', [['Version'], ['Status'], ['Next'], ['Message', 'wide'], ['Units', 'number'], ['F1', 'number']], versions.map(one => ({ key: one.arn, cells: [
    nameOf(one), badge(one.status), next(one) ?? '', soft(one.of.statusMessage ?? ''), one.of.unitsInService ? `${one.of.unitsInService} in service` : '', one.of.completed ? one.of.f1Score?.toFixed(2) ?? '' : ''] })), { empty })
  return longList({ name, label: count(versions.length, 'version'), items: versions, height: () => narrow.matches ? 60 : 40, row: versionRow })
}

function card(project) {
  const versions = project.of.versions ?? [], running = versions.filter(version => version.status === 'RUNNING').length
  const failed = versions.filter(version => /FAILED$/.test(version.status)).length
  return h('li.card', { 'data-key': project.arn }, h('div.bar', h('h2', nameOf(project)), badge(project.status)),
    h('p.soft', `${count(versions.length, 'version')}, ${count(project.of.datasets?.length ?? 0, 'dataset')}`, running ? h('b.tone.on', ` · ${running} running`) : '', failed ? h('b.tone.bad', ` · ${failed} failed`) : ''),
    h('p.soft.small', `${project.account} · ${project.region}`))
}

/* What is looked for in a list, in the address too. */
function search(page, value) {
  return h('input.search', { type: 'search', value, placeholder: 'Filter by name', 'aria-label': 'Filter by name', oninput: event => {
    history.replaceState(null, '', page + query({ ...Object.fromEntries(new URLSearchParams(location.hash.split('?')[1] ?? '')), q: event.target.value }))
    redraw()
  } })
}

export function projects({ scope, args }) {
  const wanted = (args.get('q') ?? '').toLowerCase()
  const found = ofKinds(['project'], scope).filter(one => one.name.toLowerCase().includes(wanted) || one.of.versions?.some(version => version.name.toLowerCase().includes(wanted)))
  return { title: 'Projects', content: [h('div.bar', h('h1', 'Projects'), h('div.buttons', search('#/projects', args.get('q') ?? ''), press('Create a project…', createProject(scope), 'primary'))),
    found.length ? h('ul.cards', found.slice(0, 300).map(card)) : h('p.empty', wanted ? 'No project has that in its name.' : 'There is no project here.'),
    found.length > 300 && h('p.soft', `and ${found.length - 300} more: filter by name.`)] }
}

const gone = arn => ({ title: 'Gone', content: [h('h1', 'It is not there'), h('p', 'Nothing has this ARN now: it was deleted, or never was.'), h('p', arnOf(arn)),
  section('Its history', loaded(`/history${query({ arn })}`, ({ events }) => timeline(events))), callsOf(arn)] })

/* What a page says of a resource that may be gone. */
export const found = (arn, show) => world.byArn.has(arn) ? show(world.byArn.get(arn)) : gone(arn)

export const place = one => h('p.trail', h('a', { href: `#/projects?account=${one.account}&region=${encodeURIComponent(one.region)}` }, `${one.account} · ${one.region}`),
  one.parent && one.parent.arn && h('a', { href: link('project', one.parent.arn) }, bdi(one.parent.name)))

export const tags = given => Object.keys(given ?? {}).length ? h('ul.tags', Object.entries(given).map(([key, value]) => h('li', bdi(value === '' ? key : `${key}: ${value}`)))) : null

export const historyOf = one => section('History', loaded(`/history${query({ arn: one.arn })}`, ({ events }) => timeline(events), one.status + one.of.enteredAt))

/* Make a step fail, or hold it: where the lifecycle has steps that can. */
export const steering = one => [(world.lifecycles.get(one.kind)?.steps ?? []).some(step => step.canFail) && press('Make a step fail…', failNext(one)),
  world.lifecycles.get(one.kind)?.steps.length > 0 && press('Hold a step…', holdNext(one))]

function datasetCard(dataset) {
  return h('li.card', { 'data-key': dataset.arn }, h('div.bar', h('h3', nameOf(dataset)), badge(dataset.status)),
    h('p.soft', dataset.of.statusMessage), next(dataset))
}

const policyDocument = text => {
  try { return typeof text === 'string' ? JSON.parse(text) : text } catch { return text }
}

export function project({ parts: [arn] }) {
  return found(arn, one => {
    const versions = (one.of.versions ?? []).map(version => world.byArn.get(version.arn)).reverse()
    const datasets = (one.of.datasets ?? []).map(dataset => world.byArn.get(dataset.arn))
    const deletes = movesFrom(one.kind, one.status).some(row => row.event === 'delete')
    return { title: one.name, content: [place(one), h('div.bar', h('h1', bdi(one.name), ' ', badge(one.status)), h('div.buttons', press('Train a version…', train(one), 'primary'),
      press('Create a dataset…', createDataset(one)), button('Delete…', deleteProject(one), { kind: deletes ? 'danger' : 'unlikely' }))), h('p', arnOf(one.arn)), next(one),
    h('div.sides', h('div', section('Versions', versionList('versions' + arn, versions, 'No version yet: train one.')), callsOf(arn)),
      h('div', facts([['Feature', one.of.feature === 'CUSTOM_LABELS' ? 'Custom labels' : 'Content moderation'], ['Created', moment(one.of.createdAt)], ['Auto-update', one.of.autoUpdate?.toLowerCase()], ['Tags', tags(one.of.tags)]]),
        section('Datasets', datasets.length ? h('ul.cards.slim', datasets.map(datasetCard)) : h('p.empty', 'None: its versions are trained with manifests.')),
        one.of.policies?.length > 0 && section('Policies', one.of.policies.map(policy => h('details', h('summary', bdi(policy.name)), json(policyDocument(policy.document), 'policy')))),
        historyOf(one)))] }
  })
}
