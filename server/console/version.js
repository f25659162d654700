/* A version: where it is in its life, what it costs, how well it does, who called it, and what it sees. */
import { arnOf, bdi, framed, h, press, soft } from './dom.js'
import { query } from './api.js'
import { move, release, versionActions } from './actions.js'
import { badge, button, facts, json, link, next, section, strip, table, titled, words } from './parts.js'
import { count, dollars, duration, moment } from './time.js'
import { movesFrom, stepOf, world, worldNow } from './world.js'
import { callsOf } from './calls.js'
import { detector } from './detect.js'
import { diagram } from './diagram.js'
import { found, historyOf, place, steering, tags } from './projects.js'
import { jsonObject, loaded, redraw, value } from './load.js'

let allStates = false

/* ---- now, and what comes next ---- */

function now(one) {
  const pending = one.pending, step = stepOf(one.kind, one.status)
  const moves = movesFrom(one.kind, one.status).some(row => row.by === 'service')
  return h('div.now', h('p.state', badge(one.status), next(one), pending?.breakpoint && button('Release', release(one), { kind: 'primary' })),
    one.of.statusMessage && h('p.message.' + (/FAILED$/.test(one.status) ? 'bad' : 'plain'), bdi(one.of.statusMessage)),
    step && pending && h('p.soft', 'It lasts as long as ', h('a', { href: '#/settings' + query({ q: step.setting }) }, step.setting), ' says.'),
    h('div.buttons', steering(one), moves && press('As the service does…', move(one))))
}

const fromHere = one => h('details', h('summary', 'What can happen from here, and how that is known'),
  table('From here', [['Event'], ['Leads to'], ['By'], ['Evidence', 'wide']], movesFrom(one.kind, one.status).map(row => ({ key: row.event, cells: [
    row.event, row.to === one.status ? 'stays' : row.to === 'NONE' ? 'gone' : words(row.to), row.by === 'call' ? 'a call' : row.by, h('span.evidence', h('b', { class: row.evidence }, row.evidence), ' ', row.source)] }))))

export const life = one => titled('Lifecycle', h('button', { 'aria-pressed': String(allStates), onclick: () => {
  allStates = !allStates
  redraw()
} }, 'All states'), loaded(`/history${query({ arn: one.arn })}`, ({ events }) => [diagram(one, events, allStates), strip(events, worldNow(one.account))], one.status + one.of.enteredAt), now(one), fromHere(one))

/* ---- units and usage ---- */

function units(one) {
  const least = one.of.minInferenceUnits, most = one.of.maxInferenceUnits ?? least, here = one.of.unitsInService ?? 0
  if (!least) return h('p.empty', 'It was never started.')
  const all = Math.max(most, here)
  return h('div', h('div.units', { role: 'img', 'aria-label': `${here} of ${most} inference units in service` },
    Array.from({ length: Math.min(all, 40) }, (_, i) => h('i', { class: i < here ? 'in' : i < least ? 'asked' : 'may' }))),
  h('p.soft', `${count(here, 'unit')} in service; ${most > least ? `${least} to ${most}` : least} asked for`,
    one.of.demand ? `; demand peaks at ${one.of.demand.peak} calls a second` : ''))
}

function bar(label, part, text) {
  const fill = h('i')
  fill.style.setProperty('width', `${Math.min(100, 100 * part)}%`)
  return h('div.measure', h('span', label), h('div', { 'aria-hidden': 'true' }, fill), h('b', text))
}

function usage(one) {
  const bill = world.usage.versions.find(row => row.arn === one.arn)
  if (!bill || !(bill.runningSeconds || bill.trainingSeconds || bill.calls)) return h('p.empty', 'Nothing was used yet.')
  const most = Math.max(bill.runningSeconds, bill.trainingSeconds, bill.inferenceUnitHours * 3600, 1)
  return h('div.usage', bar('Training', bill.trainingSeconds / most, duration(bill.trainingSeconds * 1000)), bar('Running', bill.runningSeconds / most, duration(bill.runningSeconds * 1000)),
    bar('Units × time', bill.inferenceUnitHours * 3600 / most, `${bill.inferenceUnitHours.toFixed(2)} h`),
    bar('Calls answered', bill.calls ? 1 - bill.throttledCalls / bill.calls : 0, `${bill.calls - bill.throttledCalls} of ${bill.calls}`),
    h('p', h('b', dollars(bill.estimatedCost)), soft(' as AWS would bill it')))
}

