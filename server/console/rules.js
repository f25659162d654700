/* Rules: faults, outcomes, breakpoints, what models see; each with how often it struck. */
import { ask, bdi, h, press } from './dom.js'
import { control } from './api.js'
import { button, json, remove, table, titled } from './parts.js'
import { world } from './world.js'
import { loaded, redraw } from './load.js'

let marks = 0
const again = () => { marks++; redraw() }
const post = async (path, body) => {
  await control('POST', path, body)
  again()
}

const steps = all => [...new Set([...world.lifecycles.values()].flatMap(one => one.steps).filter(step => all || step.canFail).map(step => step.step))]
const resource = { name: 'resource', label: 'Resource', required: true, value: '*', help: 'An ARN, or a glob such as *:project/flowers/*' }
const times = (value, required) => ({ name: 'times', label: 'Times', type: 'number', min: 1, step: 1, value, required, help: required ? null : 'Left out: without end.' })

const addFault = () => ask('Add a fault', { action: 'Add', fields: [{ name: 'operation', label: 'Operation', required: true, value: '*', help: 'A name, or * for every one.' },
  { name: 'error', label: 'Error', list: ['ThrottlingException', 'InternalServerError', 'AccessDeniedException', 'ProvisionedThroughputExceededException'], placeholder: 'ThrottlingException' }, { name: 'message', label: 'Its message' },
  { name: 'delay', label: 'Delay', placeholder: '200ms' }, { name: 'wire', label: 'Break the connection', options: [['', 'no'], 'reset', 'empty', 'garbage', 'truncate', 'hang'] },
  times(1), { name: 'probability', label: 'Probability', type: 'number', min: 0, step: 'any', placeholder: '1' }, { name: 'account', label: 'Account' }] },
({ error, message, ...given }) => post('/faults', { ...given, ...(error && { error: { code: error, ...(message && { message }) } }) }))

const addOutcome = () => ask('Make steps fail', { action: 'Add', fields: [resource, { name: 'event', label: 'Step', options: steps(false) }, { name: 'message', label: 'Status message', placeholder: 'the usual one' }, times(1, true),
  { name: 'after', label: 'How long it takes', placeholder: 'as usual' }, { name: 'probability', label: 'Probability', type: 'number', min: 0, step: 'any', placeholder: '1' }] }, given => post('/outcomes', { ...given, to: 'fail' }))

const addBreakpoint = () => ask('Hold steps', { action: 'Add', fields: [resource, { name: 'event', label: 'Step', options: steps(true) }, times(1, true)] }, given => post('/breakpoints', given))

const addDetection = () => ask('Say what a model sees', { action: 'Add', fields: [{ name: 'version', label: 'Versions', value: '*', required: true }, { name: 's3', label: 'Images', placeholder: 'any, or bucket/*.png' },
  { name: 'name', label: 'Label', required: true }, { name: 'confidence', label: 'Confidence', type: 'number', step: 'any', min: 0, value: 98, required: true }, times()] },
({ version, s3, name, confidence, times }) => post('/detections', { version, ...(s3 && { image: { s3 } }), labels: [{ name, confidence }], ...(times && { times }) }))

const drop = (path, what) => {
  const work = remove(path, `End ${what}?`, 'What it did already stays.', 'End it')
  return h('button', { 'aria-label': `End ${what}`, onclick: async () => { work().addEventListener('close', again) } }, 'End')
}

const list = (path, member, columns, row, empty) => loaded(path, answer => table(member, [['No.'], ...columns, ['Struck', 'number'], ['', 'acts']], answer[member].map(one => ({ key: one.id, cells: [one.id, ...row(one), String(one.hits), drop(`${path}/${one.id}`, `${member.slice(0, -1)} ${one.id}`)] })), { empty }), `${marks} ${world.callCount}`)

export function rules() {
  return { title: 'Rules', content: [h('h1', 'Rules'), h('p.soft', 'What AWS never lets you: calls that fail, steps that fail or wait, models that see what you say.'),
    titled('Faults', press('Add a fault…', addFault), list('/faults', 'faults', [['Calls'], ['Then', 'wide']], one => [[one.operation, one.resource && ` on ${one.resource}`, one.account && ` of ${one.account}`],
      [one.delay && `after ${one.delay} `, one.error?.code, one.wire && `the connection: ${one.wire}`, one.probability !== undefined && ` (${one.probability * 100} %)`, one.times && `, ${one.times} times`]], 'No fault: calls go well.')),
    titled('Outcomes', press('Make steps fail…', addOutcome), list('/outcomes', 'outcomes', [['Resource', 'wide'], ['Step'], ['Message'], ['Left', 'number']], one => [bdi(one.resource), one.event, bdi(one.message ?? 'the usual one'), String(one.left)], 'No outcome: steps go well.')),
    titled('Breakpoints', press('Hold steps…', addBreakpoint), table('Breakpoints', [['No.'], ['Resource', 'wide'], ['Step'], ['Holds'], ['', 'acts']], world.breakpoints.map(one => ({ key: one.id, cells: [one.id, bdi(one.resource), one.event, String(one.holds.length),
      [one.holds.length > 0 && button('Release', () => control('POST', `/breakpoints/${one.id}/release`, {}), { kind: 'primary' }), drop(`/breakpoints/${one.id}`, `breakpoint ${one.id}`)]] })), { empty: 'No breakpoint: nothing is held.' })),
    titled('What models see', press('Say what a model sees…', addDetection), list('/detections', 'detections', [['Versions', 'wide'], ['Image'], ['Sees']], one => [bdi(one.version), bdi(one.image?.s3 ?? (one.image?.sha256 ? one.image.sha256.slice(0, 10) + '…' : 'any')),
      bdi(one.error ? one.error.code : one.labels ? one.labels.map(label => `${label.name} ${label.confidence} %`).join(', ') : 'an answer')], 'Nothing was said: models know the images that they were trained with.')),
    titled('What images show', null, world.images.length ? h('details', h('summary', `${world.images.length} declared`), json(world.images, 'images')) : h('p.empty', 'Nothing was declared: see POST /_local/images.'))] }
}