/* ---- results ---- */

const results = one => {
  const bucket = one.of.outputConfig?.S3Bucket ?? one.of.outputConfig?.s3Bucket, prefix = one.of.outputConfig?.S3KeyPrefix ?? one.of.outputConfig?.s3KeyPrefix
  if (!bucket || !one.of.trainedAt) return null
  const project = /:project\/([^/]*)\//.exec(one.arn)[1]
  return kind => `/objects${query({ s3: `${bucket}/${prefix ? prefix + '/' : ''}${kind}-${project}-${one.name}.json`, region: one.region })}`
}

function confusion(matrix) {
  const labels = [...new Set(matrix.flatMap(cell => [cell.GroundTruthLabel, cell.PredictedLabel]))]
  if (!labels.length || labels.length > 24) return null
  const at = new Map(matrix.map(cell => [cell.GroundTruthLabel + '\n' + cell.PredictedLabel, cell.Value]))
  return h('div.scroll', framed('Confusion matrix'), h('table.confusion', h('caption', 'Confusion: rows are what it is, columns what was taken for it'),
    h('thead', h('tr', h('td'), labels.map(label => h('th', { scope: 'col' }, bdi(label))))),
    h('tbody', labels.map(truth => h('tr', h('th', { scope: 'row' }, bdi(truth)), labels.map(said => {
      const part = at.get(truth + '\n' + said) ?? 0, cell = h('td', { class: truth === said ? 'right' : part ? 'wrong' : 'none' }, part ? `${Math.round(part * 100)} %` : '·')
      cell.style.setProperty('--part', part)
      return cell
    }))))))
}

const percent = number => number === undefined ? '' : number.toFixed(2)

function evaluation(summary) {
  const all = summary.AggregatedEvaluationResults ?? {}
  return [table('Results for each label', [['Label'], ['F1', 'number'], ['Precision', 'number'], ['Recall', 'number'], ['Test images', 'number']], (summary.LabelEvaluationResults ?? []).map(row => ({ key: row.Label, cells: [
    bdi(row.Label), percent(row.Metrics?.F1Score), percent(row.Metrics?.Precision), percent(row.Metrics?.Recall), String(row.NumberOfTestingImages)] }))),
  confusion(all.ConfusionMatrix ?? [])]
}

function training(one) {
  if (!one.of.trainedAt) return h('p.empty', 'It is not trained yet.')
  const where = results(one)
  const score = one.of.completed && one.of.f1Score !== undefined && h('p.score', h('strong', one.of.f1Score.toFixed(3)), soft(' F1, of all labels'))
  if (!where) return score || h('p.empty', 'Training did not end well: there are no results.')
  const summary = one.of.completed ? value(where('EvaluationSummary'), one.status, jsonObject) : value(where('ManifestSummary'), one.status, jsonObject)
  if (summary.error) return [score, h('p.soft', 'Its results cannot be read: ', summary.error.message)]
  if (!summary.value) return [score, h('p.empty', 'Reading …')]
  return one.of.completed ? [score, evaluation(summary.value)] : [score, json(summary.value, 'manifest summary')]
}

/* ---- the page ---- */

export function version({ parts: [arn] }) {
  return found(arn, one => ({ title: one.name, content: [place(one), h('div.bar', h('h1', bdi(one.name), ' ', badge(one.status)), h('div.buttons', versionActions(one, button))), h('p', arnOf(arn)),
    h('div.sides', h('div', life(one), one.status === 'RUNNING' && one.kind === 'project_version' && section('See what it sees', detector(one)), section('Training', training(one)), callsOf(arn)),
      h('div', one.kind === 'project_version' && section('Inference units', units(one)), section('Usage', usage(one)),
        section('Facts', facts([['Created', moment(one.of.createdAt)], ['Trained', one.of.trainedAt && moment(one.of.trainedAt)], ['Description', one.of.description], ['Results in', one.of.outputConfig && `s3://${one.of.outputConfig.S3Bucket ?? one.of.outputConfig.s3Bucket}/${one.of.outputConfig.S3KeyPrefix ?? one.of.outputConfig.s3KeyPrefix ?? ''}`],
          ['Copied from', one.of.sourceArn && h('a', { href: link('version', one.of.sourceArn) }, one.of.sourceArn)], ['Tags', tags(one.of.tags)]])), historyOf(one)))] }))
}
